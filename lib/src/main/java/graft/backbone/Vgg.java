package graft.backbone;

import static graft.torch.Layers.batchNorm2d;
import static graft.torch.Layers.conv2d;
import static graft.torch.Layers.linear;

import graft.torch.Module;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;

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

    private final Features features;
    private final Classifier classifier;

    private Vgg(String name, List<Integer> depths, boolean norm, long classes) {
        super(name, 4096, "classifier.6");
        features = child("features", new Features(depths, norm));
        classifier = child("classifier", new Classifier(width(), classes));
    }

    static Vgg vgg11(long classes) {
        return new Vgg("vgg11", A, false, classes);
    }

    static Vgg vgg13(long classes) {
        return new Vgg("vgg13", B, false, classes);
    }

    static Vgg vgg16(long classes) {
        return new Vgg("vgg16", D, false, classes);
    }

    static Vgg vgg19(long classes) {
        return new Vgg("vgg19", E, false, classes);
    }

    static Vgg vgg11WithNorm(long classes) {
        return new Vgg("vgg11_bn", A, true, classes);
    }

    static Vgg vgg13WithNorm(long classes) {
        return new Vgg("vgg13_bn", B, true, classes);
    }

    static Vgg vgg16WithNorm(long classes) {
        return new Vgg("vgg16_bn", D, true, classes);
    }

    static Vgg vgg19WithNorm(long classes) {
        return new Vgg("vgg19_bn", E, true, classes);
    }

    @Override
    public Value features(Value x) {
        return classifier.hidden(features.of(x).adaptiveAveragePool2d(GRID).flatten()).float32();
    }

    @Override
    protected Value head(Value x) {
        return classifier.head(x);
    }

    /** The convolutions. Activations and poolings take a number too, so the names have gaps. Output {@code [batch, 512, height/32, width/32]}. */
    private static final class Features extends Module {
        private final List<List<Module>> groups = new ArrayList<>();
        private final boolean norm;

        Features(List<Integer> depths, boolean norm) {
            this.norm = norm;
            long in = 3;
            int place = 0;
            for (int group = 0; group < depths.size(); group++) {
                long out = Math.min(64L << group, 512);
                List<Module> layers = new ArrayList<>();
                for (int i = 0; i < depths.get(group); i++) {
                    layers.add(child(Integer.toString(place++), conv2d(in, out, 3).padding(1).bias()));
                    if (norm) {
                        layers.add(child(Integer.toString(place++), batchNorm2d(out)));
                    }
                    place++;
                    in = out;
                }
                place++;
                groups.add(layers);
            }
        }

        @Override
        protected Value forward(Value x) {
            Value y = x;
            for (List<Module> layers : groups) {
                for (int i = 0; i < layers.size(); i++) {
                    y = layers.get(i).of(y);
                    y = norm && i % 2 == 0 ? y : y.relu();
                }
                y = y.maxPool2d(2, 2, 0);
            }
            return y;
        }
    }

    /** Two hidden layers, entries 0 and 3, and the head, entry 6, with ReLU and dropout between them. */
    private static final class Classifier extends Module {
        private final Module first;
        private final Module second;
        private final Module linear;

        Classifier(long width, long classes) {
            first = child("0", linear(512 * GRID * GRID, width));
            second = child("3", linear(width, width));
            linear = child("6", linearHead(width, classes));
        }

        Value hidden(Value x) {
            return second.of(first.of(x).relu().dropout(0.5)).relu();
        }

        Value head(Value x) {
            return linear.of(x.dropout(0.5));
        }

        @Override
        protected Value forward(Value x) {
            return head(hidden(x));
        }
    }
}
