package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import graft.oracle.Formula;
import graft.torch.Libtorch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class LossTest {
    private static final long[] LABELS = {0, 1, 2, 3, 4, 0, 1, 3};
    private static final int BATCH = LABELS.length;
    private static final int CLASSES = 5;
    private static final CrossEntropy WEIGHTED = Loss.crossEntropy().classWeights(List.of(1.0, 2.0, 0.5, 1.5, 1.0));

    private static final Map<String, Loss> LOSSES = Map.of(
        "cross_entropy", Loss.crossEntropy(),
        "cross_entropy, label_smoothing 0.1", Loss.crossEntropy().labelSmoothing(0.1),
        "cross_entropy, class weights 1 2 .5 1.5 1", WEIGHTED,
        "cross_entropy, soft targets .7 one_hot(labels) + .3 one_hot(reversed labels)", Loss.crossEntropy(),
        "hard distillation: mean of cross_entropy(labels) and cross_entropy(argmax of teacher)", Loss.hardDistillation(),
        "soft distillation: T^2 * KL(teacher || student) at T 3, summed over classes, mean over batch", Loss.softDistillation(3, 1));

    private static NDArray logits(NDManager manager, String name, int columns) {
        return manager.create(Formula.uniform(name, BATCH * columns), new Shape(BATCH, columns)).mul(4);
    }

    private static NDArray soft(NDManager manager) {
        float[] shares = new float[BATCH * CLASSES];
        for (int i = 0; i < BATCH; i++) {
            shares[i * CLASSES + (int) LABELS[i]] += 0.7f;
            shares[i * CLASSES + (int) LABELS[BATCH - 1 - i]] += 0.3f;
        }
        return manager.create(shares, new Shape(BATCH, CLASSES));
    }

    @TestFactory
    Stream<DynamicTest> equalPyTorch() throws Exception {
        JsonObject cases = TrainingOracle.read().getAsJsonObject("losses");
        assertEquals(LOSSES.keySet(), cases.keySet());
        return cases.entrySet().stream().map(one -> DynamicTest.dynamicTest(one.getKey(), () -> values(one.getKey(), one.getValue().getAsJsonObject())));
    }

    private static void values(String name, JsonObject expected) {
        try (NDManager manager = Libtorch.manager()) {
            Loss loss = LOSSES.get(name);
            NDArray targets = name.contains("soft targets") ? soft(manager) : manager.create(LABELS);
            NDArray logits = logits(manager, "logits", CLASSES);
            for (int part : new int[] {BATCH, 3}) {
                BatchLoss batch = loss.of(targets, loss.distils() ? logits(manager, "teacher", CLASSES) : null, CLASSES);
                float[] gradient = new float[BATCH * CLASSES];
                for (int first = 0; first < BATCH; first += part) {
                    float[] some = batch.gradient(logits.get(new NDIndex("{}:{}", first, Math.min(BATCH, first + part))), first).toFloatArray();
                    System.arraycopy(some, 0, gradient, first * CLASSES, some.length);
                }
                assertEquals(expected.get("value").getAsDouble(), batch.loss(), 1e-6 * batch.loss());
                TrainingOracle.assertClose(expected.get("gradient"), manager.create(gradient), name);
            }
        }
    }
}
