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
import java.util.stream.IntStream;

/**
 * The gradients of a batch. Where a picture's output depends on that picture alone, each processor takes a few pictures at a time and adds up
 * what it finds: operators run without barriers between threads, on arrays that fit the caches, and what the step needs in memory does
 * not grow with the batch. A network that normalises over the batch gets all of it at once, and so does one that takes rows of numbers.
 *
 * <p>The sums are the same, up to rounding, as those of the whole batch; and the same to the bit for the same number of processors: what is found
 * is added in the order of the pictures.
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

    /** Pictures times parameters: below it one processor is done before others could begin. */
    private static final long LIGHT = 1 << 25;

    private final Network network;
    private final int microBatch;
    /** The numbers of all parameters. */
    private final List<Integer> parameters;
    private final int processors = Runtime.getRuntime().availableProcessors();
    private final ExecutorService workers;

    /** @param microBatch how many pictures pass through the network together on one processor, at most */
    public BatchGradients(Network network, int microBatch) {
        this.network = network;
        this.microBatch = microBatch;
        parameters = IntStream.range(0, network.parameters().size()).boxed().toList();
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
     * @param pictures float32 {@code [batch, 3, height, width]}, normalised, or what else the network takes
     * @param seed decides what the network draws
     * @throws InterruptedException if the thread is interrupted, when the batch is through
     */
    public List<NDArray> of(NDManager to, NDArray pictures, long seed, Loss loss) throws InterruptedException {
        return of(to, pictures, microBatch, seed, loss);
    }

    /** The same with another number of pictures that pass through the network together on one processor, at most. */
    public List<NDArray> of(NDManager to, NDArray pictures, int microBatch, long seed, Loss loss) throws InterruptedException {
        int batch = Math.toIntExact(pictures.getShape().get(0));
        if (light(pictures)) {
            return atOnce(to, pictures, seed, loss);
        }
        if (network.mixesPictures() || batch < processors || pictures.getShape().dimension() == 2) {
            Libtorch.allProcessorsAnOperator();
            return whole(to, pictures, seed, loss);
        }
        int together = Math.min(microBatch, (batch + processors - 1) / processors);
        int parts = (batch + together - 1) / together;
        int threads = Math.min(processors, parts);
        GradientSum sum = new GradientSum(to, parameters.size());
        List<CompletableFuture<Void>> shares = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            shares.add(CompletableFuture.runAsync(() -> {
                Libtorch.oneThreadAnOperator();
                for (int part = thread; part < parts; part += threads) {
                    add(sum, part, to, pictures, together, seed, loss);
                }
            }, workers));
        }
        awaitAll(shares, sum);
        return sum.total();
    }

    /** Whether what there is to compute is too little to share. */
    private boolean light(NDArray pictures) {
        return pictures.getShape().dimension() == 2 && pictures.getShape().get(0) * network.parameterCount() < LIGHT;
    }

    /** The same by the thread that calls, in one pass: for heads, which take less time than handing their parts to threads. */
    private List<NDArray> atOnce(NDManager to, NDArray inputs, long seed, Loss loss) {
        Libtorch.oneThreadAnOperator();
        return whole(to, inputs, seed, loss);
    }

    /** Nobody may close the network or the arrays while a thread works with them, so that neither an interrupt nor a failure ends this wait. */
    private static void awaitAll(List<CompletableFuture<Void>> shares, GradientSum sum) throws InterruptedException {
        try {
            CompletableFuture.allOf(shares.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException failed) {
            sum.discard();
            if (sum.failure() instanceof RuntimeException cause) {
                throw cause;
            }
            if (sum.failure() instanceof Error error) {
                throw error;
            }
            throw failed;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private List<NDArray> whole(NDManager to, NDArray pictures, long seed, Loss loss) {
        GradientSum sum = new GradientSum(to, parameters.size());
        try {
            add(sum, 0, to, pictures, Math.toIntExact(pictures.getShape().get(0)), seed, loss);
        } catch (RuntimeException | Error failed) {
            sum.discard();
            throw failed;
        }
        return sum.total();
    }

    private void add(GradientSum sum, int part, NDManager to, NDArray pictures, int together, long seed, Loss loss) {
        int first = part * together;
        int end = Math.min(first + together, Math.toIntExact(pictures.getShape().get(0)));
        try (NDManager step = to.newSubManager()) {
            NDArray own = pictures.get(new NDIndex("{}:{}", first, end));
            own.attach(step);
            if (network.chain() != null) {
                network.chain().gradients(step, own, seed + first, outputs -> loss.gradient(outputs, first), (some, gradients) -> sum.add(part, some, gradients));
            } else {
                NDArray outputs = network.forwardToDifferentiate(step, own, seed + first);
                List<NDArray> gradients = network.gradients(step, outputs, loss.gradient(outputs, first));
                outputs.close();
                sum.add(part, parameters, gradients);
            }
        } catch (RuntimeException | Error failed) {
            sum.fail(failed);
            throw failed;
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
