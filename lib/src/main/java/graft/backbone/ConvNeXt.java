package graft.backbone;

import static graft.torch.Layers.conv2d;
import static graft.torch.Layers.linear;
import static graft.torch.Layers.sequential;

import graft.torch.LayerNorm;
import graft.torch.Module;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;

/**
 * ConvNeXt, Liu et al. 2022 (arXiv:2201.03545), as torchvision has it. Pictures of any size {@code [batch, 3, height, width]};
 * four stages at a quarter, an eighth, a sixteenth and a thirty-second of it. The features are the mean over the last stage's
 * places; the head is their layer norm and a linear layer.
 */
final class ConvNeXt extends Backbone {
    private static final double EPSILON = 1e-6;

    private final Module features;
    private final Classifier classifier;

    private ConvNeXt(String name, long width, List<Integer> depths, double stochasticDepth, long classes) {
        super(name, 8 * width, "classifier.2");
        int blocks = depths.stream().mapToInt(Integer::intValue).sum();
        int before = 0;
        List<Module> layers = new ArrayList<>();
        layers.add(sequential(conv2d(3, width, 4).stride(4).bias(), new LayerNorm2d(width)));
        for (int stage = 0; stage < depths.size(); stage++) {
            long channels = width << stage;
            List<Module> all = new ArrayList<>();
            for (int i = 0; i < depths.get(stage); i++) {
                all.add(new CNBlock(channels, stochasticDepth * before++ / (blocks - 1)));
            }
            layers.add(sequential(all.toArray(Module[]::new)));
            if (stage < depths.size() - 1) {
                layers.add(sequential(new LayerNorm2d(channels), conv2d(channels, 2 * channels, 2).stride(2).bias()));
            }
        }
        features = child("features", sequential(layers.toArray(Module[]::new)));
        classifier = child("classifier", new Classifier(width(), classes));
    }

    static ConvNeXt tiny(long classes) {
        return new ConvNeXt("convnext_tiny", 96, List.of(3, 3, 9, 3), 0.1, classes);
    }

    static ConvNeXt small(long classes) {
        return new ConvNeXt("convnext_small", 96, List.of(3, 3, 27, 3), 0.4, classes);
    }

    static ConvNeXt base(long classes) {
        return new ConvNeXt("convnext_base", 128, List.of(3, 3, 27, 3), 0.5, classes);
    }

    static ConvNeXt large(long classes) {
        return new ConvNeXt("convnext_large", 192, List.of(3, 3, 27, 3), 0.5, classes);
    }

    @Override
    public Value features(Value x) {
        return classifier.norm.of(features.of(x).globalAveragePool());
    }

    @Override
    protected Value head(Value x) {
        return classifier.of(x);
    }

    /** Layer norm over the channels of {@code [batch, channels, height, width]}. */
    private static final class LayerNorm2d extends Module {
        private final long channels;

        LayerNorm2d(long channels) {
            this.channels = channels;
            parameter("weight", channels);
            parameter("bias", channels);
        }

        @Override
        protected Value forward(Value x) {
            return x.permute(0L, 2L, 3L, 1L).layerNorm(channels, ref("weight"), ref("bias"), EPSILON).permute(0L, 3L, 1L, 2L);
        }
    }

    /**
     * A 7×7 convolution of each channel alone, then layer norm, linear, GELU and linear at each place; each channel of that is
     * scaled and the input added. Input and output {@code [batch, channels, height, width]}.
     */
    private static final class CNBlock extends Module {
        private final Module block;
        private final double stochasticDepth;

        CNBlock(long channels, double stochasticDepth) {
            parameter("layer_scale", channels, 1, 1);
            block = child("block", new Branch(channels));
            this.stochasticDepth = stochasticDepth;
        }

        @Override
        protected Value forward(Value x) {
            return block.of(x).mul(entry(x, "layer_scale")).stochasticDepth(stochasticDepth).add(x);
        }
    }

    /** The way through a block; entries 1, 4 and 6 of torchvision's sequence hold nothing. */
    private static final class Branch extends Module {
        private final Module conv;
        private final Module norm;
        private final Module wide;
        private final Module narrow;

        Branch(long channels) {
            conv = child("0", conv2d(channels, channels, 7).padding(3).groups(channels).bias());
            norm = child("2", new LayerNorm(channels, EPSILON));
            wide = child("3", linear(channels, 4 * channels));
            narrow = child("5", linear(4 * channels, channels));
        }

        @Override
        protected Value forward(Value x) {
            Value y = norm.of(conv.of(x).permute(0L, 2L, 3L, 1L));
            return narrow.of(wide.of(y).gelu()).permute(0L, 3L, 1L, 2L);
        }
    }

    /** The layer norm before the head, which belongs to the features, and the head. */
    private static final class Classifier extends Module {
        private final Module norm;
        private final Module linear;

        Classifier(long width, long classes) {
            norm = child("0", new LayerNorm(width, EPSILON));
            linear = child("2", linearHead(width, classes));
        }

        @Override
        protected Value forward(Value x) {
            return linear.of(x);
        }
    }
}
