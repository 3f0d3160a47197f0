package graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.oracle.Reference;
import graft.torch.FrozenProgram;
import graft.torch.Precision;
import graft.torch.StateDict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/**
 * One suite over all backbones, against reference values made by torchvision and timm from formula weights
 * ({@code oracle/models}, from {@code make_models.py}: torchvision 0.29.2, timm 1.0.31, float64). For efficientnet_b0 at 192 pixels and for b1 to b4
 * its grid of variances was made finer (0.75 to 0.28): with the coarse one their logits are noise in float32 already.
 */
class BackboneTest {
    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_v2", "resnet18", "resnet34", "resnet50", "resnet101", "efficientnet_b0", "mobilenet_v3_large",
        "mobilenet_v3_small", "vgg16", "resnetv2_50", "resnetv2_101"})
    void stateDictIsTheReferences(String name) {
        stateDictIsTheReferences(name, 224);
    }

    /** Other input sizes, down to those below 224 where the reference would take long. */
    @ParameterizedTest
    @CsvSource({"efficientnet_b1, 240", "efficientnet_b2, 160", "efficientnet_b3, 300", "efficientnet_b4, 160", "vgg11_bn, 96", "vgg16_bn, 64",
        "vit_b_16, 224", "vit_l_16, 224", "vit_l_16, 512", "deit_tiny_patch16_224, 224", "deit_base_patch16_224, 224",
        "deit_tiny_distilled_patch16_224, 224", "deit_base_distilled_patch16_224, 224", "convnext_tiny, 224", "swin_t, 224",
        "swin_tiny_patch4_window7_224, 224", "swin_base_patch4_window7_224, 224", "swin_large_patch4_window7_224, 224",
        "swin_base_patch4_window12_384, 384", "vit_b_32, 224", "swin_s, 224", "deit_small_patch16_224, 224"})
    void stateDictIsTheReferences(String name, int size) {
        Reference reference = Reference.of(name, size);
        Backbone backbone = Backbones.create(name, 1000, size);
        List<String> actual = new ArrayList<>();
        backbone.state().forEach((key, entry) -> actual.add(key + " " + entry.shape().toString().replace(" ", "")));
        assertEquals(reference.state(), actual);
        assertEquals(reference.parameterCount(), backbone.parameterCount());
    }

    @ParameterizedTest
    @CsvSource({"mobilenet_v2, 224", "resnet18, 224", "resnet18, 160", "resnet34, 224", "resnet50, 224", "resnet50, 96", "resnet101, 224",
        "efficientnet_b0, 224", "efficientnet_b0, 192", "efficientnet_b1, 240", "efficientnet_b2, 160", "efficientnet_b3, 300", "efficientnet_b4, 160", "mobilenet_v3_large, 224",
        "mobilenet_v3_large, 192", "mobilenet_v3_small, 224", "mobilenet_v3_small, 160", "vgg16, 224", "vgg16_bn, 64",
        "resnetv2_50, 224", "resnetv2_50, 160", "resnetv2_101, 224",
        "vit_b_16, 224", "deit_tiny_patch16_224, 224", "deit_tiny_distilled_patch16_224, 224", "convnext_tiny, 224", "swin_t, 224",
        "swin_tiny_patch4_window7_224, 224", "deit_tiny_patch16_224, 160", "deit_tiny_distilled_patch16_224, 256", "convnext_tiny, 100", "swin_t, 192",
        "swin_t, 200", "swin_tiny_patch4_window7_224, 192", "swin_tiny_patch4_window7_224, 200"})
    void frozenLogitsAreTheReferences(String name, int size) {
        Reference reference = Reference.of(name, size);
        Backbone backbone = Backbones.create(name, 1000, size);
        StateDict state = reference.weights(backbone);
        double[] errors = new double[2];
        for (Precision precision : Precision.values()) {
            try (FrozenProgram program = FrozenProgram.compile(backbone::of, state, precision, reference.mean(), reference.std())) {
                errors[precision.ordinal()] = Reference.relativeError(reference.logits(), program.run(reference.pixels(), 1, size, size)[0]);
            }
        }
        System.out.printf("%s at %d, logits relative to the largest: float32 %.1e, bfloat16 %.1e (the reference's own: %.1e)%n", name, size, errors[0], errors[1],
            reference.bfloat16Error());
        assertTrue(errors[0] < 1e-4, "float32 " + errors[0]);
        assertTrue(errors[1] < reference.bfloat16Tolerance(), "bfloat16 " + errors[1]);
    }

    /** The large ones, in float32 only: each takes seconds, most of them for the formula. */
    @ParameterizedTest
    @CsvSource({"deit_small_patch16_224, 224", "deit_base_distilled_patch16_224, 224", "vit_b_32, 224", "swin_s, 224", "swin_base_patch4_window7_224, 224",
        "swin_base_patch4_window12_384, 384"})
    void frozenLogitsInFloat32AreTheReferences(String name, int size) {
        Reference reference = Reference.of(name, size);
        Backbone backbone = Backbones.create(name, 1000, size);
        try (FrozenProgram program = FrozenProgram.compile(backbone::of, reference.weights(backbone), Precision.FLOAT32, reference.mean(), reference.std())) {
            double error = Reference.relativeError(reference.logits(), program.run(reference.pixels(), 1, size, size)[0]);
            System.out.printf("%s at %d, logits relative to the largest: float32 %.1e%n", name, size, error);
            assertTrue(error < 1e-4, "float32 " + error);
        }
    }
}
