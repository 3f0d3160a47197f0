package graft.backbone;

import graft.InputException;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** All backbones, by torchvision's and timm's names. */
public final class Backbones {
    private static final Map<String, Function<Variant, Backbone>> ALL = new TreeMap<>();
    /** The usual input size of those that are described for one. */
    private static final Map<String, Long> SIZES = new TreeMap<>();
    /** What the names of families with residual branches that can be dropped begin with. */
    private static final List<String> DROP_PATHS = List.of("convnext_", "deit_", "efficientnet_", "swin_", "vit_");

    static {
        ALL.put("convnext_base", ConvNeXt::base);
        ALL.put("convnext_large", ConvNeXt::large);
        ALL.put("convnext_small", ConvNeXt::small);
        ALL.put("convnext_tiny", ConvNeXt::tiny);
        ALL.put("efficientnet_b0", EfficientNet::b0);
        ALL.put("efficientnet_b1", EfficientNet::b1);
        ALL.put("efficientnet_b2", EfficientNet::b2);
        ALL.put("efficientnet_b3", EfficientNet::b3);
        ALL.put("efficientnet_b4", EfficientNet::b4);
        ALL.put("mobilenet_v2", MobileNetV2::new);
        ALL.put("mobilenet_v3_large", MobileNetV3::large);
        ALL.put("mobilenet_v3_small", MobileNetV3::small);
        ALL.put("resnet18", ResNet::resnet18);
        ALL.put("resnet34", ResNet::resnet34);
        ALL.put("resnet50", ResNet::resnet50);
        ALL.put("resnet101", ResNet::resnet101);
        ALL.put("resnetv2_50", ResNetV2::resnetv2x50);
        ALL.put("resnetv2_101", ResNetV2::resnetv2x101);
        ALL.put("vgg11", Vgg::vgg11);
        ALL.put("vgg11_bn", Vgg::vgg11WithNorm);
        ALL.put("vgg13", Vgg::vgg13);
        ALL.put("vgg13_bn", Vgg::vgg13WithNorm);
        ALL.put("vgg16", Vgg::vgg16);
        ALL.put("vgg16_bn", Vgg::vgg16WithNorm);
        ALL.put("vgg19", Vgg::vgg19);
        ALL.put("vgg19_bn", Vgg::vgg19WithNorm);
    }

    static {
        sized("vit_b_16", 224, VisionTransformer::b16);
        sized("vit_b_32", 224, VisionTransformer::b32);
        sized("vit_l_16", 224, VisionTransformer::l16);
        sized("vit_l_32", 224, VisionTransformer::l32);
        sized("vit_h_14", 224, VisionTransformer::h14);
        sized("deit_tiny_patch16_224", 224, DeiT::tiny);
        sized("deit_small_patch16_224", 224, DeiT::small);
        sized("deit_base_patch16_224", 224, DeiT::base);
        sized("deit_base_patch16_384", 384, DeiT::base384);
        sized("deit_tiny_distilled_patch16_224", 224, DeiT::tinyDistilled);
        sized("deit_small_distilled_patch16_224", 224, DeiT::smallDistilled);
        sized("deit_base_distilled_patch16_224", 224, DeiT::baseDistilled);
        sized("deit_base_distilled_patch16_384", 384, DeiT::baseDistilled384);
        sized("swin_tiny_patch4_window7_224", 224, Swin::tiny);
        sized("swin_small_patch4_window7_224", 224, Swin::small);
        sized("swin_base_patch4_window7_224", 224, Swin::base);
        sized("swin_base_patch4_window12_384", 384, Swin::base384);
        sized("swin_large_patch4_window7_224", 224, Swin::large);
        sized("swin_large_patch4_window12_384", 384, Swin::large384);
        sized("swin_t", 224, Swin::torchvisionTiny);
        sized("swin_s", 224, Swin::torchvisionSmall);
        sized("swin_b", 224, Swin::torchvisionBase);
    }

    private static void sized(String name, long size, Function<Variant, Backbone> backbone) {
        SIZES.put(name, size);
        ALL.put(name, backbone);
    }

    private Backbones() { }

    /** A new description of the backbone with a linear head for so many classes, for pictures of its usual size. */
    public static Backbone create(String name, long classes) {
        return create(name, classes, SIZES.getOrDefault(name, 0L));
    }

    /**
     * The same for pictures of {@code size × size} pixels.
     *
     * @throws InputException if the name is not known, or the backbone cannot have that size
     */
    public static Backbone create(String name, long classes, long size) {
        return create(name, classes, size, Head.linear());
    }

    /** The same with another head. */
    public static Backbone create(String name, long classes, long size, Head head) {
        return create(name, classes, size, head, Double.NaN, Double.NaN);
    }

    /**
     * The same with other rates of what training drops.
     *
     * @param dropPath how often the last residual branch of a picture is dropped (stochastic depth, less towards the first), 0 to 1; NaN: as the paper has it
     * @param dropout the share of the features that the head does not see, of VGG also of those before the last hidden layer, 0 to 1; NaN: as the paper has it
     * @throws InputException if the backbone has no branches to drop
     */
    public static Backbone create(String name, long classes, long size, Head head, double dropPath, double dropout) {
        if (dropPath > 0 && DROP_PATHS.stream().noneMatch(name::startsWith)) {
            throw new InputException("%s has no stochastic depth, so a drop path of %s is not possible; those whose names begin with %s have"
                .formatted(name, dropPath, String.join(", ", DROP_PATHS)));
        }
        return create(name, new Variant(classes, size, head, dropPath, dropout));
    }

    static Backbone create(String name, Variant variant) {
        Function<Variant, Backbone> backbone = ALL.get(name);
        if (backbone == null) {
            throw new InputException("--backbone " + name + " is not known; the known backbones are " + String.join(", ", ALL.keySet()));
        }
        return backbone.apply(variant);
    }

    /** The names, sorted. */
    public static Set<String> names() {
        return ALL.keySet();
    }
}
