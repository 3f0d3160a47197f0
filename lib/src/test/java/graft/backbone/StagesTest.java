package graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.oracle.Formula;
import graft.oracle.Reference;
import graft.torch.FrozenProgram;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.StateDict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Every backbone is a chain of stages, and what comes after any of them is a network of its own. */
class StagesTest {
    private static final int SIZE = 64;
    private static final int CLASSES = 5;
    private static final int PICTURES = 2;
    private static final List<Float> MEAN = List.of(0.5f, 0.4f, 0.6f);
    private static final List<Float> STD = List.of(0.2f, 0.3f, 0.25f);

    static Set<String> names() {
        return Backbones.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyEntryBelongsToOneStageOrTheHead(String name) {
        Backbone backbone = Backbones.create(name, CLASSES);
        int stages = backbone.stages().size();
        List<Integer> found = backbone.state().keySet().stream().map(backbone::stageOf).toList();
        assertEquals(found.stream().sorted().toList(), found, "stages are in the order of the state dict");
        assertEquals(stages + 1, new HashSet<>(found).size(), "every stage has an entry");
        assertEquals(stages, new HashSet<>(backbone.stages()).size(), "every stage has a name of its own");
        assertEquals(stages, backbone.stageOf(backbone.headPath() + ".weight"));
        for (int cut = 0; cut <= stages; cut += Math.max(1, stages / 3)) {
            int first = cut;
            List<String> rest = backbone.state().keySet().stream().filter(entry -> backbone.stageOf(entry) >= first).toList();
            Backbone suffix = backbone.suffix(first);
            assertEquals(rest, List.copyOf(suffix.state().keySet()));
            assertEquals(backbone.stages(), suffix.stages());
            assertEquals(List.copyOf(suffix.suffix(stages).state().keySet()), backbone.state().keySet().stream().filter(backbone::isHead).toList());
        }
        assertThrows(IllegalArgumentException.class, () -> backbone.stageOf("nothing.weight"));
        assertThrows(IllegalArgumentException.class, () -> backbone.suffix(stages + 1));
        assertThrows(IllegalArgumentException.class, () -> backbone.suffix(2).suffix(1));
    }

    @Test
    void stagesAreTheBlocksOrTheRowsOfThePaper() {
        assertEquals(List.of("conv1", "layer1", "layer2", "layer3", "layer4"), Backbones.create("resnet50", CLASSES).stages());
        assertEquals(List.of("features.0", "features.1", "features.2", "features.4", "features.7", "features.11", "features.14", "features.17", "features.18"),
            Backbones.create("mobilenet_v2", CLASSES).stages());
        assertEquals(List.of("features.0", "features.1", "features.3", "features.5", "features.7"), Backbones.create("convnext_tiny", CLASSES).stages());
        Backbone deit = Backbones.create("deit_tiny_patch16_224", CLASSES);
        assertEquals(13, deit.stages().size());
        assertEquals(List.of(0, 0, 1, 12, 12, 13), List.of("cls_token", "pos_embed", "blocks.0.attn.qkv.weight", "blocks.11.mlp.fc1.bias", "norm.weight", "head.bias")
            .stream().map(deit::stageOf).toList());
        Backbone swin = Backbones.create("swin_tiny_patch4_window7_224", CLASSES);
        assertEquals(13, swin.stages().size());
        assertEquals(swin.stageOf("layers.1.blocks.0.norm1.weight"), swin.stageOf("layers.1.downsample.norm.weight"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_v2", "resnet18", "efficientnet_b0", "mobilenet_v3_small", "resnetv2_50", "vgg11_bn", "convnext_tiny", "vit_b_32", "deit_tiny_patch16_224",
        "deit_tiny_distilled_patch16_224", "swin_t", "swin_tiny_patch4_window7_224"})
    void theRestGoesOnFromWhereTheBeginningEnds(String name) {
        Backbone backbone = Backbones.create(name, CLASSES, SIZE, Head.linear(), Double.NaN, 0);
        StateDict state = Reference.weights(backbone, 1, 1);
        int stages = backbone.stages().size();
        double[] expected;
        try (FrozenProgram whole = FrozenProgram.compile(backbone::of, state, Precision.FLOAT32, MEAN, STD)) {
            expected = numbers(whole.run(pixels(), PICTURES, SIZE, SIZE));
        }
        double worst = 0;
        for (int cut : new TreeSet<>(List.of(1, stages / 2, stages))) {
            try (NDManager manager = Libtorch.manager(); FrozenProgram beginning = FrozenProgram.compile(x -> backbone.upTo(x, cut), state, Precision.FLOAT32, MEAN, STD);
                Network rest = Network.load(backbone.suffix(cut), state, Precision.FLOAT32)) {
                rest.train(false);
                float[] logits = rest.forward(manager, outputs(manager, beginning)).toFloatArray();
                double error = Reference.relativeError(expected, logits);
                worst = Math.max(worst, error);
                assertTrue(error < 1e-4, name + " cut at " + cut + ": " + error);
            }
        }
        System.out.printf("%s, cut in two: logits relative to the largest: %.1e%n", name, worst);
    }

    /** Training steps of the rest have the gradients that those of the whole have, where nothing before trains. */
    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "mobilenet_v3_small", "convnext_tiny", "deit_tiny_distilled_patch16_224", "swin_tiny_patch4_window7_224"})
    void theRestHasTheGradientsOfTheWhole(String name) {
        Backbone backbone = Backbones.create(name, CLASSES, SIZE, Head.linear(), name.startsWith("resnet") || name.startsWith("mobile") ? Double.NaN : 0, 0);
        StateDict state = Reference.weights(backbone, 1, 1);
        int cut = backbone.stages().size() - 2;
        try (NDManager manager = Libtorch.manager(); FrozenProgram beginning = FrozenProgram.compile(x -> backbone.upTo(x, cut), state, Precision.FLOAT32, MEAN, STD);
            Network rest = Network.load(backbone.suffix(cut), state, Precision.FLOAT32);
            Network whole = Network.load(backbone, state, Precision.FLOAT32, entry -> backbone.stageOf(entry) >= cut)) {
            assertEquals(List.copyOf(rest.parameters().keySet()), List.copyOf(whole.parameters().keySet()));
            NDArray outputs = outputs(manager, beginning);
            NDArray pictures = pictures(manager);
            List<float[]> expected = gradients(manager, whole, pictures);
            List<float[]> found = gradients(manager, rest, outputs);
            List<String> names = new ArrayList<>(rest.parameters().keySet());
            double largest = expected.stream().mapToDouble(StagesTest::norm).max().orElseThrow();
            for (int i = 0; i < names.size(); i++) {
                float[] difference = expected.get(i).clone();
                for (int k = 0; k < difference.length; k++) {
                    difference[k] -= found.get(i)[k];
                }
                assertTrue(norm(difference) < 1e-3 * Math.max(norm(expected.get(i)), 1e-3 * largest), names.get(i));
            }
        }
    }

    private static List<float[]> gradients(NDManager manager, Network network, NDArray inputs) {
        NDArray logits = network.forwardToDifferentiate(manager, inputs, 0);
        float[] gradient = Formula.uniform("loss", Math.toIntExact(logits.size()));
        return network.gradients(manager, logits, manager.create(gradient, logits.getShape())).stream().map(NDArray::toFloatArray).toList();
    }

    private static ByteBuffer pixels() {
        byte[] pixels = Formula.image(SIZE, PICTURES * SIZE, "stages");
        return ByteBuffer.allocateDirect(pixels.length).put(pixels).flip();
    }

    /** The same, normalised. */
    private static NDArray pictures(NDManager manager) {
        ByteBuffer pixels = pixels();
        int area = SIZE * SIZE;
        float[] values = new float[PICTURES * 3 * area];
        for (int i = 0; i < values.length; i++) {
            int colour = i / area % 3;
            int value = pixels.get((i / (3 * area) * area + i % area) * 3 + colour) & 0xff;
            values[i] = (value / 255f - MEAN.get(colour)) / STD.get(colour);
        }
        return manager.create(values, new Shape(PICTURES, 3, SIZE, SIZE));
    }

    private static NDArray outputs(NDManager manager, FrozenProgram beginning) {
        float[][] rows = beginning.run(pixels(), PICTURES, SIZE, SIZE);
        float[] flat = new float[PICTURES * rows[0].length];
        for (int i = 0; i < PICTURES; i++) {
            System.arraycopy(rows[i], 0, flat, i * rows[0].length, rows[0].length);
        }
        return manager.create(flat, new Shape(PICTURES).addAll(new Shape(beginning.shape())));
    }

    private static double[] numbers(float[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(i -> row[i])).toArray();
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
