package graft.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The gradients of a batch. Where a picture's output depends on that picture alone, each processor takes a few pictures at a time and adds up
 * what it finds: operators run without barriers between threads, on arrays that fit the caches, and what the step needs in memory does
 * not grow with the batch. A network that normalises over the batch gets all of it at once.
 *
 * <p>The sums are the same, up to rounding, as those of the whole batch; and the same to the bit for the same number of processors.
 */
public final class BatchGradients implements AutoCloseable {
    /** What a loss says about outputs. */
    @FunctionalInterface
    public interface Loss {
        /**
         * The gradient of the batch's loss by some of its outputs. Called on several threads at once.
         *
         * @param outputs of the pictures from {@code first} on
         * @return of the same shape, owned by the manager of {@code outputs}
         */
        NDArray gradient(NDArray outputs, int first);
    }

    private final Network network;
    private final int microBatch;
    private final int processors = Runtime.getRuntime().availableProcessors();
    private final ExecutorService workers;

    /** @param microBatch how many pictures pass through the network together on one processor, at most */
    public BatchGradients(Network network, int microBatch) {
        this.network = network;
        this.microBatch = microBatch;
        workers = Executors.newFixedThreadPool(processors, task -> {
            Thread thread = new Thread(task, "gradients");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The gradients by {@link Network#parameters()}, in their order.
     *
     * @param to the manager that owns the results
     * @param pictures float32 {@code [batch, 3, height, width]}, normalised
     * @param seed decides what the network draws
     * @throws InterruptedException if the thread is interrupted, when the batch is through
     */
    public List<NDArray> of(NDManager to, NDArray pictures, long seed, Loss loss) throws InterruptedException {
        int batch = Math.toIntExact(pictures.getShape().get(0));
        if (network.mixesPictures() || batch < processors) {
            Libtorch.allProcessorsAnOperator();
            return part(to, pictures, 0, batch, seed, loss);
        }
        int together = Math.min(microBatch, (batch + processors - 1) / processors);
        int threads = Math.min(processors, (batch + together - 1) / together);
        List<CompletableFuture<List<NDArray>>> sums = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            sums.add(CompletableFuture.supplyAsync(() -> sum(to, pictures, thread * together, threads * together, together, seed, loss), workers));
        }
        awaitAll(sums);
        List<NDArray> total = null;
        for (CompletableFuture<List<NDArray>> sum : sums) {
            List<NDArray> next = sum.join();
            if (total == null) {
                total = next;
            } else {
                Network.add(total, next);
                next.forEach(NDArray::close);
            }
        }
        return total;
    }

    /** The same by the thread that calls, in one pass: for heads, which take less time than handing their parts to threads. */
    public List<NDArray> atOnce(NDManager to, NDArray inputs, long seed, Loss loss) {
        Libtorch.oneThreadAnOperator();
        return part(to, inputs, 0, Math.toIntExact(inputs.getShape().get(0)), seed, loss);
    }

    /** Nobody may close the network or the arrays while a thread works with them, so that neither an interrupt nor a failure ends this wait. */
    private static void awaitAll(List<CompletableFuture<List<NDArray>>> sums) throws InterruptedException {
        try {
            CompletableFuture.allOf(sums.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw failed;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** The sum over the micro-batches, {@code together} pictures each, that begin at {@code first}, {@code first + stride}, … */
    private List<NDArray> sum(NDManager to, NDArray pictures, int first, int stride, int together, long seed, Loss loss) {
        Libtorch.oneThreadAnOperator();
        int batch = Math.toIntExact(pictures.getShape().get(0));
        List<NDArray> sum = null;
        for (int at = first; at < batch; at += stride) {
            int end = Math.min(at + together, batch);
            if (sum == null) {
                sum = part(to, pictures, at, end, seed + at, loss);
            } else {
                try (NDManager step = to.newSubManager()) {
                    Network.add(sum, part(step, pictures, at, end, seed + at, loss));
                }
            }
        }
        return sum;
    }

    private List<NDArray> part(NDManager to, NDArray pictures, int first, int end, long seed, Loss loss) {
        try (NDManager step = to.newSubManager()) {
            NDArray own = pictures.get(new NDIndex("{}:{}", first, end));
            own.attach(step);
            if (network.recomputes()) {
                return network.gradientsRecomputed(to, own, seed, outputs -> loss.gradient(outputs, first));
            }
            NDArray outputs = network.forwardToDifferentiate(step, own, seed);
            return network.gradients(to, outputs, loss.gradient(outputs, first));
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
