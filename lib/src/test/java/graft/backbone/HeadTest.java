package graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.InputException;
import graft.oracle.Formula;
import graft.oracle.Reference;
import graft.torch.FrozenProgram;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

class HeadTest {
    private static final int CLASSES = 6;

    private static List<String> head(String backbone, Head head) {
        Backbone created = Backbones.create(backbone, CLASSES, 224, head);
        return created.state().entrySet().stream().filter(entry -> created.isHead(entry.getKey())).map(entry -> entry.getKey() + " " + entry.getValue().shape()).toList();
    }

    /** As {@code model.fc = nn.Sequential(nn.Dropout(0.5), nn.Linear(2048, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 6))} and so on name them. */
    @Test
    void namesAreThoseOfSequentialLayers() {
        assertEquals(List.of("fc.weight [6, 2048]", "fc.bias [6]"), head("resnet50", Head.linear()));
        assertEquals(List.of("classifier.2.1.weight [512, 768]", "classifier.2.1.bias [512]", "classifier.2.4.weight [6, 512]", "classifier.2.4.bias [6]"),
            head("convnext_tiny", Head.mlp(512, 0.5)));
        assertEquals(List.of("fc.0.weight [256, 2048]", "fc.0.bias [256]", "fc.2.weight [256]", "fc.2.bias [256]", "fc.2.running_mean [256]", "fc.2.running_var [256]",
            "fc.2.num_batches_tracked []", "fc.4.weight [6, 256]", "fc.4.bias [6]"), head("resnet50", Head.batchNorm(256, 0.2, 1e-3)));
        assertEquals(List.of("head.fc.1.weight [8, 2048, 1, 1]", "head.fc.1.bias [8]", "head.fc.4.weight [6, 8, 1, 1]", "head.fc.4.bias [6]"),
            head("resnetv2_50", Head.mlp(8, 0.5)));
        assertEquals(8, head("deit_tiny_distilled_patch16_224", Head.mlp(8, 0)).size());
    }

    @Test
    void numbersBeyondTheirRangeAreRefused() {
        assertEquals("the head's hidden is -1; it has to be 1 or more", assertThrows(InputException.class, () -> Head.mlp(-1, 0)).getMessage());
        assertEquals("the head's dropout is 1.5; it has to be at least 0 and below 1", assertThrows(InputException.class, () -> Head.mlp(512, 1.5)).getMessage());
        assertThrows(InputException.class, () -> Head.batchNorm(512, Double.NaN, 0));
        assertThrows(InputException.class, () -> Head.batchNorm(512, 0, -1));
    }

    /** Counted by torchvision 0.29 and timm 1.0.31 with {@code num_classes=6}: the head, the head and the last stage, everything. */
    @ParameterizedTest
    @CsvSource({"mobilenet_v2, 7686, 419846, 2231558", "resnet50, 12294, 14977030, 23520326", "efficientnet_b0, 7686, 419846, 4015234",
        "mobilenet_v3_small, 6150, 596998, 1524006", "vgg11_bn, 24582, 16805894, 128796422", "convnext_tiny, 4614, 15476742, 27824742",
        "vit_b_32, 4614, 7094022, 87459846", "swin_t, 4614, 7098078, 27523968", "resnetv2_50, 12294, 14974982, 23512646",
        "deit_tiny_patch16_224, 1158, 446406, 5525574", "deit_tiny_distilled_patch16_224, 2316, 447564, 5527116", "swin_tiny_patch4_window7_224, 4614, 7098078, 27523968"})
    void numbersThatTrain(String name, long head, long last, long all) {
        Backbone backbone = Backbones.create(name, CLASSES);
        assertEquals(head, backbone.suffix(backbone.stages().size()).parameterCount());
        assertEquals(last, backbone.suffix(backbone.stages().size() - 1).parameterCount());
        assertEquals(all, backbone.parameterCount());
    }

    /** The batch norm head on features, as the definition says, in evaluation; with statistics of its batch in training. */
    @Test
    void theBatchNormHeadComputesWhatItSays() {
        Backbone head = Backbones.create("resnet18", 2, 64, Head.batchNorm(3, 0, 0)).suffix(5);
        StateDict state = Reference.weights(head, 1, 1);
        float[] x = Formula.uniform("x", 2 * 512);
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(head, state, Precision.BFLOAT16)) {
            assertTrue(network.mixesPictures());
            NDArray rows = manager.create(x, new Shape(2, 512));
            network.train(false);
            float[] logits = network.forward(manager, rows).toFloatArray();
            for (int i = 0; i < logits.length; i++) {
                assertEquals(logit(state, Arrays.copyOfRange(x, i / 2 * 512, (i / 2 + 1) * 512), i % 2), logits[i], 1e-5);
            }
            network.train(true);
            assertNotEquals(logits[0], network.forwardToDifferentiate(manager, rows, 0).toFloatArray()[0]);
        }
    }

    private static double logit(StateDict state, float[] x, int k) {
        float[] w = state.get("fc.0.weight").toFloats();
        double logit = state.get("fc.4.bias").toFloats()[k];
        for (int h = 0; h < 3; h++) {
            double y = state.get("fc.0.bias").toFloats()[h];
            for (int i = 0; i < x.length; i++) {
                y += w[h * x.length + i] * x[i];
            }
            y = (Math.max(0, y) - state.get("fc.2.running_mean").toFloats()[h]) / Math.sqrt(state.get("fc.2.running_var").toFloats()[h] + 1e-5);
            logit += state.get("fc.4.weight").toFloats()[k * 3 + h] * (y * state.get("fc.2.weight").toFloats()[h] + state.get("fc.2.bias").toFloats()[h]);
        }
        return logit;
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT32", "BFLOAT16"})
    void frozenProgramsHaveTheseHeads(Precision precision) {
        for (Head head : List.of(Head.mlp(16, 0.5), Head.batchNorm(16, 0.2, 1e-3))) {
            Backbone backbone = Backbones.create("deit_tiny_distilled_patch16_224", CLASSES, 32, head);
            StateDict state = Reference.weights(backbone, 1, 1);
            byte[] image = Formula.image(32, 32, "image");
            ByteBuffer pixels = ByteBuffer.allocateDirect(image.length).put(image).flip();
            List<Float> mean = List.of(0.5f, 0.5f, 0.5f);
            try (FrozenProgram whole = FrozenProgram.compile(backbone::of, state, precision, mean, mean);
                FrozenProgram body = FrozenProgram.compile(backbone::features, state, precision, mean, mean);
                NDManager manager = Libtorch.manager(); Network layers = Network.load(backbone.suffix(backbone.stages().size()), state, precision)) {
                layers.train(false);
                float[] expected = layers.forward(manager, manager.create(body.run(pixels, 1, 32, 32)[0], new Shape(1, backbone.width()))).toFloatArray();
                assertArrayEquals(expected, whole.run(pixels, 1, 32, 32)[0], 1e-5f);
            }
        }
    }

    @Test
    void newHeadsBeginAsPyTorchs() {
        Map<String, StateTensor> linear = Backbones.create("resnet18", CLASSES).newHead(7);
        assertEquals(List.of("fc.weight", "fc.bias"), List.copyOf(linear.keySet()));
        assertUniform(linear.get("fc.weight"), 1 / Math.sqrt(512));
        assertUniform(linear.get("fc.bias"), 1 / Math.sqrt(512));
        assertArrayEquals(linear.get("fc.weight").toFloats(), Backbones.create("resnet18", CLASSES).newHead(7).get("fc.weight").toFloats());
        assertFalse(Arrays.equals(linear.get("fc.weight").toFloats(), Backbones.create("resnet18", CLASSES).newHead(8).get("fc.weight").toFloats()));
        Map<String, StateTensor> layers = Backbones.create("resnetv2_50", CLASSES, 224, Head.batchNorm(64, 0.2, 0)).newHead(7);
        assertUniform(layers.get("head.fc.4.weight"), 1 / 8.0);
        assertArrayEquals(new float[] {1, 1}, Arrays.copyOf(layers.get("head.fc.2.running_var").toFloats(), 2));
        assertArrayEquals(new float[] {1, 1}, Arrays.copyOf(layers.get("head.fc.2.weight").toFloats(), 2));
        assertArrayEquals(new float[] {0, 0}, Arrays.copyOf(layers.get("head.fc.2.bias").toFloats(), 2));
        Map<String, StateTensor> two = Backbones.create("deit_tiny_distilled_patch16_224", CLASSES).newHead(7);
        assertUniform(two.get("head_dist.weight"), 1 / Math.sqrt(192));
        assertFalse(Arrays.equals(two.get("head.weight").toFloats(), two.get("head_dist.weight").toFloats()));
    }

    private static void assertUniform(StateTensor tensor, double bound) {
        double largest = 0;
        for (float value : tensor.toFloats()) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest <= bound && largest > (tensor.count() < 10 ? 0.3 : 0.95) * bound, largest + " where up to " + bound + " is right");
    }

    @Test
    void onlyTheHeadThatSaysSoHasAWeightDecayOfItsOwn() {
        Backbone backbone = Backbones.create("resnet18", CLASSES, 64, Head.batchNorm(8, 0.2, 0.02));
        assertEquals(OptionalDouble.of(0.02), backbone.weightDecay("fc.0.weight"));
        assertEquals(OptionalDouble.of(0.02), backbone.weightDecay("fc.4.weight"));
        for (String entry : List.of("fc.0.bias", "fc.2.weight", "layer1.0.conv1.weight")) {
            assertEquals(OptionalDouble.empty(), backbone.weightDecay(entry), entry);
        }
        assertEquals(OptionalDouble.empty(), Backbones.create("resnet18", CLASSES).weightDecay("fc.weight"));
    }

    /** In training both heads' logits stand beside each other; evaluation gives their mean. */
    @Test
    void twoHeadsLearnApart() {
        Backbone backbone = Backbones.create("deit_tiny_distilled_patch16_224", CLASSES, 32);
        assertEquals(2, backbone.heads());
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(backbone, Reference.weights(backbone, 1, 1), Precision.FLOAT32)) {
            NDArray pictures = manager.create(Formula.uniform("pictures", 2 * 3 * 32 * 32), new Shape(2, 3, 32, 32));
            NDArray both = network.forwardToDifferentiate(manager, pictures, 0);
            assertEquals(new Shape(2, 2 * CLASSES), both.getShape());
            network.train(false);
            float[] mean = network.forward(manager, pictures).toFloatArray();
            float[] apart = both.toFloatArray();
            for (int i = 0; i < mean.length; i++) {
                int at = i / CLASSES * 2 * CLASSES + i % CLASSES;
                assertEquals((apart[at] + apart[at + CLASSES]) / 2, mean[i], 1e-5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vit_b_32", "deit_tiny_patch16_224"})
    void dropPathDropsInTrainingOnly(String name) {
        Backbone backbone = Backbones.create(name, CLASSES, 64, Head.linear(), 0.5, Double.NaN);
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(backbone, Reference.weights(backbone, 1, 1), Precision.FLOAT32)) {
            NDArray pictures = manager.create(Formula.uniform("pictures", 2 * 3 * 64 * 64), new Shape(2, 3, 64, 64));
            assertFalse(Arrays.equals(logits(manager, network, pictures, 1), logits(manager, network, pictures, 2)));
            network.train(false);
            assertArrayEquals(logits(manager, network, pictures, 1), logits(manager, network, pictures, 2));
        }
    }

    /** Of VGG the hidden layer's dropout goes as soon as that layer is frozen; the head's stays. */
    @Test
    void dropoutIsOfWhatLearns() {
        Backbone backbone = Backbones.create("vgg11", CLASSES, 32, Head.linear(), Double.NaN, 0.5);
        StateDict state = Reference.weights(backbone, 1, 1);
        try (NDManager manager = Libtorch.manager(); Network head = Network.load(backbone, state, Precision.FLOAT32, backbone::isHead);
            Network rest = Network.load(backbone.suffix(backbone.stages().size()), state, Precision.FLOAT32);
            FrozenProgramRows features = new FrozenProgramRows(backbone, state)) {
            float[] whole = logits(manager, head, manager.zeros(new Shape(2, 3, 32, 32)), 5);
            assertArrayEquals(logits(manager, rest, features.ofZeros(manager, 2, 32), 5), whole, 1e-4f);
            assertFalse(Arrays.equals(whole, logits(manager, head, manager.zeros(new Shape(2, 3, 32, 32)), 6)));
        }
    }

    /** Features of pictures whose normalised numbers are all zero. */
    private record FrozenProgramRows(Backbone backbone, FrozenProgram program) implements AutoCloseable {
        FrozenProgramRows(Backbone backbone, StateDict state) {
            this(backbone, FrozenProgram.compile(backbone::features, state, Precision.FLOAT32, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f)));
        }

        NDArray ofZeros(NDManager manager, int count, int size) {
            float[][] rows = program.run(ByteBuffer.allocateDirect(count * size * size * 3), count, size, size);
            NDArray all = manager.create(new Shape(count, backbone.width()));
            all.set(concatenated(rows));
            return all;
        }

        private static float[] concatenated(float[][] rows) {
            float[] all = new float[rows.length * rows[0].length];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
            }
            return all;
        }

        @Override
        public void close() {
            program.close();
        }
    }

    private static float[] logits(NDManager manager, Network network, NDArray pictures, long seed) {
        return network.forwardToDifferentiate(manager, pictures, seed).toFloatArray();
    }

    @Test
    void whatCannotBeIsRefused() {
        assertEquals("resnet18 has no stochastic depth, so a drop path of 0.1 is not possible; those whose names begin with convnext_, deit_, efficientnet_, swin_, vit_ have",
            assertThrows(InputException.class, () -> Backbones.create("resnet18", 2, 64, Head.linear(), 0.1, 0)).getMessage());
        assertEquals("dropout 1.0 is no share; from 0 up to, but not, 1 would be right",
            assertThrows(InputException.class, () -> Backbones.create("resnet18", 2, 64, Head.linear(), 0, 1)).getMessage());
    }
}
