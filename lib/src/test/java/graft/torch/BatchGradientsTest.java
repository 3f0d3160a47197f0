package graft.torch;

import static graft.torch.Layers.conv2d;
import static graft.torch.Layers.linear;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import graft.oracle.Formula;
import graft.oracle.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class BatchGradientsTest {
    private static final int PICTURES = 5;
    private static final int SIDE = 16;
    private static final int CLASSES = 4;

    /** Depthwise convolutions of every kind that trains differently from how it infers, and attention in windows of four tokens. */
    private static final class Mixed extends Module {
        private static final int WIDTH = 8;

        private final Module stem = child("stem", conv2d(3, WIDTH, 3).padding(1));
        private final Module large = child("large", conv2d(WIDTH, WIDTH, 7).padding(3).groups(WIDTH).bias());
        private final Module strided = child("strided", conv2d(WIDTH, WIDTH, 3).padding(1).stride(2).groups(WIDTH));
        private final Module largeStrided = child("large_strided", conv2d(WIDTH, WIDTH, 5).padding(2).stride(2).groups(WIDTH));
        private final Module qkv = child("qkv", linear(WIDTH, 3 * WIDTH));
        private final Module head = child("head", linear(WIDTH, CLASSES).float32());
        private final double drop;

        Mixed(double drop) {
            this.drop = drop;
            parameter("bias_table", 4, 2, 4, 4);
            parameter("shared_table", 1, 2, 4, 4);
        }

        @Override
        protected Value forward(Value x) {
            Value y = largeStrided.of(strided.of(large.of(stem.of(x)).relu())).stochasticDepth(drop);
            Value tokens = y.permute(0, 2, 3, 1).reshape(-1, 4, WIDTH);
            Value attended = Attention.inWindows(qkv.of(tokens), 2, WIDTH / 2, 4, entry(x, "bias_table"));
            Value shared = Attention.inWindows(qkv.of(attended), 2, WIDTH / 2, 1, entry(x, "shared_table"));
            return head.of(shared.reshape(-1, 16, WIDTH).dropout(drop).mean(1));
        }
    }

    private static Network network(Module module, Precision precision) {
        return Network.load(module, Reference.weights(module, 1, 2), precision);
    }

    private static NDArray pictures(NDManager manager) {
        return manager.create(Formula.uniform("pictures", PICTURES * 3 * SIDE * SIDE), new Shape(PICTURES, 3, SIDE, SIDE));
    }

    /** The sum of the outputs, each weighted differently. */
    private static NDArray gradient(NDArray outputs, int first) {
        long count = outputs.getShape().get(0);
        NDArray weights = outputs.getManager().create(Formula.uniform("loss", PICTURES * CLASSES), new Shape(PICTURES, CLASSES));
        return weights.get(new NDIndex("{}:{}", first, first + count));
    }

    private static List<float[]> inParts(Module module, Precision precision, int microBatch, long seed) throws InterruptedException {
        try (NDManager manager = Libtorch.manager(); Network network = network(module, precision); BatchGradients parts = new BatchGradients(network, microBatch)) {
            return parts.of(manager, pictures(manager), seed, BatchGradientsTest::gradient).stream().map(NDArray::toFloatArray).toList();
        }
    }

    private static List<float[]> atOnceInEvaluation(Module module, Precision precision) {
        try (NDManager manager = Libtorch.manager(); Network network = network(module, precision)) {
            network.train(false);
            NDArray outputs = network.forwardToDifferentiate(manager, pictures(manager), 0);
            return network.gradients(manager, outputs, gradient(outputs, 0)).stream().map(NDArray::toFloatArray).toList();
        }
    }

    /** The length of the difference against the length of what is expected. */
    private static double relativeError(float[] expected, float[] actual) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(expected[i] - actual[i], 2);
            length += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / length);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void partsOfABatchAddUpToTheGradientsOfTheInferenceCode(Precision precision) throws InterruptedException {
        List<float[]> expected = atOnceInEvaluation(new Mixed(0), Precision.FLOAT32);
        List<String> names = new Mixed(0).state().keySet().stream().toList();
        for (int microBatch : new int[] {1, 2, PICTURES}) {
            List<float[]> actual = inParts(new Mixed(0), precision, microBatch, 0);
            double worst = 0;
            for (int i = 0; i < expected.size(); i++) {
                double error = relativeError(expected.get(i), actual.get(i));
                worst = Math.max(worst, error);
                assertTrue(error < (precision == Precision.FLOAT32 ? 1e-5 : 0.15), names.get(i) + " in parts of " + microBatch + ": " + error);
            }
            System.out.printf("%s, gradients in parts of %d: relative error at most %.1e%n", precision, microBatch, worst);
        }
    }

    @Test
    void theSeedDecidesWhatIsDrawn() throws InterruptedException {
        List<float[]> once = inParts(new Mixed(0.4), Precision.FLOAT32, 2, 7);
        List<float[]> again = inParts(new Mixed(0.4), Precision.FLOAT32, 2, 7);
        List<float[]> other = inParts(new Mixed(0.4), Precision.FLOAT32, 2, 8);
        boolean differs = false;
        for (int i = 0; i < once.size(); i++) {
            assertArrayEquals(once.get(i), again.get(i), "the same bits");
            differs |= !Arrays.equals(once.get(i), other.get(i));
        }
        assertTrue(differs);
    }

    /** {@code y = dropped(x)} for one picture a row. */
    private static final class Dropping extends Module {
        private final boolean wholePictures;
        private final Module unused = child("unused", linear(1, 1));

        Dropping(boolean wholePictures) {
            this.wholePictures = wholePictures;
        }

        @Override
        protected Value forward(Value x) {
            return unused.of(wholePictures ? x.stochasticDepth(0.3) : x.dropout(0.3));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsDroppedKeepsTheMean(boolean wholePictures) {
        int pictures = 4000;
        int width = 5;
        Dropping module = new Dropping(wholePictures);
        StateDict identity = new StateDict("identity").put("unused.weight", StateTensor.of(new float[] {1}, 1, 1)).put("unused.bias", StateTensor.of(new float[] {0}, 1));
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(module, identity, Precision.FLOAT32)) {
            float[] values = network.forwardToDifferentiate(manager, manager.ones(new Shape(pictures, width, 1, 1)), 3).toFloatArray();
            int zeros = 0;
            List<Float> kept = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                if (values[i] == 0) {
                    zeros++;
                } else {
                    kept.add(values[i]);
                }
                if (wholePictures) {
                    assertEquals(values[i / width * width], values[i], "a picture is dropped as a whole");
                }
            }
            // Five standard deviations of the share of zeros among 4,000 draws.
            assertEquals(0.3, (double) zeros / values.length, 5 * Math.sqrt(0.3 * 0.7 / pictures));
            kept.forEach(value -> assertEquals(1 / 0.7f, value, 1e-6f));
        }
    }

    @Test
    void batchNormsSeeTheWholeBatch() throws InterruptedException {
        ArchiveTest.Tiny module = new ArchiveTest.Tiny(0);
        try (NDManager manager = Libtorch.manager(); Network network = network(module, Precision.FLOAT32); BatchGradients parts = new BatchGradients(network, 1)) {
            assertTrue(network.mixesPictures());
            parts.of(manager, pictures(manager), 0, (outputs, first) -> {
                assertEquals(PICTURES, outputs.getShape().get(0));
                return outputs.onesLike();
            });
            network.train(false);
            assertFalse(network.mixesPictures());
            parts.of(manager, pictures(manager), 0, (outputs, first) -> {
                assertEquals(1, outputs.getShape().get(0));
                return outputs.onesLike();
            });
        }
    }

    /** What the threads work with is closed afterwards. */
    @Test
    void anInterruptEndsAStepWhenAllThreadsAreThrough() {
        AtomicInteger begun = new AtomicInteger();
        try (NDManager manager = Libtorch.manager(); Network network = network(new Mixed(0), Precision.FLOAT32); BatchGradients parts = new BatchGradients(network, 1)) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> parts.of(manager, pictures(manager), 0, (outputs, first) -> {
                begun.incrementAndGet();
                return gradient(outputs, first);
            }));
        }
        assertEquals(PICTURES, begun.get());
    }

    @Test
    void aStepLeavesNothingBehind() throws InterruptedException {
        Module module = new Mixed(0.1);
        try (NDManager manager = Libtorch.manager(); Network network = network(module, Precision.FLOAT32); BatchGradients parts = new BatchGradients(network, 2)) {
            NDArray pictures = pictures(manager);
            int before = manager.getManagedArrays().size();
            for (int step = 0; step < 50; step++) {
                try (NDManager pass = manager.newSubManager()) {
                    assertEquals(network.parameters().size(), parts.of(pass, pictures, step, BatchGradientsTest::gradient).size());
                }
            }
            assertEquals(before, manager.getManagedArrays().size());
        }
    }

    /** Whoever is faster, the sum is taken in the order of the pictures: here each part waits for the one after it, as far as there are threads. */
    @Test
    void theBitsDoNotDependOnWhoIsFaster() throws InterruptedException {
        try (NDManager manager = Libtorch.manager(); Network network = network(new Mixed(0.3), Precision.FLOAT32); BatchGradients parts = new BatchGradients(network, 1)) {
            List<float[]> expected = parts.of(manager, pictures(manager), 3, BatchGradientsTest::gradient).stream().map(NDArray::toFloatArray).toList();
            List<NDArray> late = parts.of(manager, pictures(manager), 3, (outputs, first) -> {
                sleep(first % 2 == 0 ? 20 : 0);
                return gradient(outputs, first);
            });
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(expected.get(i), late.get(i).toFloatArray());
            }
        }
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** The first part that fails says why; the others do not wait for it for ever, and nothing of the sum is left. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aPartThatFailsEndsTheStep(int failing) {
        try (NDManager manager = Libtorch.manager(); Network network = network(new Mixed(0), Precision.FLOAT32); BatchGradients parts = new BatchGradients(network, 1)) {
            NDArray pictures = pictures(manager);
            int before = manager.getManagedArrays().size();
            assertEquals("this one", assertThrows(UnsupportedOperationException.class, () -> parts.of(manager, pictures, 0, (outputs, first) -> {
                if (first == failing) {
                    throw new UnsupportedOperationException("this one");
                }
                return gradient(outputs, first);
            })).getMessage());
            assertEquals(before, manager.getManagedArrays().size());
        }
    }

    /** Rows of numbers pass through a head together. */
    @Test
    void rowsAreNotCut() throws InterruptedException {
        Module head = linear(6, CLASSES);
        try (NDManager manager = Libtorch.manager(); Network network = network(head, Precision.FLOAT32); BatchGradients parts = new BatchGradients(network, 1)) {
            List<NDArray> gradients = parts.of(manager, manager.ones(new Shape(PICTURES, 6)), 0, (outputs, first) -> {
                assertEquals(PICTURES, outputs.getShape().get(0));
                return outputs.onesLike();
            });
            assertArrayEquals(new float[] {PICTURES, PICTURES, PICTURES, PICTURES}, gradients.get(1).toFloatArray());
        }
    }
}
