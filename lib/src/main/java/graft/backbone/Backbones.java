package graft.backbone;

import graft.InputException;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** All backbones, by torchvision's and timm's names. */
public final class Backbones {
    private static final Map<String, LongFunction<Backbone>> ALL = new TreeMap<>();
    private static final Map<String, Sized> SIZED = new TreeMap<>();

    /** A description for one input size. */
    @FunctionalInterface
    private interface Sized {
        Backbone create(long classes, long size);
    }

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

    private static void sized(String name, long size, Sized backbone) {
        SIZED.put(name, backbone);
        ALL.put(name, classes -> backbone.create(classes, size));
    }

    private Backbones() { }

    /**
     * A new description of the backbone for pictures of {@code size × size} pixels.
     *
     * @throws InputException if the name is not known, or the backbone cannot have that size
     */
    public static Backbone create(String name, long classes, long size) {
        Sized backbone = SIZED.get(name);
        return backbone == null ? create(name, classes) : backbone.create(classes, size);
    }

    /** A new description of the backbone with a head for so many classes, for pictures of its usual size. */
    public static Backbone create(String name, long classes) {
        LongFunction<Backbone> backbone = ALL.get(name);
        if (backbone == null) {
            throw new InputException("--backbone " + name + " is not known; the known backbones are " + String.join(", ", ALL.keySet()));
        }
        return backbone.apply(classes);
    }

    /** The names, sorted. */
    public static Set<String> names() {
        return ALL.keySet();
    }
}
