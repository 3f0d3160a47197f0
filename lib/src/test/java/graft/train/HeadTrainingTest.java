package graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.Progress;
import graft.oracle.Formula;
import graft.torch.Libtorch;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

class HeadTrainingTest {
    private static final int ROWS = 60;
    private static final int WIDTH = 16;
    private static final int CLASSES = 3;
    private static final int[] LABELS = new int[ROWS];
    private static final float[][] FEATURES = features("rows");

    /** Noise from −1 to 1, and 1 added in the column of the label. */
    private static float[][] features(String name) {
        float[] noise = Formula.uniform(name, ROWS * WIDTH);
        float[][] rows = new float[ROWS][];
        for (int i = 0; i < ROWS; i++) {
            LABELS[i] = i % CLASSES;
            rows[i] = Arrays.copyOfRange(noise, i * WIDTH, (i + 1) * WIDTH);
            rows[i][LABELS[i]] += 1;
        }
        return rows;
    }

    private static HeadTraining training(int epochs, long seed) {
        return new HeadTraining(Optimizer.adamW(0.02), Schedule.cosine(epochs), epochs, 8, seed);
    }

    private static HeadTraining.Result run(HeadTraining training, HeadTraining.Validation validation) throws InterruptedException {
        return training.run(epoch -> FEATURES, LABELS, validation, CLASSES, Progress.SILENT.start("training", 1, "epochs"));
    }

    private static float[] weights(HeadTraining.Result result) {
        return result.weights().weight().toFloats();
    }

    @Test
    void theSeedDecidesEveryBit() throws Exception {
        HeadTraining.Result first = run(training(5, 1), null);
        assertArrayEquals(weights(first), weights(run(training(5, 1), null)));
        assertEquals(first.history().epochs(), run(training(5, 1), null).history().epochs());
        assertFalse(Arrays.equals(weights(first), weights(run(training(5, 2), null))));
    }

    @Test
    void itLearns() throws Exception {
        HeadTraining.Result result = run(training(20, 0), new HeadTraining.Validation(features("others"), LABELS, true));
        History.Epoch last = result.history().epochs().get(19);
        assertEquals(20, result.history().epochs().size());
        assertTrue(last.trainAccuracy() > 0.8, "accuracy " + last.trainAccuracy());
        assertTrue(last.validationAccuracy() > 0.6, "validation accuracy " + last.validationAccuracy());
        assertEquals(0.02, result.history().epochs().get(0).learningRate());
    }

    /** The head that is kept gives the very figures that its epoch had; the last one's are others. */
    @Test
    void theBestEpochIsKeptWhereValidationChooses() throws Exception {
        int[] wrong = LABELS.clone();
        Arrays.setAll(wrong, i -> i % 4 == 0 ? (wrong[i] + 1) % CLASSES : wrong[i]);
        float[][] others = features("others");
        HeadTraining.Result result = run(training(30, 3), new HeadTraining.Validation(others, wrong, true));
        int best = result.history().best();
        assertTrue(best < 29, "the last epoch is the best: this test would show nothing");
        assertEquals(result.history().epochs().get(best).validationLoss(), loss(result.weights().logits(others), wrong), 1e-6);
        HeadTraining.Result last = run(training(30, 3), new HeadTraining.Validation(others, wrong, false));
        assertEquals(last.history().epochs().get(29).validationLoss(), loss(last.weights().logits(others), wrong), 1e-6);
        assertArrayEquals(weights(run(training(30, 3), null)), weights(last));
    }

    private static double loss(float[][] logits, int[] labels) {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            double all = 0;
            for (float z : logits[i]) {
                all += Math.exp(z);
            }
            sum += Math.log(all) - logits[i][labels[i]];
        }
        return sum / labels.length;
    }

    @Test
    void anInterruptEndsIt() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> run(training(1_000_000, 0), null));
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void twoThousandStepsLeaveNoArrayBehind() {
        try (NDManager manager = Libtorch.manager(); LinearHead head = LinearHead.random(manager, WIDTH, CLASSES, 0);
             OptimizerState state = Optimizer.adamW(0.01).start(manager, head.parameters())) {
            float[] flat = new float[ROWS * WIDTH];
            for (int i = 0; i < flat.length; i++) {
                flat[i] = FEATURES[i / WIDTH][i % WIDTH];
            }
            NDArray features = manager.create(flat, new Shape(ROWS, WIDTH));
            NDArray labels = manager.create(Arrays.stream(LABELS).asLongStream().toArray());
            int before = -1;
            int most = 0;
            for (int k = 0; k < 2000; k++) {
                try (NDManager step = manager.newSubManager()) {
                    state.step(head.step(step, features, labels, step.create(new long[] {k % ROWS, (k + 1) % ROWS})).gradients(), 0.01);
                    most = Math.max(most, step.getManagedArrays().size());
                }
                before = k == 0 ? manager.getManagedArrays().size() : before;
            }
            assertEquals(before, manager.getManagedArrays().size());
            assertTrue(most < 10, most + " arrays in one step");
            System.out.println("2,000 steps: " + before + " arrays before and after, " + most + " within a step");
        }
    }

    /** What the process holds beside Java's heap (Linux), between step 400 and step 2,400, with features of a real width. */
    @Test
    void twoThousandStepsDoNotGrowTheProcess() throws Exception {
        Path statm = Path.of("/proc/self/statm");
        assumeTrue(Files.isReadable(statm), "memory is measured on Linux only");
        float[][] wide = new float[64][];
        Arrays.setAll(wide, i -> Formula.uniform("wide" + i, 1280));
        int[] labels = new int[wide.length];
        Arrays.setAll(labels, i -> i % CLASSES);
        AtomicLong epoch = new AtomicLong();
        AtomicLong before = new AtomicLong();
        Progress.Task task = new Progress.Task() {
            @Override
            public void step(long count) {
                if (epoch.incrementAndGet() == 200) {
                    before.set(beside(statm));
                }
            }

            @Override
            public void note(String text) { }

            @Override
            public void close() { }
        };
        new HeadTraining(Optimizer.adamW(1e-3), Schedule.cosine(1200), 1200, 32, 0)
            .run(e -> wide, labels, new HeadTraining.Validation(wide, labels, true), CLASSES, task);
        long grown = beside(statm) - before.get();
        System.out.printf("2,000 steps: %.1f MB beside Java's heap, grown by %.2f MB%n", before.get() / 1e6, grown / 1e6);
        assertTrue(grown < 100e6, "grown by " + grown + " bytes; a batch that is left behind at each step would be 320 MB");
    }

    private static long beside(Path statm) {
        try {
            for (int i = 0; i < 5; i++) { // what others have left is freed by threads of Java's own
                System.gc();
                Thread.sleep(50);
            }
            return Long.parseLong(Files.readString(statm).split(" ")[1]) * 4096 - Runtime.getRuntime().totalMemory();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
