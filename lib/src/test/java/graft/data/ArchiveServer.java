package graft.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on this machine, of files that are known by their names; it knows ranges, redirects from {@code /moved/NAME} and can stop in the middle of a file. */
final class ArchiveServer implements AutoCloseable {
    final Map<String, byte[]> files = new ConcurrentHashMap<>();
    /** What was asked for: {@code NAME all} or {@code NAME bytes=100-}. */
    final List<String> requests = new CopyOnWriteArrayList<>();
    /** After how many bytes of a whole file nothing more comes. */
    volatile int stall = Integer.MAX_VALUE;
    final CountDownLatch stalled = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    ArchiveServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String address(String name) {
        return "http://localhost:" + server.getAddress().getPort() + "/" + name;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String name = exchange.getRequestURI().getPath().substring(1);
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(name + " " + (range == null ? "all" : range));
            if (name.startsWith("moved/")) {
                exchange.getResponseHeaders().add("Location", address(name.substring("moved/".length())));
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            byte[] file = files.get(name);
            if (file == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            int start = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            if (start > 0) {
                exchange.getResponseHeaders().add("Content-Range", "bytes %d-%d/%d".formatted(start, file.length - 1, file.length));
            }
            exchange.getResponseHeaders().add("ETag", "\"" + Arrays.hashCode(file) + "\"");
            exchange.sendResponseHeaders(start > 0 ? 206 : 200, file.length - start);
            exchange.getResponseBody().write(file, start, Math.min(stall, file.length - start));
            exchange.getResponseBody().flush();
            if (stall < file.length - start) {
                stalled.countDown();
                new CountDownLatch(1).await();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
