package graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import graft.InputException;
import graft.oracle.Formula;
import graft.torch.Libtorch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

    private static final CrossEntropy SMOOTH = Loss.crossEntropy().labelSmoothing(0.1);
    private static final Map<String, Loss> MORE = Map.ofEntries(
        Map.entry("labels, class weights, label smoothing 0.1", WEIGHTED.labelSmoothing(0.1)),
        Map.entry("soft targets, class weights", WEIGHTED),
        Map.entry("soft targets, class weights, label smoothing 0.1", WEIGHTED.labelSmoothing(0.1)),
        Map.entry("soft targets, label smoothing 0.1", SMOOTH),
        Map.entry("labels, two heads", Loss.crossEntropy()),
        Map.entry("soft targets, class weights, label smoothing 0.1, two heads", WEIGHTED.labelSmoothing(0.1)),
        Map.entry("labels, hard distillation, share 0.3, class weights, label smoothing 0.1", Loss.hardDistillation().labels(WEIGHTED.labelSmoothing(0.1)).share(0.3)),
        Map.entry("labels, hard distillation, two heads", Loss.hardDistillation()),
        Map.entry("soft targets, hard distillation, share 0.3, label smoothing 0.1, two heads", Loss.hardDistillation().labels(SMOOTH).share(0.3)),
        Map.entry("labels, soft distillation at 3, share 0.3", Loss.softDistillation(3, 0.3)),
        Map.entry("labels, soft distillation at 0.5, share 0.9, class weights, two heads", Loss.softDistillation(0.5, 0.9).labels(WEIGHTED)));

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
        JsonObject more = TrainingOracle.read("training-more.json").getAsJsonObject("losses");
        assertEquals(MORE.keySet(), more.keySet());
        return Stream.concat(
            cases.entrySet().stream().map(one -> DynamicTest.dynamicTest(one.getKey(), () -> values(one.getKey(), LOSSES.get(one.getKey()), one.getValue().getAsJsonObject()))),
            more.entrySet().stream().map(one -> DynamicTest.dynamicTest(one.getKey(), () -> values(one.getKey(), MORE.get(one.getKey()), one.getValue().getAsJsonObject()))));
    }

    /** In one part, in three, and in three parts that come last first. */
    private static void values(String name, Loss loss, JsonObject expected) {
        try (NDManager manager = Libtorch.manager()) {
            int width = name.contains("two heads") ? 2 * CLASSES : CLASSES;
            NDArray targets = name.contains("soft targets") ? soft(manager) : manager.create(LABELS);
            NDArray logits = logits(manager, width == CLASSES ? "logits" : "heads", width);
            double losses = Double.NaN;
            for (List<Integer> firsts : List.of(List.of(0), List.of(0, 3, 6), List.of(6, 3, 0))) {
                int part = firsts.size() == 1 ? BATCH : 3;
                BatchLoss batch = loss.of(targets, loss.distils() ? logits(manager, "teacher", CLASSES) : null, CLASSES);
                float[] gradient = new float[BATCH * width];
                for (int first : firsts) {
                    float[] some = batch.gradient(logits.get(new NDIndex("{}:{}", first, Math.min(BATCH, first + part))), first).toFloatArray();
                    System.arraycopy(some, 0, gradient, first * width, some.length);
                }
                assertEquals(expected.get("value").getAsDouble(), batch.loss(), 1e-6 * batch.loss());
                if (expected.has("hits")) {
                    assertEquals(expected.get("hits").getAsInt(), batch.hits());
                }
                assertTrue(firsts.get(0) != 6 || losses == batch.loss(), "the order in which parts come shows in the sum");
                losses = batch.loss();
                TrainingOracle.assertClose(expected.get("gradient"), manager.create(gradient), name);
            }
        }
    }

    /** Several threads at once, each with a part: the same bits as one after the other. */
    @Test
    void severalThreadsMayAsk() {
        int rows = 400;
        try (NDManager manager = Libtorch.manager()) {
            NDArray logits = manager.create(Formula.uniform("many", rows * CLASSES), new Shape(rows, CLASSES));
            NDArray teacher = manager.create(Formula.uniform("teachers", rows * CLASSES), new Shape(rows, CLASSES));
            NDArray targets = manager.create(IntStream.range(0, rows).mapToLong(i -> i % CLASSES).toArray());
            Loss loss = Loss.softDistillation(2, 0.5).labels(WEIGHTED);
            BatchLoss alone = loss.of(targets, teacher, CLASSES);
            List<float[]> expected = IntStream.range(0, rows / 2).mapToObj(i -> part(alone, logits, 2 * i)).toList();
            BatchLoss together = loss.of(targets, teacher, CLASSES);
            List<float[]> found = IntStream.range(0, rows / 2).parallel().mapToObj(i -> part(together, logits, 2 * i)).toList();
            for (int i = 0; i < found.size(); i++) {
                assertArrayEquals(expected.get(i), found.get(i));
            }
            assertEquals(alone.loss(), together.loss());
            assertEquals(alone.hits(), together.hits());
        }
    }

    private static float[] part(BatchLoss batch, NDArray logits, int first) {
        try (NDManager own = logits.getManager().newSubManager()) {
            NDArray rows = logits.get(new NDIndex("{}:{}", first, first + 2));
            rows.attach(own);
            float[] gradient = batch.gradient(rows, first).toFloatArray();
            assertEquals(2, own.getManagedArrays().size(), "nothing but the gradient stays");
            return gradient;
        }
    }

    /** Far from each other, as diverging networks give them, logits have a finite loss and gradient. */
    @Test
    void largeLogitsDoNotOverflow() {
        try (NDManager manager = Libtorch.manager()) {
            BatchLoss batch = Loss.crossEntropy().of(manager.create(new long[] {0}), null, 3);
            assertArrayEquals(new float[] {-1, 1, 0}, batch.gradient(manager.create(new float[][] {{-1000, 1000, 0}}), 0).toFloatArray());
            assertEquals(2000, batch.loss());
            assertEquals(0, batch.hits());
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (NDManager manager = Libtorch.manager()) {
            NDArray labels = manager.create(LABELS);
            NDArray teacher = logits(manager, "teacher", CLASSES);
            assertEquals("there are 5 class weights for 6 classes; one for each would be right", assertThrows(InputException.class, () -> WEIGHTED.of(labels, null, 6)).getMessage());
            assertThrows(InputException.class, () -> Loss.crossEntropy().labelSmoothing(1.5));
            assertThrows(InputException.class, () -> Loss.crossEntropy().classWeights(List.of(1.0, -1.0)));
            assertThrows(InputException.class, () -> Loss.softDistillation(0, 0.5));
            assertThrows(InputException.class, () -> Loss.softDistillation(1, -0.5));
            assertThrows(IllegalArgumentException.class, () -> Loss.crossEntropy().of(labels, teacher, CLASSES));
            assertThrows(IllegalArgumentException.class, () -> Loss.hardDistillation().of(labels, null, CLASSES));
            assertThrows(IllegalArgumentException.class, () -> Loss.hardDistillation().of(labels, teacher, CLASSES + 1));
            assertThrows(IllegalArgumentException.class, () -> Loss.crossEntropy().of(teacher, null, CLASSES + 1));
            assertThrows(IllegalArgumentException.class, () -> Loss.crossEntropy().of(labels, null, CLASSES).gradient(logits(manager, "logits", CLASSES + 1), 0));
        }
    }
}
