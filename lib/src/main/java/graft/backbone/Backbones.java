package graft.backbone;

import graft.InputException;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** All backbones, by torchvision's and timm's names. */
public final class Backbones {
    private static final Map<String, LongFunction<Backbone>> ALL = new TreeMap<>(Map.of(
        "mobilenet_v2", MobileNetV2::new,
        "resnet18", ResNet::resnet18,
        "resnet34", ResNet::resnet34,
        "resnet50", ResNet::resnet50,
        "resnet101", ResNet::resnet101));

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
