package graft.backbone;

import graft.InputException;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** All backbones, by torchvision's and timm's names. */
public final class Backbones {
    private static final Map<String, LongFunction<Backbone>> ALL = new TreeMap<>();

    static {
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

    private Backbones() { }

    /** A new description of the backbone with a head for so many classes. */
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
