package graft.data;

import graft.InputException;
import graft.Progress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Downloads a file once. What has arrived lies in {@code FILE.part}, from which a later call goes on; only a file whose
 * SHA-256 is right gets its name. So a kill at any time, and other processes doing the same, leave a right file or none.
 * The server's name of this version of the file ({@code ETag}, else {@code Last-Modified}) lies in {@code FILE.part.version}: a
 * later call asks for the rest of that version, and gets all again where it has changed (RFC 9110, If-Range).
 */
public final class Download {
    /** One at a time in this process; other processes are kept out by the lock on {@code FILE.lock}. */
    private static final ReentrantLock ONE = new ReentrantLock();
    /** After so long without a byte the connection is taken for broken. */
    private static final Duration STALLED = Duration.ofSeconds(60);
    private static final int CONTENT = 200;
    private static final int PARTIAL_CONTENT = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final URI address;
    private final String sha256;
    private final String md5;
    private final long most;
    private final Path file;
    private final Path part;
    private final Path version;
    private final String wayOut;

    /**
     * @param sha256 the first hexadecimal digits, at least; empty where nothing is known
     * @param wayOut what a person without network can do, the second half of a sentence
     */
    public Download(URI address, String sha256, Path file, String wayOut) {
        this(address, sha256, "", Long.MAX_VALUE, file, wayOut);
    }

    /**
     * @param md5 the MD5, where one is published; empty where none is
     * @param most how many bytes are taken; a longer file is refused as soon as that shows
     */
    Download(URI address, String sha256, String md5, long most, Path file, String wayOut) {
        this.address = address;
        this.sha256 = sha256;
        this.md5 = md5;
        this.most = most;
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.version = file.resolveSibling(file.getFileName() + ".part.version");
        this.wayOut = wayOut;
    }

    /** What stopped the connection; the sentence for it depends on how much has arrived. */
    private static final class Disconnected extends Exception {
        private static final long serialVersionUID = 1L;

        Disconnected(Throwable cause) {
            super(cause);
        }
    }

    /** The file, downloaded unless it is there. */
    public Path run(Progress progress) throws InterruptedException {
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
        if (sha256.isEmpty() && !Files.exists(version)) { // nothing could tell that the rest is of another version
            drop();
        }
        boolean resumed = size() > 0;
        receive(progress);
        if (!wrong().isEmpty() && resumed) { // its beginning may be of another file: once more, from the start
            drop();
            receive(progress);
        }
        String wrong = wrong();
        if (!wrong.isEmpty()) {
            drop();
            throw new InputException("%s brought a file whose %s, so it was removed; try again, or %s".formatted(address, wrong, wayOut));
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(version);
    }

    /** What is wrong with the file that has come; empty if nothing is. */
    private String wrong() throws IOException, InterruptedException {
        if (!Sha256.of(part).startsWith(sha256)) {
            return "SHA-256 does not begin with " + sha256;
        }
        return md5.isEmpty() || Sha256.md5(part).equals(md5) ? "" : "MD5 is not " + md5;
    }

    private void drop() throws IOException {
        Files.deleteIfExists(part);
        Files.deleteIfExists(version);
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
            } catch (Incoming.TooLong wrong) {
                drop();
                throw new InputException(String.format(Locale.ROOT, "%s brings more than the %,d bytes that the file may have, so it was left; try again, or %s",
                        address, most, wayOut), wrong);
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
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (start > 0) {
            request.header("Range", "bytes=" + start + "-");
            if (Files.exists(version)) {
                request.header("If-Range", Files.readString(version));
            }
        }
        int status;
        boolean changed;
        try (Incoming incoming = new Incoming(part, version, start, most, file.getFileName().toString(), progress)) {
            CompletableFuture<HttpResponse<Void>> response = client.sendAsync(request.build(), incoming);
            try {
                await(CompletableFuture.anyOf(response, incoming.failure()), incoming);
                status = response.join().statusCode();
            } finally {
                response.cancel(true);
            }
            if (status == CONTENT || incoming.bytes() > 0) {
                return true;
            }
            changed = incoming.changed();
        }
        if (changed) {
            drop(); // of another version than what the server has now
            return false;
        }
        if (status == RANGE_NOT_SATISFIABLE && start > 0) {
            if (!sha256.isEmpty() && wrong().isEmpty()) {
                return true;
            }
            drop(); // longer than the file there, so not its beginning
            return false;
        }
        throw new InputException(status == PARTIAL_CONTENT
                ? "%s answered with a part of the file that was not asked for; %s".formatted(address, wayOut)
                : "%s answered with HTTP status %d; %s".formatted(address, status, wayOut));
    }

    /** Waits for the end, for as long as something arrives. */
    private static void await(CompletableFuture<?> end, Incoming incoming)
            throws IOException, InterruptedException, Disconnected {
        for (long before = -1; incoming.bytes() > before; ) {
            before = incoming.bytes();
            try {
                end.get(STALLED.toSeconds(), TimeUnit.SECONDS);
                return;
            } catch (TimeoutException slow) {
                // more may have come in the meantime
            } catch (ExecutionException failed) {
                if (incoming.failure().isCompletedExceptionally()) {
                    throw (IOException) failed.getCause();
                }
                throw new Disconnected(failed.getCause());
            }
        }
        throw new Disconnected(new IOException("nothing came for " + STALLED.toSeconds() + " seconds"));
    }
}
