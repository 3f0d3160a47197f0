package graft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import graft.InputException;
import graft.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on this machine. */
class DownloadTest {
    @TempDir Path folder;
    private final byte[] content = new byte[300_000];
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private String sha256;
    private Path file;
    private Path part;

    /** How the server answers a request for the bytes from {@code start} on; 0 where no range was asked for. */
    private interface Answer {
        void to(HttpExchange exchange, int start) throws IOException;
    }

    @BeforeEach
    void prepare() throws Exception {
        new Random(1).nextBytes(content);
        sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        file = folder.resolve("cache/net.pth");
        part = folder.resolve("cache/net.pth.part");
        Files.createDirectories(part.getParent());
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
    }

    private void serve(Answer answer) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(range == null ? "all" : range);
            try (exchange) {
                answer.to(exchange, range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", "")));
            }
        });
        server.start();
    }

    private void ranges(HttpExchange exchange, int start) throws IOException {
        if (start >= content.length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        if (start > 0) {
            exchange.getResponseHeaders().add("Content-Range", "bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
        }
        exchange.sendResponseHeaders(start > 0 ? 206 : 200, content.length - start);
        exchange.getResponseBody().write(content, start, content.length - start);
    }

    private void whole(HttpExchange exchange, int start) throws IOException {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
    }

    private Download download(String digits) {
        String address = "http://localhost:" + (server == null ? 1 : server.getAddress().getPort()) + "/models/net.pth";
        return new Download(URI.create(address), digits, file, "--weights net=FILE takes a file that you have");
    }

    private void assertDownloads() throws Exception {
        assertEquals(file, download(sha256.substring(0, 8)).run(Progress.SILENT));
        assertArrayEquals(content, Files.readAllBytes(file));
        assertFalse(Files.exists(part));
    }

    private String refusal(String digits) {
        String message = assertThrows(InputException.class, () -> download(digits).run(Progress.SILENT)).getMessage();
        assertTrue(message.endsWith("--weights net=FILE takes a file that you have"), message);
        assertFalse(Files.exists(file));
        return message;
    }

    @Test
    void downloadsOnceAndThenNeedsNoServer() throws Exception {
        serve(this::ranges);
        assertDownloads();
        server.stop(0);
        assertDownloads();
        assertEquals(List.of("all"), requests);
    }

    @Test
    void goesOnWhereAnEarlierOneBrokeOff() throws Exception {
        serve(this::ranges);
        Files.write(part, Arrays.copyOf(content, 100_000));
        assertDownloads();
        assertEquals(List.of("bytes=100000-"), requests);
    }

    @Test
    void aServerWithoutRangesSendsAllAgain() throws Exception {
        serve(this::whole);
        Files.write(part, Arrays.copyOf(content, 100_000));
        assertDownloads();
        assertEquals(List.of("bytes=100000-"), requests);
    }

    @Test
    void aWrongBeginningIsDropped() throws Exception {
        serve(this::ranges);
        Files.write(part, new byte[100_000]);
        assertDownloads();
        assertEquals(List.of("bytes=100000-", "all"), requests);
    }

    @Test
    void aPartThatIsCompleteIsTaken() throws Exception {
        serve(this::ranges);
        Files.write(part, content);
        assertDownloads();
        assertEquals(List.of("bytes=300000-"), requests);
    }

    @Test
    void aPartThatIsTooLongIsDropped() throws Exception {
        serve(this::ranges);
        Files.write(part, Arrays.copyOf(content, 300_001));
        assertDownloads();
        assertEquals(List.of("bytes=300001-", "all"), requests);
    }

    @Test
    void aWrongFileIsRemoved() throws Exception {
        serve(this::ranges);
        assertTrue(refusal("00000000").contains(" brought a file whose SHA-256 does not begin with 00000000, so it was removed; try again, or "));
        assertFalse(Files.exists(part));
        assertEquals(1, requests.size());
    }

    @Test
    void aMissingFileIsSaid() throws Exception {
        serve((exchange, start) -> exchange.sendResponseHeaders(404, -1));
        assertTrue(refusal(sha256).contains("/models/net.pth answered with HTTP status 404; "));
    }

    @Test
    void aPartThatWasNotAskedForIsRefused() throws Exception {
        serve((exchange, start) -> {
            exchange.getResponseHeaders().add("Content-Range", "bytes 5-9/10");
            exchange.sendResponseHeaders(206, 5);
            exchange.getResponseBody().write(new byte[5]);
        });
        Files.write(part, Arrays.copyOf(content, 100_000));
        assertTrue(refusal(sha256).contains("answered with a part of the file that was not asked for"));
        assertEquals(100_000, Files.size(part));
    }

    @Test
    void aConnectionThatBreaksOffIsRenewed() throws Exception {
        serve((exchange, start) -> {
            if (start > 0) {
                exchange.getResponseHeaders().add("Content-Range", "bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
            }
            exchange.sendResponseHeaders(start > 0 ? 206 : 200, content.length - start);
            exchange.getResponseBody().write(content, start, Math.min(content.length - start, 120_000));
            exchange.getResponseBody().flush();
        });
        assertDownloads();
        assertEquals("all", requests.get(0));
        assertTrue(requests.size() >= 3, requests.toString());
    }

    @Test
    void withoutNetworkTheWayOutIsSaid() throws Exception {
        assertTrue(refusal(sha256).matches("http://localhost:1/models/net.pth cannot be reached \\(.+\\); --weights .*"));
        Files.write(part, new byte[10]);
        assertTrue(refusal(sha256).contains(", and what has arrived is kept; "));
        assertEquals(10, Files.size(part));
    }

    @Test
    void anInterruptStopsItAndKeepsWhatArrived() throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        serve((exchange, start) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 150_000);
            exchange.getResponseBody().flush();
            try {
                never.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        long[] arrived = {0};
        Progress watching = (name, total, unit) -> new Progress.Task() {
            @Override public void step(long count) {
                arrived[0] += count;
                if (arrived[0] == 150_000) {
                    half.countDown();
                }
            }

            @Override public void note(String text) { }

            @Override public void close() { }
        };
        Throwable[] end = {null};
        Thread thread = new Thread(() -> end[0] = assertThrows(InterruptedException.class, () -> download(sha256).run(watching)));
        thread.start();
        half.await();
        thread.interrupt();
        thread.join();
        assertTrue(end[0] instanceof InterruptedException);
        assertEquals(150_000, Files.size(part));
        assertFalse(Files.exists(file));
        server.stop(0);
        serve(this::ranges);
        assertDownloads();
        assertEquals("bytes=150000-", requests.get(1));
    }

    @Test
    void twoThreadsDownloadItOnce() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        serve((exchange, start) -> {
            asked.countDown();
            ranges(exchange, start);
        });
        Future<Path> first = threads.submit(() -> download(sha256).run(Progress.SILENT));
        Future<Path> second = threads.submit(() -> download(sha256).run(Progress.SILENT));
        assertEquals(first.get(), second.get());
        assertArrayEquals(content, Files.readAllBytes(file));
        assertEquals(1, requests.size());
    }

    @Test
    void progressCountsEveryByteOnce() throws Exception {
        serve(this::ranges);
        Files.write(part, Arrays.copyOf(content, 100_000));
        long[] counted = {0, 0};
        download(sha256).run((name, total, unit) -> new Progress.Task() {
            { counted[1] = total; }

            @Override public void step(long count) {
                counted[0] += count;
            }

            @Override public void note(String text) { }

            @Override public void close() { }
        });
        assertArrayEquals(new long[] {content.length, content.length}, counted);
    }

    /** A server that knows versions: the rest where the version is the one that was begun, else all. */
    private void versions(HttpExchange exchange, int start, String header, String now) throws IOException {
        String begun = exchange.getRequestHeaders().getFirst("If-Range");
        exchange.getResponseHeaders().add(header, now);
        ranges(exchange, begun == null || begun.equals(now) ? start : 0);
    }

    private Path version(String text) throws IOException {
        return Files.writeString(folder.resolve("cache/net.pth.part.version"), text);
    }

    @Test
    void theRestOfTheSameVersionIsTaken() throws Exception {
        serve((exchange, start) -> versions(exchange, start, "ETag", "\"1\""));
        Files.write(part, Arrays.copyOf(content, 100_000));
        Path version = version("\"1\"");
        assertEquals(file, download("").run(Progress.SILENT));
        assertArrayEquals(content, Files.readAllBytes(file));
        assertEquals(List.of("bytes=100000-"), requests);
        assertFalse(Files.exists(version));
    }

    @Test
    void ofAnotherVersionAllIsTaken() throws Exception {
        serve((exchange, start) -> versions(exchange, start, "ETag", "\"2\""));
        Files.write(part, new byte[100_000]);
        version("\"1\"");
        assertEquals(file, download("").run(Progress.SILENT));
        assertArrayEquals(content, Files.readAllBytes(file));
        assertEquals(List.of("bytes=100000-"), requests);
    }

    @Test
    void aServerThatSendsTheRestOfAnotherVersionIsAskedAgain() throws Exception {
        serve((exchange, start) -> {
            exchange.getResponseHeaders().add("ETag", "\"2\"");
            ranges(exchange, start);
        });
        Files.write(part, new byte[100_000]);
        version("\"1\"");
        assertEquals(file, download("").run(Progress.SILENT));
        assertArrayEquals(content, Files.readAllBytes(file));
        assertEquals(List.of("bytes=100000-", "all"), requests);
    }

    @Test
    void withoutChecksumAndVersionItIsBegunAnew() throws Exception {
        serve(this::ranges);
        Files.write(part, new byte[100_000]);
        assertEquals(file, download("").run(Progress.SILENT));
        assertArrayEquals(content, Files.readAllBytes(file));
        assertEquals(List.of("all"), requests);
    }

    /** A weak ETag says that two versions look alike, not that their bytes are the same. */
    @Test
    void theVersionThatIsBegunIsRemembered() throws Exception {
        String changed = "Mon, 23 Nov 2026 07:00:00 GMT";
        serve((exchange, start) -> {
            exchange.getResponseHeaders().add("ETag", "W/\"1\"");
            exchange.getResponseHeaders().add("Last-Modified", changed);
            if (requests.size() == 2) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 120_000);
            exchange.getResponseBody().flush();
        });
        assertTrue(refusal("").contains("HTTP status 503"));
        assertEquals(changed, Files.readString(folder.resolve("cache/net.pth.part.version")));
        server.stop(0);
        serve((exchange, start) -> versions(exchange, start, "Last-Modified", changed));
        assertEquals(file, download("").run(Progress.SILENT));
        assertArrayEquals(content, Files.readAllBytes(file));
        assertTrue(requests.get(2).matches("bytes=[1-9][0-9]+-"), requests.toString());
    }

    @Test
    void theMd5IsCheckedToo() throws Exception {
        serve(this::ranges);
        URI address = URI.create("http://localhost:" + server.getAddress().getPort() + "/models/net.pth");
        String wrong = "0".repeat(32);
        assertTrue(assertThrows(InputException.class, () -> new Download(address, sha256, wrong, Long.MAX_VALUE, file, "so").run(Progress.SILENT)).getMessage()
            .endsWith(" brought a file whose MD5 is not " + wrong + ", so it was removed; try again, or so"));
        String md5 = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        assertEquals(file, new Download(address, sha256, md5, content.length, file, "so").run(Progress.SILENT));
    }

    @Test
    void moreThanTheFileMayHaveIsLeft() throws Exception {
        serve((exchange, start) -> {
            exchange.sendResponseHeaders(200, exchange.getRequestURI().getPath().equals("/unsaid") ? 0 : content.length); // 0: without saying how long
            exchange.getResponseBody().write(content);
        });
        for (String path : List.of("/said", "/unsaid")) {
            Download download = new Download(URI.create("http://localhost:" + server.getAddress().getPort() + path), sha256, "", 299_999, file, "so");
            assertTrue(assertThrows(InputException.class, () -> download.run(Progress.SILENT)).getMessage()
                .endsWith(path + " brings more than the 299,999 bytes that the file may have, so it was left; try again, or so"));
            assertFalse(Files.exists(part));
        }
    }

    @Test
    void aFullDiskIsSaid() throws Exception {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "this system has no /dev/full");
        serve(this::ranges);
        Files.createSymbolicLink(part, full);
        assertTrue(refusal(sha256).startsWith(file + " cannot be written (No space left on device); GRAFT_CACHE can name another folder, and "));
    }

    @Test
    void aCacheThatCannotBeWrittenIsSaid() throws Exception {
        file = Files.writeString(folder.resolve("text"), "").resolve("net.pth");
        assertTrue(refusal(sha256).startsWith(file + " cannot be written ("));
    }
}
