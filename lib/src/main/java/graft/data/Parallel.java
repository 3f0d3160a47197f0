package graft.data;

import graft.Progress;
import graft.Uninterrupted;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Work on many pictures, on all processors, that needs no memory for each of them. When a call returns or throws, none of its threads works any more: what
 * they used may be closed.
 */
public final class Parallel {
    /** Work on a few neighbours at a time. */
    @FunctionalInterface
    public interface Part {
        /** @throws InterruptedException when the thread is interrupted, as it is when the caller was */
        void work(int first, int end) throws InterruptedException;
    }

    /** Reported by a thread when it ends; otherwise it reports how many indices are done. */
    private static final int END = -1;

    private final int count;
    private final int size;
    private final int parts;
    private final Part work;
    private final AtomicInteger next = new AtomicInteger();
    private final BlockingQueue<Integer> reports = new LinkedBlockingQueue<>();
    private int failed = Integer.MAX_VALUE;
    private Throwable failure;

    private Parallel(int count, int size, Part work) {
        this.count = count;
        this.size = size;
        this.parts = count / size + (count % size == 0 ? 0 : 1);
        this.work = work;
    }

    /**
     * Does {@code work} for every index below {@code count}, in no particular order. If one fails no more are begun, and of several that failed the
     * exception of the first index is thrown: the same each time.
     *
     * @param task told of every index that is done, by the thread that calls
     * @throws InterruptedException when the caller is interrupted, as soon as each thread has ended what it is doing
     */
    public static void forEach(int count, IntConsumer work, Progress.Task task) throws InterruptedException {
        inParts(count, 1, (first, end) -> work.accept(first), task);
    }

    /** The same for {@code size} indices at a time; the last part may have fewer. */
    public static void inParts(int count, int size, Part work, Progress.Task task) throws InterruptedException {
        new Parallel(count, size, work).run(task);
    }

    private void run(Progress.Task task) throws InterruptedException {
        int threads = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), parts));
        ExecutorService workers = Executors.newFixedThreadPool(threads, run -> {
            Thread thread = new Thread(run, "graft-pictures");
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (int i = 0; i < threads; i++) {
                workers.execute(this::workOnParts);
            }
            for (int running = threads; running > 0;) {
                int report = reports.take();
                if (report == END) {
                    running--;
                } else {
                    task.step(report);
                }
            }
        } finally {
            next.set(parts);
            workers.shutdownNow();
            Uninterrupted.await(() -> workers.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS)); // as long as one part at most
        }
        rethrow();
    }

    private void workOnParts() {
        try {
            for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                int first = part * size;
                int end = Math.min(count - first, size) + first;
                try {
                    work.work(first, end);
                } catch (Throwable thrown) { // for the thread that calls
                    fail(part, thrown);
                    return;
                }
                reports.add(end - first);
            }
        } finally {
            reports.add(END);
        }
    }

    /** Parts are begun in their order, so that the first that fails is always among those that do. */
    private synchronized void fail(int part, Throwable thrown) {
        next.set(parts);
        if (part < failed) {
            failed = part;
            failure = thrown;
        }
    }

    private synchronized void rethrow() throws InterruptedException {
        if (failure instanceof RuntimeException thrown) {
            throw thrown;
        }
        if (failure instanceof Error thrown) {
            throw thrown;
        }
        if (failure instanceof InterruptedException thrown) {
            throw thrown;
        }
    }
}
