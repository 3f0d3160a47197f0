package graft.backbone;

import static graft.torch.Layers.conv2d;
import static graft.torch.Layers.linear;
import static graft.torch.Layers.sequential;

import graft.torch.LayerNorm;
import graft.torch.Module;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * ConvNeXt, Liu et al. 2022 (arXiv:2201.03545), as torchvision has it. Pictures of any size {@code [batch, 3, height, width]};
 * four stages at a quarter, an eighth, a sixteenth and a thirty-second of it. The features are the mean over the last stage's
 * places; the head is their layer norm and a linear layer.
 */
final class ConvNeXt extends Backbone {
    private static final double EPSILON = 1e-6;

    private final Level features = child("features", new Level());
    private final Module head;

    private ConvNeXt(String name, long width, List<Integer> depths, double stochasticDepth, Variant variant) {
        super(name, 8 * width, variant, 0, "classifier.2");
        int blocks = depths.stream().mapToInt(Integer::intValue).sum();
        int before = 0;
        Level classifier = new Level();
        Module norm = classifier.add("0", new LayerNorm(width(), EPSILON));
        head = classifier.add("2", head(width(), variant));
        stage("features.0", List.of("features.0"), features.add("0", sequential(conv2d(3, width, 4).stride(4).bias(), new LayerNorm2d(width)))::of);
        for (int stage = 0; stage < depths.size(); stage++) {
            long channels = width << stage;
            List<Module> all = new ArrayList<>();
            for (int i = 0; i < depths.get(stage); i++) {
                all.add(new CNBlock(channels, variant.dropPath(stochasticDepth) * before++ / (blocks - 1)));
            }
            add(stage, channels, sequential(all.toArray(Module[]::new)), stage == depths.size() - 1 ? norm : null);
        }
        child("classifier", classifier);
    }

    /** A stage of blocks, behind what halves the map before all but the first; the norm of the features belongs to the last. */
    private void add(int stage, long channels, Module blocks, Module norm) {
        List<String> paths = new ArrayList<>();
        Module half = null;
        if (stage > 0) {
            half = features.add(Integer.toString(2 * stage), sequential(new LayerNorm2d(channels / 2), conv2d(channels / 2, channels, 2).stride(2).bias()));
            paths.add("features." + 2 * stage);
        }
        String path = Integer.toString(2 * stage + 1);
        features.add(path, blocks);
        paths.add("features." + path);
        if (norm != null) {
            paths.add("classifier.0");
        }
        Module before = half;
        UnaryOperator<Value> maps = x -> blocks.of(before == null ? x : before.of(x));
        if (norm == null) {
            stage("features." + path, paths, maps);
        } else {
            poolingStage("features." + path, paths, channels, maps, x -> norm.of(x.globalAveragePool()));
        }
    }

    static ConvNeXt tiny(Variant variant) {
        return new ConvNeXt("convnext_tiny", 96, List.of(3, 3, 9, 3), 0.1, variant);
    }

    static ConvNeXt small(Variant variant) {
        return new ConvNeXt("convnext_small", 96, List.of(3, 3, 27, 3), 0.4, variant);
    }

    static ConvNeXt base(Variant variant) {
        return new ConvNeXt("convnext_base", 128, List.of(3, 3, 27, 3), 0.5, variant);
    }

    static ConvNeXt large(Variant variant) {
        return new ConvNeXt("convnext_large", 192, List.of(3, 3, 27, 3), 0.5, variant);
    }

    @Override
    protected Value head(Value x) {
        return head.of(x);
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
            return x.permute(0, 2, 3, 1).layerNorm(channels, ref("weight"), ref("bias"), EPSILON).permute(0, 3, 1, 2);
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
            Value y = norm.of(conv.of(x).permute(0, 2, 3, 1));
            return narrow.of(wide.of(y).gelu()).permute(0, 3, 1, 2);
        }
    }
}
