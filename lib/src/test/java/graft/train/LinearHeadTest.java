package graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import graft.oracle.Formula;
import graft.torch.Libtorch;
import graft.torch.StateTensor;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

class LinearHeadTest {
    private static final int ROWS = 8;
    private static final int CLASSES = 5;

    /** The head of one model to join is the identity, so its features are the reference's logits z; dL/dW = (dL/dz)ᵀ z, dL/db = Σ dL/dz. */
    @Test
    void lossAndGradientsEqualPyTorch() throws Exception {
        JsonObject oracle = TrainingOracle.read();
        JsonObject loss = oracle.getAsJsonObject("losses").getAsJsonObject("cross_entropy");
        double[] dz = TrainingOracle.doubles(loss.getAsJsonArray("gradient"));
        long[] labels = Arrays.stream(TrainingOracle.doubles(oracle.getAsJsonArray("labels"))).mapToLong(label -> (long) label).toArray();
        float[] z = Formula.uniform("logits", ROWS * CLASSES);
        IntStream.range(0, z.length).forEach(i -> z[i] *= 4);
        try (NDManager manager = Libtorch.manager(); LinearHead head = LinearHead.meanOf(manager, 1, CLASSES)) {
            NDArray features = manager.create(z, new Shape(ROWS, CLASSES));
            assertArrayEquals(z, head.logits(manager, features).toFloatArray());
            // All rows, in another order: the mean does not care.
            LinearHead.Step step = head.step(manager, features, manager.create(labels), manager.create(LongStream.range(0, ROWS).map(i -> ROWS - 1 - i).toArray()));
            assertEquals(loss.get("value").getAsDouble(), step.loss(), 1e-6);
            assertEquals(IntStream.range(0, ROWS).filter(i -> best(z, i) == labels[i]).count(), step.hits());
            float[] dw = step.gradients().get(0).toFloatArray();
            float[] db = step.gradients().get(1).toFloatArray();
            for (int k = 0; k < CLASSES; k++) {
                double bias = 0;
                for (int row = 0; row < ROWS; row++) {
                    bias += dz[row * CLASSES + k];
                }
                assertEquals(bias, db[k], 1e-6);
                for (int i = 0; i < CLASSES; i++) {
                    double weight = 0;
                    for (int row = 0; row < ROWS; row++) {
                        weight += dz[row * CLASSES + k] * z[row * CLASSES + i];
                    }
                    assertEquals(weight, dw[k * CLASSES + i], 1e-6);
                }
            }
        }
    }

    private static int best(float[] z, int row) {
        return IntStream.range(0, CLASSES).reduce((a, b) -> z[row * CLASSES + b] > z[row * CLASSES + a] ? b : a).orElseThrow();
    }

    @Test
    void onlyTheRowsAskedForCount() {
        try (NDManager manager = Libtorch.manager(); LinearHead head = LinearHead.meanOf(manager, 1, 2)) {
            NDArray features = manager.create(new float[] {3, 0, 0, 3, 100, -100}, new Shape(3, 2));
            LinearHead.Step step = head.step(manager, features, manager.create(new long[] {0, 1, 1}), manager.create(new long[] {0, 1}));
            assertEquals(Math.log(1 + Math.exp(-3)), step.loss(), 1e-6);
            assertEquals(2, step.hits());
        }
    }

    @Test
    void savedWeightsGiveTheSameLogits() {
        try (NDManager manager = Libtorch.manager(); LinearHead head = LinearHead.random(manager, 30, 4, 7)) {
            float[] x = Formula.uniform("features", 60);
            float[] expected = head.logits(manager, manager.create(x, new Shape(2, 30))).toFloatArray();
            float[][] logits = head.weights().logits(new float[][] {Arrays.copyOf(x, 30), Arrays.copyOfRange(x, 30, 60)});
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], logits[i / 4][i % 4], 1e-6);
            }
            float bound = (float) (1 / Math.sqrt(30));
            for (float w : head.weights().weight().toFloats()) {
                assertEquals(0, w, bound);
            }
        }
    }

    @Test
    void aLayerThatJoinsBeginsAsTheMeanOfLogits() {
        try (NDManager manager = Libtorch.manager(); LinearHead head = LinearHead.meanOf(manager, 2, 3)) {
            float[][] joined = LinearHead.sideBySide(List.of(new float[][] {{1, 2, 3}}, new float[][] {{5, 4, 9}}));
            assertArrayEquals(new float[] {1, 2, 3, 5, 4, 9}, joined[0]);
            assertArrayEquals(new float[] {3, 3, 6}, head.weights().logits(joined)[0]);
        }
    }

    @Test
    void noRowsGiveNoLogits() {
        assertEquals(0, new LinearHead.Weights(StateTensor.of(new float[6], 2, 3), StateTensor.of(new float[2], 2)).logits(new float[0][]).length);
    }
}
