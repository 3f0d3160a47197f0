package graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import graft.InputException;
import graft.Progress;
import graft.Small;
import graft.data.Picture;
import graft.oracle.Formula;
import graft.torch.StateDict;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** The loop on rows of numbers: a linear layer that learns three classes from 16 numbers a picture. */
class TrainingTest {
    private static final int ROWS = 60;
    private static final int WIDTH = 16;
    private static final int CLASSES = 3;
    private static final List<Picture> PICTURES = pictures("row", i -> i % CLASSES);
    /** Pictures that were not trained on; every fourth is called something else. */
    private static final List<Picture> OTHERS = pictures("other", i -> i % CLASSES);
    private static final List<Picture> WRONG = pictures("other", i -> i % 4 == 0 ? (i + 1) % CLASSES : i % CLASSES);
    private static final Map<String, float[]> FEATURES = new HashMap<>();

    static {
        for (int i = 0; i < ROWS; i++) {
            for (Picture picture : List.of(PICTURES.get(i), OTHERS.get(i))) {
                float[] row = Formula.uniform(picture.id(), WIDTH);
                row[i % CLASSES] += 1;
                FEATURES.put(picture.id(), row);
            }
        }
    }

    private static List<Picture> pictures(String name, java.util.function.IntUnaryOperator label) {
        return IntStream.range(0, ROWS).mapToObj(i -> new Picture(Path.of(name + i + ".jpg"), name + i, label.applyAsInt(i))).toList();
    }

    private static Recipe recipe(int epochs, long seed) {
        return Recipe.of("rows", Small.pictures()).trainable(Trainable.all()).optimizer(Optimizer.adamW(0.02)).epochs(epochs).batch(8).seed(seed);
    }

    private static Training.Result run(Recipe recipe, Training.Validation validation) throws InterruptedException {
        return run(recipe, validation, null, Progress.SILENT.start("training", 1, "pictures"));
    }

    private static Training.Result run(Recipe recipe, Training.Validation validation, Path folder, Progress.Task task) throws InterruptedException {
        return new Training(recipe, trainee(recipe.seed()), "", folder, task).run(PICTURES, validation);
    }

    private static RowsTrainee trainee(long seed) {
        return RowsTrainee.random(FEATURES, WIDTH, Small.pictures().classes().size(), seed);
    }

    private static float[] weights(Training.Result result) {
        return result.weights().get("weight").toFloats();
    }

    @Test
    void theSeedDecidesEveryBit() throws Exception {
        Training.Result first = run(recipe(5, 1), null);
        assertArrayEquals(weights(first), weights(run(recipe(5, 1), null)));
        assertEquals(first.history().epochs(), run(recipe(5, 1), null).history().epochs());
        assertFalse(Arrays.equals(weights(first), weights(run(recipe(5, 2), null))));
    }

    @Test
    void itLearns() throws Exception {
        Training.Result result = run(recipe(40, 0), new Training.Validation(OTHERS, true));
        History.Epoch last = result.history().epochs().get(39);
        assertEquals(40, result.history().epochs().size());
        assertTrue(last.trainAccuracy() > 0.7, "accuracy " + last.trainAccuracy());
        assertTrue(last.validationAccuracy() > 0.6, "validation accuracy " + last.validationAccuracy());
        assertEquals(0.02, result.history().epochs().get(0).learningRate());
    }

    /** The weights that are kept give the very figures that their epoch had; the last one's are others. */
    @Test
    void theBestEpochIsKeptWhereValidationChooses() throws Exception {
        Training.Result result = run(recipe(30, 3), new Training.Validation(WRONG, true));
        int best = result.history().best();
        assertTrue(best < 29, "the last epoch is the best: this test would show nothing");
        assertEquals(result.history().epochs().get(best).validationLoss(), loss(result.weights()), 1e-6);
        Training.Result last = run(recipe(30, 3), new Training.Validation(WRONG, false));
        assertEquals(last.history().epochs().get(29).validationLoss(), loss(last.weights()), 1e-6);
        assertArrayEquals(weights(run(recipe(30, 3), null)), weights(last));
    }

    @Test
    void patienceEndsItAfterTheBestEpoch() throws Exception {
        History whole = run(recipe(30, 3), new Training.Validation(WRONG, true)).history();
        Training.Result early = run(recipe(30, 3).patience(3), new Training.Validation(WRONG, true));
        int count = early.history().epochs().size();
        assertTrue(count < 30, "it did not end early");
        assertEquals(early.history().best() + 1 + 3, count);
        assertEquals(whole.epochs().subList(0, count), early.history().epochs());
        assertEquals(30, run(recipe(30, 3).patience(3), new Training.Validation(WRONG, false)).history().epochs().size(), "a cross-validation chooses nothing");
    }

    private static double loss(StateDict weights) throws InterruptedException {
        float[][] logits = trainee(0).judged(WRONG, weights);
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            double all = 0;
            for (float z : logits[i]) {
                all += Math.exp(z);
            }
            sum += Math.log(all) - logits[i][WRONG.get(i).label()];
        }
        return sum / logits.length;
    }

    /** Two batches of four with one update are a batch of eight: the same pictures, the same mean of gradients. */
    @Test
    void accumulatedBatchesAreOneLargeBatch() throws Exception {
        float[] large = weights(run(recipe(3, 0).batch(8), null));
        float[] small = weights(run(recipe(3, 0).batch(4).accumulate(2), null));
        assertArrayEquals(large, small, 1e-5f);
        assertFalse(Arrays.equals(large, weights(run(recipe(3, 0).batch(4), null))));
    }

    @Test
    void averagedWeightsAreWhatIsKept() throws Exception {
        Recipe recipe = recipe(3, 0).ema(Ema.ema(0.9));
        Training.Result averaged = run(recipe, new Training.Validation(WRONG, false));
        assertFalse(Arrays.equals(weights(run(recipe(3, 0), null)), weights(averaged)));
        assertEquals(averaged.history().epochs().get(2).validationLoss(), loss(averaged.weights()), 1e-6);
    }

    @Test
    void parametersByRule() throws Exception {
        Training.Result frozen = run(recipe(3, 0).parameters(ParameterRule.frozen("^bias$")), null);
        assertArrayEquals(trainee(0).weights().get("bias").toFloats(), frozen.weights().get("bias").toFloats());
        assertFalse(Arrays.equals(trainee(0).weights().get("weight").toFloats(), weights(frozen)));
        Training.Result still = run(recipe(3, 0).parameters(ParameterRule.learningRate("weight", 0)), null);
        assertArrayEquals(trainee(0).weights().get("weight").toFloats(), weights(still));
        Recipe decaying = recipe(3, 0).optimizer(Optimizer.sgd(0.1).weightDecay(0.5));
        assertNotEquals(run(decaying, null).weights().get("bias").toFloats()[0], run(decaying.decay(DecayRule.WEIGHTS), null).weights().get("bias").toFloats()[0]);
        assertThrows(InputException.class, () -> ParameterRule.frozen("("));
    }

    @Test
    void aLossThatIsNoNumberEndsIt() {
        InputException ended = assertThrows(InputException.class, () -> run(recipe(50, 0).optimizer(Optimizer.sgd(1e38)), null));
        assertTrue(ended.getMessage().matches("the loss is .* at step \\d+ of epoch \\d+ \\(8 pictures, row\\d+, row\\d+, row\\d+, …; largest gradient: .* of (weight|bias)\\) .*"), ended.getMessage());
    }

    @Test
    void anInterruptEndsIt() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> run(recipe(1_000_000, 0), null));
        assertFalse(Thread.currentThread().isInterrupted());
    }

    /** Counts pictures, and does something when there were enough. */
    private static Progress.Task after(long pictures, Runnable action) {
        AtomicLong seen = new AtomicLong();
        return new Progress.Task() {
            @Override
            public void step(long count) {
                long now = seen.addAndGet(count);
                if (now >= pictures && now - count < pictures) {
                    action.run();
                }
            }

            @Override
            public void note(String text) { }

            @Override
            public void close() { }
        };
    }

    /** Interrupted after every possible number of steps, it ends with the bits of one that never was. */
    @Test
    void anInterruptedTrainingGoesOnToTheSameBits(@org.junit.jupiter.api.io.TempDir Path folder) throws Exception {
        Recipe recipe = recipe(3, 0).optimizer(Optimizer.sgd(0.05).momentum(0.9)).ema(Ema.ema(0.9)).schedule(Schedule.reduceOnPlateau(0.5, 0)).patience(2);
        Training.Validation validation = new Training.Validation(WRONG, true);
        Training.Result whole = run(recipe, validation);
        for (int stop = 8; stop < 3 * ROWS; stop += 8) {
            Path own = folder.resolve("after" + stop);
            Progress.Task task = after(stop, () -> Thread.currentThread().interrupt());
            assertThrows(InterruptedException.class, () -> run(recipe, validation, own, task));
            Training.Result resumed = run(recipe, validation, own, after(1, () -> { }));
            assertArrayEquals(weights(whole), weights(resumed), "stopped after " + stop + " pictures");
            assertEquals(whole.history().epochs(), resumed.history().epochs());
            assertArrayEquals(weights(whole), weights(run(recipe, validation, own, after(1, () -> { }))), "a finished one is there at once");
        }
    }

    /** What the process holds beside Java's heap (Linux), between step 800 and step 5,800, with features of a real width. */
    @Test
    void fiveThousandStepsDoNotGrowTheProcess() throws Exception {
        Path statm = Path.of("/proc/self/statm");
        assumeTrue(Files.isReadable(statm), "memory is measured on Linux only");
        Map<String, float[]> wide = new HashMap<>();
        PICTURES.forEach(picture -> wide.put(picture.id(), Formula.uniform("wide" + picture.id(), 1280)));
        AtomicLong before = new AtomicLong();
        Progress.Task task = after(800L * 32, () -> before.set(beside(statm)));
        Recipe recipe = recipe(2900, 0).batch(32).optimizer(Optimizer.adamW(1e-3));
        new Training(recipe, RowsTrainee.random(wide, 1280, Small.pictures().classes().size(), 0), "", null, task).run(PICTURES, new Training.Validation(PICTURES, true));
        long grown = beside(statm) - before.get();
        System.out.printf("5,000 steps: %.1f MB beside Java's heap, grown by %.2f MB%n", before.get() / 1e6, grown / 1e6);
        assertTrue(grown < 100e6, "grown by " + grown + " bytes; a batch that is left behind at each step would be 800 MB");
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
