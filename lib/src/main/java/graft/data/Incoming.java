package graft.data;

import graft.Progress;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The body of one response on its way into a file, behind the {@code start} bytes that are there or, where the server
 * sends all again, in place of them. It is written by the HTTP client's threads, so that whoever waits can be
 * interrupted: reading the client's stream cannot.
 */
final class Incoming implements BodyHandler<Void>, AutoCloseable {
    private static final int CONTENT = 200;
    private static final int PARTIAL_CONTENT = 206;

    private final Path file;
    private final Path version;
    private final long start;
    private final long most;
    private final Progress progress;
    private final String name;
    /** Ends, with an exception, when the file cannot be written. */
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final long began = System.nanoTime();
    private FileChannel out;
    private Progress.Task task;
    private boolean closed;
    private boolean changed;
    private long bytes;

    /** More has come, or is announced, than the file may have. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param version where the server's name of the version is kept that {@code file} is the beginning of
     * @param most how many bytes {@code file} may have
     * @param name what the progress calls it
     */
    Incoming(Path file, Path version, long start, long most, String name, Progress progress) {
        this.file = file;
        this.version = version;
        this.start = start;
        this.most = most;
        this.name = name;
        this.progress = progress;
    }

    CompletableFuture<Void> failure() {
        return failure;
    }

    /** How many bytes this response has brought. */
    synchronized long bytes() {
        return bytes;
    }

    /** Whether the server sent the rest of another version than the one that was begun, which it should not. */
    synchronized boolean changed() {
        return changed;
    }

    @Override
    public synchronized BodySubscriber<Void> apply(ResponseInfo response) {
        boolean goesOn = response.statusCode() == PARTIAL_CONTENT && continues(response);
        if (!goesOn && response.statusCode() != CONTENT || closed) {
            return BodySubscribers.replacing(null);
        }
        try {
            long begin = goesOn ? start : 0;
            long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            if (length > most - begin) {
                throw new TooLong();
            }
            if (!goesOn) {
                Files.deleteIfExists(version);
            }
            out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            out.truncate(begin).position(begin);
            if (!goesOn && !version(response).isEmpty()) {
                Files.writeString(version, version(response));
            }
            task = progress.start("download", length >= 0 ? begin + length : most < Long.MAX_VALUE ? most : -1, "bytes");
            task.step(begin);
        } catch (IOException failed) {
            failure.completeExceptionally(failed);
        }
        return BodySubscribers.ofByteArrayConsumer(this::write);
    }

    /** Whether a response of status 206 begins where it was asked to, in the version that was begun. */
    private boolean continues(ResponseInfo response) {
        try {
            String now = version(response);
            changed = !now.isEmpty() && Files.exists(version) && !Files.readString(version).equals(now);
        } catch (IOException failed) {
            failure.completeExceptionally(failed);
        }
        return !changed && response.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + start + "-");
    }

    /** The name of the version that is sent, fit for If-Range: a strong ETag, else the time of its last change; empty where there is neither. */
    private static String version(ResponseInfo response) {
        String tag = response.headers().firstValue("ETag").orElse("");
        return tag.startsWith("\"") ? tag : response.headers().firstValue("Last-Modified").orElse("");
    }

    private synchronized void write(Optional<byte[]> block) {
        if (closed || failure.isDone() || block.isEmpty()) {
            return;
        }
        try {
            ByteBuffer arrived = ByteBuffer.wrap(block.get());
            if (arrived.remaining() > most - out.position()) {
                throw new TooLong();
            }
            bytes += arrived.remaining();
            task.step(arrived.remaining());
            while (arrived.hasRemaining()) {
                out.write(arrived);
            }
            task.note("%s  %.1f MB/s".formatted(name, bytes * 1e3 / (System.nanoTime() - began)));
        } catch (IOException failed) {
            failure.completeExceptionally(failed);
        }
    }

    /** From here on nothing is written. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (task != null) {
            task.close();
        }
        if (out != null) {
            out.close();
        }
    }
}
