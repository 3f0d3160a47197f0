package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.Progress;
import graft.data.Mix;
import graft.torch.Libtorch;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Trains a linear head on features: cross-entropy, AdamW, a cosine. The best epoch by validation is kept where validation may
 * choose it, else the last. Same features, labels and seed give the same bits.
 */
public final class HeadTraining {
    /** Where the features of an epoch come from: {@code [rows][features]}. */
    @FunctionalInterface
    public interface Epochs {
        /** @param epoch counted from 0 */
        float[][] features(int epoch) throws InterruptedException;
    }

    /** The head before its first step. */
    @FunctionalInterface
    interface Start {
        LinearHead head(NDManager manager, int features, int classes);
    }

    /**
     * Features and labels to validate on after each epoch.
     *
     * @param chooses whether the best epoch is kept. In a cross-validation none may be chosen: what validates would then have
     *     helped to train, and would promise too much
     */
    public record Validation(float[][] features, int[] labels, boolean chooses) { }

    /** What came out: the head of the epoch that is kept, and every epoch's figures. */
    public record Result(LinearHead.Weights weights, History history) { }

    private final AdamW optimizer;
    private final Cosine schedule;
    private final int epochs;
    private final int batch;
    private final long seed;
    private final Start start;

    private HeadTraining(AdamW optimizer, Cosine schedule, int epochs, int batch, long seed, Start start) {
        this.optimizer = optimizer;
        this.schedule = schedule;
        this.epochs = epochs;
        this.batch = batch;
        this.seed = seed;
        this.start = start;
    }

    /** Trains heads that begin at random. */
    public HeadTraining(AdamW optimizer, Cosine schedule, int epochs, int batch, long seed) {
        this(optimizer, schedule, epochs, batch, seed, (manager, features, classes) -> LinearHead.random(manager, features, classes, seed));
    }

    /** The same training of a layer that joins the logits of several models; it begins as their mean. */
    HeadTraining joining(int members) {
        return new HeadTraining(optimizer, schedule, epochs, batch, seed, (manager, features, classes) -> LinearHead.meanOf(manager, members, classes));
    }

    /**
     * Trains.
     *
     * @param labels of the rows that {@code train} gives, 0 to classes − 1
     * @param validation {@code null} for none
     * @param task told of every epoch
     */
    public Result run(Epochs train, int[] labels, Validation validation, int classes, Progress.Task task) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Libtorch.oneThreadAnOperator();
        History history = new History();
        LinearHead.Weights best = null;
        float[][] rows = train.features(0);
        try (NDManager manager = Libtorch.manager();
             LinearHead head = start.head(manager, rows[0].length, classes);
             OptimizerState state = optimizer.start(manager, head.parameters())) {
            NDArray x = matrix(manager, rows);
            NDArray y = manager.create(longs(labels));
            NDArray validationX = validation == null ? null : matrix(manager, validation.features());
            NDArray validationY = validation == null ? null : manager.create(longs(validation.labels()));
            for (int epoch = 0; epoch < epochs; epoch++) {
                float[][] next = train.features(epoch);
                if (!Arrays.equals(rows, next)) { // other rows, not other numbers: without random views they are the same all the time
                    x.close();
                    x = matrix(manager, next);
                    rows = next;
                }
                double rate = schedule.rate(optimizer.learningRate(), new Moment(epoch, 0, 1, epochs, List.of()));
                double[] figures = train(manager, head, state, x, y, order(labels.length, epoch), rate);
                double[] validated = validation == null ? new double[] {Double.NaN, Double.NaN} : validate(manager, head, validationX, validationY);
                history.add(new History.Epoch(epoch + 1, rate, figures[0], figures[1], validated[0], validated[1]));
                if (validation == null || !validation.chooses() || history.best() == epoch) {
                    best = head.weights();
                }
                History.Epoch last = history.epochs().get(epoch);
                task.note(String.format(Locale.ROOT, "loss %.2f   accuracy %.1f %%", last.trainLoss(), 100 * (last.validated() ? last.validationAccuracy() : last.trainAccuracy())));
                task.step(1);
            }
        }
        return new Result(best, history);
    }

    /** One epoch: the mean loss and the accuracy of its batches, as they were met. */
    private double[] train(NDManager manager, LinearHead head, OptimizerState state, NDArray features, NDArray labels, long[] order, double rate) throws InterruptedException {
        double loss = 0;
        int hits = 0;
        for (int first = 0; first < order.length; first += batch) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            int size = Math.min(batch, order.length - first);
            try (NDManager step = manager.newSubManager()) {
                NDArray rows = step.create(Arrays.copyOfRange(order, first, first + size));
                LinearHead.Step result = head.step(step, features, labels, rows);
                state.step(result.gradients(), rate);
                loss += result.loss() * size;
                hits += result.hits();
            }
        }
        return new double[] {loss / order.length, (double) hits / order.length};
    }

    private static double[] validate(NDManager manager, LinearHead head, NDArray features, NDArray labels) {
        long count = labels.size();
        try (NDManager step = manager.newSubManager(); NDArray column = labels.reshape(count, 1)) { // what is made of labels is not step's
            NDArray logits = head.logits(step, features);
            NDArray chosen = logits.logSoftmax(1).gather(column, 1);
            double hits = logits.argMax(1).eq(labels).sum().getLong();
            return new double[] {-chosen.sum().getFloat() / (double) count, hits / count};
        }
    }

    /** The rows in the order of an epoch: a pure function of the seed and the epoch. */
    private long[] order(int count, int epoch) {
        SplittableRandom random = new SplittableRandom(Mix.of(Mix.of(seed, "order"), epoch));
        long[] order = new long[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static NDArray matrix(NDManager manager, float[][] rows) {
        float[] flat = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * rows[i].length, rows[i].length);
        }
        return manager.create(flat, new Shape(rows.length, rows[0].length));
    }

    private static long[] longs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
