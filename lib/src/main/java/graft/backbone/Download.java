package graft.backbone;

import graft.InputException;
import graft.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Downloads a file once. What has arrived lies in {@code FILE.part}, from which a later call goes on; only a file whose
 * SHA-256 is right gets its name. So a kill at any time, and other processes doing the same, leave a right file or none.
 */
final class Download {
    /** One at a time in this process; other processes are kept out by the lock on {@code FILE.lock}. */
    private static final ReentrantLock ONE = new ReentrantLock();
    private static final int CONTENT = 200;
    private static final int PARTIAL_CONTENT = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final URI address;
    private final String sha256;
    private final Path file;
    private final Path part;
    private final String wayOut;

    /**
     * @param sha256 the first hexadecimal digits, at least
     * @param wayOut what a person without network can do, the second half of a sentence
     */
    Download(URI address, String sha256, Path file, String wayOut) {
        this.address = address;
        this.sha256 = sha256;
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.wayOut = wayOut;
    }

    /** What stopped the connection; the sentence for it depends on how much has arrived. */
    private static final class Disconnected extends Exception {
        private static final long serialVersionUID = 1L;

        Disconnected(IOException cause) {
            super(cause);
        }
    }

    /** The file, downloaded unless it is there. */
    Path run(Progress progress) throws InterruptedException {
        if (Files.isRegularFile(file)) {
            return file;
        }
        ONE.lockInterruptibly();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FileChannel channel = FileChannel.open(file.resolveSibling(file.getFileName() + ".lock"),
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                 FileLock lock = channel.lock()) {
                if (!Files.isRegularFile(file)) { // it may have come while we waited for the lock
                    fetch(progress);
                }
            }
            return file;
        } catch (ClosedByInterruptException | FileLockInterruptionException interrupted) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException failed) {
            throw new InputException("%s cannot be written (%s); GRAFT_CACHE can name another folder, and %s"
                    .formatted(file, reason(failed), wayOut), failed);
        } finally {
            ONE.unlock();
        }
    }

    private static String reason(IOException failed) {
        if (failed instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return failed instanceof AccessDeniedException ? "permission denied" : failed.getMessage();
    }

    private void fetch(Progress progress) throws IOException, InterruptedException {
        boolean resumed = size() > 0;
        receive(progress);
        if (!right() && resumed) { // its beginning may be of another file: once more, from the start
            Files.delete(part);
            receive(progress);
        }
        if (!right()) {
            Files.delete(part);
            throw new InputException("%s brought a file whose SHA-256 does not begin with %s, so it was removed; try again, or %s"
                    .formatted(address, sha256, wayOut));
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean right() throws IOException, InterruptedException {
        return Sha256.of(part).startsWith(sha256);
    }

    private long size() throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    /** Asks until all has arrived; a connection that breaks off is renewed as long as each one brings something. */
    private void receive(Progress progress) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(20)).build();
        while (true) {
            long before = size();
            try {
                if (receive(client, before, progress)) {
                    return;
                }
            } catch (Disconnected reason) {
                if (size() <= before) {
                    throw new InputException("%s cannot be reached (%s)%s; %s".formatted(address, text(reason.getCause()),
                            before == 0 ? "" : ", and what has arrived is kept", wayOut), reason);
                }
            }
        }
    }

    private static String text(Throwable reason) {
        return reason.getMessage() == null ? "no connection" : reason.getMessage();
    }

    /** One request for what comes after the first {@code start} bytes. @return whether the file is complete */
    private boolean receive(HttpClient client, long start, Progress progress)
            throws IOException, InterruptedException, Disconnected {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(60));
        if (start > 0) {
            request.header("Range", "bytes=" + start + "-");
        }
        HttpResponse<InputStream> response;
        try {
            response = client.send(request.build(), BodyHandlers.ofInputStream());
        } catch (IOException failed) {
            throw new Disconnected(failed);
        }
        try (InputStream body = response.body()) {
            int status = response.statusCode();
            if (status == RANGE_NOT_SATISFIABLE && start > 0) {
                if (right()) {
                    return true;
                }
                Files.delete(part); // longer than the file there, so not its beginning
                return false;
            }
            if (status != CONTENT && status != PARTIAL_CONTENT) {
                throw new InputException("%s answered with HTTP status %d; %s".formatted(address, status, wayOut));
            }
            boolean goesOn = status == PARTIAL_CONTENT && response.headers().firstValue("Content-Range").orElse("")
                    .startsWith("bytes " + start + "-");
            long begin = goesOn ? start : 0;
            long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            if (status == PARTIAL_CONTENT && !goesOn) {
                throw new InputException("%s answered with a part of the file that was not asked for; %s".formatted(address, wayOut));
            }
            try (Progress.Task task = progress.start("download", length < 0 ? -1 : begin + length, "bytes")) {
                task.note(file.getFileName().toString());
                task.step(begin);
                store(body, begin, task);
            }
            return true;
        }
    }

    /** Appends the body to the first {@code begin} bytes. */
    private void store(InputStream body, long begin, Progress.Task task) throws IOException, InterruptedException, Disconnected {
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.truncate(begin).position(begin);
            byte[] block = new byte[1 << 16];
            long bytes = 0;
            long started = System.nanoTime();
            for (int count = read(body, block); count >= 0; count = read(body, block)) {
                ByteBuffer arrived = ByteBuffer.wrap(block, 0, count);
                while (arrived.hasRemaining()) {
                    out.write(arrived);
                }
                bytes += count;
                task.step(count);
                task.note("%s  %.1f MB/s".formatted(file.getFileName(), bytes * 1e3 / Math.max(1, System.nanoTime() - started)));
            }
        }
    }

    private static int read(InputStream body, byte[] block) throws InterruptedException, Disconnected {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            return body.read(block);
        } catch (IOException failed) {
            if (Thread.interrupted() || failed.getCause() instanceof InterruptedException) {
                throw new InterruptedException();
            }
            throw new Disconnected(failed);
        }
    }
}
