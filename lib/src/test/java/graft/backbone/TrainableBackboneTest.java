package graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.oracle.Reference;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.StateDict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One suite over all backbones as nested archives that train, against torchvision's and timm's reference values. */
class TrainableBackboneTest {
    private static Network network(Reference reference, String name, Precision precision) {
        Backbone backbone = Backbones.create(name, 1000, reference.size());
        return Network.load(backbone, reference.weights(backbone), precision);
    }

    private static NDArray picture(NDManager manager, Reference reference) {
        return manager.create(reference.picture(), new Shape(1, 3, reference.size(), reference.size()));
    }

    @ParameterizedTest
    @CsvSource({"mobilenet_v2, 224", "resnet18, 224", "resnet50, 224", "efficientnet_b0, 192", "mobilenet_v3_large, 192", "mobilenet_v3_small, 160",
        "resnetv2_50, 160", "vgg11_bn, 96", "deit_tiny_patch16_224, 160",
        "deit_tiny_distilled_patch16_224, 224", "convnext_tiny, 100", "swin_t, 200", "swin_tiny_patch4_window7_224, 192"})
    void logitsInEvaluationAreTheReferences(String name, int size) {
        Reference reference = Reference.of(name, size);
        double[] errors = new double[2];
        for (Precision precision : Precision.values()) {
            try (NDManager manager = Libtorch.manager(); Network network = network(reference, name, precision)) {
                network.train(false);
                errors[precision.ordinal()] = Reference.relativeError(reference.logits(), network.forward(manager, picture(manager, reference)).toFloatArray());
            }
        }
        System.out.printf("%s nested, logits relative to the largest: float32 %.1e, bfloat16 %.1e%n", name, errors[0], errors[1]);
        assertTrue(errors[0] < 1e-4, "float32 " + errors[0]);
        assertTrue(errors[1] < reference.bfloat16Tolerance(), "bfloat16 " + errors[1]);
        assertTrue(errors[1] > 2 * errors[0], "bfloat16 computes as float32 does");
    }

    @ParameterizedTest
    @CsvSource({"mobilenet_v2, 224", "resnet18, 224", "resnet50, 224", "efficientnet_b0, 192", "mobilenet_v3_large, 192", "mobilenet_v3_small, 160",
        "resnetv2_50, 160", "vgg11_bn, 96", "deit_tiny_patch16_224, 160",
        "deit_tiny_distilled_patch16_224, 224", "convnext_tiny, 100", "swin_t, 200", "swin_tiny_patch4_window7_224, 192"})
    void gradientNormsAreTheReferences(String name, int size) {
        Reference reference = Reference.of(name, size);
        Map<String, Double> expected = reference.gradientNorms();
        double worst = 0;
        try (NDManager manager = Libtorch.manager(); Network network = network(reference, name, Precision.FLOAT32)) {
            network.train(false);
            NDArray logits = network.forwardToDifferentiate(manager, picture(manager, reference), 0);
            List<NDArray> gradients = network.gradients(manager, logits, crossEntropyGradient(logits, 7));
            List<String> names = new ArrayList<>(network.parameters().keySet());
            assertEquals(new ArrayList<>(expected.keySet()), names);
            for (int i = 0; i < names.size(); i++) {
                double norm = norm(gradients.get(i).toFloatArray());
                worst = Math.max(worst, Math.abs(norm / expected.get(names.get(i)) - 1));
            }
        }
        System.out.printf("%s nested, norms of %d gradients: relative error at most %.1e%n", name, expected.size(), worst);
        assertTrue(worst < 1e-3, "relative error " + worst);
    }

    private static NDArray crossEntropyGradient(NDArray logits, int label) {
        float[] gradient = logits.softmax(1).toFloatArray();
        gradient[label] -= 1;
        return logits.getManager().create(gradient, logits.getShape());
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_v2", "resnet18", "resnet50", "efficientnet_b0", "mobilenet_v3_small", "resnetv2_50"})
    void onlyTrainingMovesTheStatistics(String name) {
        Reference reference = Reference.of(name);
        try (NDManager manager = Libtorch.manager(); Network network = network(reference, name, Precision.BFLOAT16)) {
            NDArray pictures = manager.arange(2f * 3 * 64 * 64).reshape(2, 3, 64, 64).mul(0.1f).sin();
            StateDict before = network.state();
            network.train(false);
            float[] evaluated = network.forward(manager, pictures).toFloatArray();
            StateDict between = network.state();
            network.train(true);
            float[] trained = network.forward(manager, pictures).toFloatArray();
            StateDict after = network.state();
            assertFalse(Arrays.equals(evaluated, trained));
            for (String entry : before.names()) {
                boolean statistic = entry.contains("running_") || entry.endsWith("num_batches_tracked");
                assertArrayEquals(before.get(entry).toFloats(), between.get(entry).toFloats(), entry);
                assertEquals(statistic, !Arrays.equals(before.get(entry).toFloats(), after.get(entry).toFloats()), entry);
                if (entry.endsWith("num_batches_tracked")) {
                    assertArrayEquals(new long[] {1}, after.get(entry).toLongs(), entry);
                }
            }
        }
    }
}
