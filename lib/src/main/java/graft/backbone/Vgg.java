package graft.backbone;

import static graft.torch.Layers.batchNorm2d;
import static graft.torch.Layers.conv2d;
import static graft.torch.Layers.linear;

import graft.torch.Module;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * VGG with 11, 13, 16 and 19 layers, Simonyan and Zisserman 2014 (arXiv:1409.1556), without and with batch norm, as torchvision has
 * it: the last map is averaged to 7×7, so that other input sizes fit. Features are the 4096 of the last hidden layer. The
 * input is at least 32×32.
 */
final class Vgg extends Backbone {
    /** How many 3×3 convolutions of 64, 128, 256, 512 and 512 channels; each group ends in a pooling. The paper's columns A, B, D, E. */
    private static final List<Integer> A = List.of(1, 1, 2, 2, 2);
    private static final List<Integer> B = List.of(2, 2, 2, 2, 2);
    private static final List<Integer> D = List.of(2, 2, 3, 3, 3);
    private static final List<Integer> E = List.of(2, 2, 4, 4, 4);
    private static final long GRID = 7;
    /** Before the second hidden layer and before the head. */
    private static final double DROPOUT = 0.5;

    private final Module head;

    private Vgg(String name, List<Integer> depths, boolean norm, Variant variant) {
        super(name, 4096, variant, DROPOUT, "classifier.6");
        addFeatures(depths, norm);
        Level classifier = child("classifier", new Level());
        Module first = classifier.add("0", linear(512 * GRID * GRID, width()));
        Module second = classifier.add("3", linear(width(), width()));
        stage("classifier.0", List.of("classifier.0"), x -> first.of(x.adaptiveAveragePool2d(GRID).flatten()).relu());
        tokenStage("classifier.3", List.of("classifier.3"), x -> second.of(x.dropout(variant.dropout(DROPOUT), second)).relu().float32());
        head = classifier.add("6", head(width(), variant));
    }

    /** The convolutions, a stage for each size of map. Activations and poolings take a number too, so the names have gaps. */
    private void addFeatures(List<Integer> depths, boolean norm) {
        Level features = child("features", new Level());
        long in = 3;
        int place = 0;
        for (int group = 0; group < depths.size(); group++) {
            long out = Math.min(64L << group, 512);
            List<String> paths = new ArrayList<>();
            List<UnaryOperator<Value>> layers = new ArrayList<>();
            for (int i = 0; i < depths.get(group); i++) {
                paths.add("features." + place);
                Module conv = features.add(Integer.toString(place++), conv2d(in, out, 3).padding(1).bias());
                if (norm) {
                    paths.add("features." + place);
                    Module batchNorm = features.add(Integer.toString(place++), batchNorm2d(out));
                    layers.add(x -> batchNorm.of(conv.of(x)).relu());
                } else {
                    layers.add(x -> conv.of(x).relu());
                }
                place++;
                in = out;
            }
            place++;
            UnaryOperator<Value> maps = x -> {
                Value y = x;
                for (UnaryOperator<Value> layer : layers) {
                    y = layer.apply(y);
                }
                return y;
            };
            if (group < depths.size() - 1) {
                stage(paths.get(0), paths, x -> maps.apply(x).maxPool2d(2, 2, 0));
            } else {
                poolingStage(paths.get(0), paths, out, maps, x -> x.maxPool2d(2, 2, 0));
            }
        }
    }

    static Vgg vgg11(Variant variant) {
        return new Vgg("vgg11", A, false, variant);
    }

    static Vgg vgg13(Variant variant) {
        return new Vgg("vgg13", B, false, variant);
    }

    static Vgg vgg16(Variant variant) {
        return new Vgg("vgg16", D, false, variant);
    }

    static Vgg vgg19(Variant variant) {
        return new Vgg("vgg19", E, false, variant);
    }

    static Vgg vgg11WithNorm(Variant variant) {
        return new Vgg("vgg11_bn", A, true, variant);
    }

    static Vgg vgg13WithNorm(Variant variant) {
        return new Vgg("vgg13_bn", B, true, variant);
    }

    static Vgg vgg16WithNorm(Variant variant) {
        return new Vgg("vgg16_bn", D, true, variant);
    }

    static Vgg vgg19WithNorm(Variant variant) {
        return new Vgg("vgg19_bn", E, true, variant);
    }

    @Override
    protected Value head(Value x) {
        return head.of(x);
    }
}
