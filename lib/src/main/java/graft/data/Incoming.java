package graft.data;

import graft.Progress;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
    private final long start;
    private final Progress progress;
    private final String name;
    /** Ends, with an exception, when the file cannot be written. */
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final long began = System.nanoTime();
    private FileChannel out;
    private Progress.Task task;
    private boolean closed;
    private long bytes;

    /** @param name what the progress calls it */
    Incoming(Path file, long start, String name, Progress progress) {
        this.file = file;
        this.start = start;
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

    @Override
    public synchronized BodySubscriber<Void> apply(ResponseInfo response) {
        boolean goesOn = response.statusCode() == PARTIAL_CONTENT && continues(response);
        if (!goesOn && response.statusCode() != CONTENT || closed) {
            return BodySubscribers.replacing(null);
        }
        try {
            long begin = goesOn ? start : 0;
            out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            out.truncate(begin).position(begin);
            long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            task = progress.start("download", length < 0 ? -1 : begin + length, "bytes");
            task.step(begin);
        } catch (IOException failed) {
            failure.completeExceptionally(failed);
        }
        return BodySubscribers.ofByteArrayConsumer(this::write);
    }

    /** Whether a response of status 206 begins where it was asked to. */
    private boolean continues(ResponseInfo response) {
        return response.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + start + "-");
    }

    private synchronized void write(Optional<byte[]> block) {
        if (closed || failure.isDone() || block.isEmpty()) {
            return;
        }
        try {
            ByteBuffer arrived = ByteBuffer.wrap(block.get());
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
