package graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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

import java.util.Arrays;

/**
 * Training mode against evaluation mode, for each family. {@code norms}: batch norms use the batch's statistics and move their own, in
 * training only. {@code drops}: dropout or dropped branches, so that no two passes in training are the same. A family with neither
 * computes the same in both modes. torchvision's VGG, MobileNetV3 and EfficientNet drop in their heads, ConvNeXt and Swin whole branches.
 */
class TrainingModeTest {
    @ParameterizedTest
    @CsvSource({"mobilenet_v2, true, true", "resnet18, true, false", "resnet50, true, false", "efficientnet_b0, true, true", "mobilenet_v3_small, true, true",
        "resnetv2_50, true, false", "vgg11_bn, true, true", "convnext_tiny, false, true", "swin_t, false, true",
        "swin_tiny_patch4_window7_224, false, true", "vit_b_32, false, false", "deit_tiny_patch16_224, false, false", "deit_tiny_distilled_patch16_224, false, false"})
    void onlyTrainingDropsAndMovesStatistics(String name, boolean norms, boolean drops) {
        Backbone backbone = Backbones.create(name, 10, 64);
        StateDict before = Reference.weights(backbone, 1, 1);
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(backbone, before, Precision.BFLOAT16)) {
            NDArray pictures = manager.arange(4f * 3 * 64 * 64).mul(0.1f).sin().reshape(new Shape(4, 3, 64, 64));
            network.train(false);
            float[] evaluated = logits(network, manager, pictures);
            assertArrayEquals(evaluated, logits(network, manager, pictures));
            StateDict between = network.state();
            network.train(true);
            float[] trained = logits(network, manager, pictures);
            StateDict after = network.state();
            assertEquals(norms || drops, !Arrays.equals(evaluated, trained), "training differs from evaluation");
            assertEquals(drops, !Arrays.equals(trained, logits(network, manager, pictures)), "two passes in training differ");
            for (String entry : before.names()) {
                boolean statistic = entry.contains("running_") || entry.endsWith("num_batches_tracked");
                float[] unmoved = before.get(entry).toFloats();
                assertArrayEquals(unmoved, between.get(entry).toFloats(), entry);
                assertEquals(statistic, !Arrays.equals(unmoved, after.get(entry).toFloats()), entry);
                if (entry.endsWith("num_batches_tracked")) {
                    assertArrayEquals(new long[] {1}, after.get(entry).toLongs(), entry);
                }
            }
            network.train(false);
            assertEquals(norms, !Arrays.equals(evaluated, logits(network, manager, pictures)), "what was averaged shows in evaluation");
        }
    }

    private static float[] logits(Network network, NDManager manager, NDArray pictures) {
        return network.forward(manager, pictures).toFloatArray();
    }
}
