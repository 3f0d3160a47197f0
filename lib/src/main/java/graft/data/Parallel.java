package graft.data;

import graft.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Work on many pictures, on all processors, that needs no memory for each of them. */
public final class Parallel {
    private Parallel() { }

    /**
     * Does {@code work} for every index below {@code count}, in no particular order; its exceptions end everything.
     *
     * @param task told of every index that is done
     * @throws InterruptedException when the caller is interrupted, as soon as each thread has ended what it is doing
     */
    public static void forEach(int count, IntConsumer work, Progress.Task task) throws InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        ExecutorService workers = Executors.newFixedThreadPool(processors, run -> {
            Thread thread = new Thread(run, "graft-pictures");
            thread.setDaemon(true);
            return thread;
        });
        try {
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < processors; i++) {
                ends.add(workers.submit(() -> {
                    for (int index = next.getAndIncrement(); index < count && !Thread.interrupted(); index = next.getAndIncrement()) {
                        work.accept(index);
                        task.step(1);
                    }
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }
}
