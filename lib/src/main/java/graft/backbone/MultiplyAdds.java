package graft.backbone;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * How many billion multiplications with their additions a forward pass of one picture takes, as torchvision publishes them
 * ({@code _ops} of version 0.29's {@code WeightsEnum} classes); those of timm's models by the same count, half of what
 * {@code torch.utils.flop_counter} says. Papers often call that number GFLOPs.
 */
public final class MultiplyAdds {
    private static final Map<String, Double> BILLIONS = Map.ofEntries(
        Map.entry("convnext_tiny 224", 4.456), Map.entry("convnext_small 224", 8.684), Map.entry("convnext_base 224", 15.355), Map.entry("convnext_large 224", 34.361),
        Map.entry("efficientnet_b0 224", 0.386), Map.entry("efficientnet_b1 240", 0.687), Map.entry("efficientnet_b2 288", 1.088),
        Map.entry("efficientnet_b3 300", 1.827), Map.entry("efficientnet_b4 380", 4.394),
        Map.entry("deit_tiny_patch16_224 224", 1.254), Map.entry("deit_small_patch16_224 224", 4.599), Map.entry("deit_base_patch16_224 224", 17.564),
        Map.entry("deit_base_patch16_384 384", 55.484), Map.entry("deit_tiny_distilled_patch16_224 224", 1.261),
        Map.entry("deit_small_distilled_patch16_224 224", 4.624), Map.entry("deit_base_distilled_patch16_224 224", 17.657),
        Map.entry("deit_base_distilled_patch16_384 384", 55.591),
        Map.entry("mobilenet_v2 224", 0.301), Map.entry("mobilenet_v3_large 224", 0.217), Map.entry("mobilenet_v3_small 224", 0.057),
        Map.entry("resnet18 224", 1.814), Map.entry("resnet34 224", 3.664), Map.entry("resnet50 224", 4.089), Map.entry("resnet101 224", 7.801),
        Map.entry("resnetv2_50 288", 6.758), Map.entry("resnetv2_101 288", 12.895),
        Map.entry("swin_tiny_patch4_window7_224 224", 4.491), Map.entry("swin_small_patch4_window7_224 224", 8.741),
        Map.entry("swin_base_patch4_window7_224 224", 15.431), Map.entry("swin_base_patch4_window12_384 384", 47.083),
        Map.entry("swin_large_patch4_window7_224 224", 34.476), Map.entry("swin_large_patch4_window12_384 384", 103.919),
        Map.entry("swin_t 224", 4.491), Map.entry("swin_s 224", 8.741), Map.entry("swin_b 224", 15.431),
        Map.entry("vgg11 224", 7.609), Map.entry("vgg11_bn 224", 7.609), Map.entry("vgg13 224", 11.308), Map.entry("vgg13_bn 224", 11.308),
        Map.entry("vgg16 224", 15.47), Map.entry("vgg16_bn 224", 15.47), Map.entry("vgg19 224", 19.632), Map.entry("vgg19_bn 224", 19.632),
        Map.entry("vit_b_16 224", 17.564), Map.entry("vit_b_16 384", 55.484), Map.entry("vit_b_32 224", 4.409), Map.entry("vit_l_16 224", 61.555),
        Map.entry("vit_l_16 512", 361.986), Map.entry("vit_l_32 224", 15.378), Map.entry("vit_h_14 224", 167.295), Map.entry("vit_h_14 518", 1016.717));

    private MultiplyAdds() { }

    /** Billions for a picture of {@code size × size} pixels, with the head for 1000 classes; empty at a size for which no weights are published. */
    public static OptionalDouble of(String backbone, int size) {
        Double billions = BILLIONS.get(backbone + " " + size);
        return billions == null ? OptionalDouble.empty() : OptionalDouble.of(billions);
    }
}
