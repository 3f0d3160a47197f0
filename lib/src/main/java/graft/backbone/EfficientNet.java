package graft.backbone;

import static graft.torch.Layers.sequential;

import graft.torch.Module;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * EfficientNet B0 to B4, Tan and Le 2019 (arXiv:1905.11946), as torchvision has it. Each of them is trained for an input size of its
 * own, 224, 240, 288, 300 and 380 pixels, and takes others.
 */
final class EfficientNet extends Backbone {
    /** The paper's table 1, for B0: expansion, kernel, stride of the first, output channels, repetitions. */
    private static final long[][] STAGES = {
        {1, 3, 1, 16, 1}, {6, 3, 2, 24, 2}, {6, 5, 2, 40, 2}, {6, 3, 2, 80, 3}, {6, 5, 1, 112, 3}, {6, 5, 2, 192, 4}, {6, 3, 1, 320, 1},
    };
    private static final double STOCHASTIC_DEPTH = 0.2;
    private static final ConvNormActivation.Norms NORMS = ConvNormActivation.Norms.USUAL;

    private final Module head;

    private EfficientNet(String name, double widthFactor, double depthFactor, double dropout, Variant variant) {
        super(name, 4 * channels(320, widthFactor), variant, dropout, "classifier.1");
        long in = channels(32, widthFactor);
        Level features = child("features", new Level());
        int place = 0;
        add(features, place++, new ConvNormActivation(3, in, 3, 2, 1, NORMS, Value::silu));
        int blocks = 0;
        for (long[] row : STAGES) {
            blocks += repetitions(row, depthFactor);
        }
        int block = 0;
        for (long[] row : STAGES) {
            long out = channels(row[3], widthFactor);
            List<Module> stage = new ArrayList<>();
            for (int i = 0; i < repetitions(row, depthFactor); i++) {
                stage.add(new MBConv(in, out, row[0], row[1], i == 0 ? row[2] : 1, variant.dropPath(STOCHASTIC_DEPTH) * block / blocks));
                in = out;
                block++;
            }
            add(features, place++, sequential(stage.toArray(Module[]::new)));
        }
        Module last = features.add(Integer.toString(place), new ConvNormActivation(in, width(), 1, 1, 1, NORMS, Value::silu));
        poolingStage("features." + place, List.of("features." + place), width(), last::of, Value::globalAveragePool);
        head = child("classifier", new Level()).add("1", head(width(), variant));
    }

    private void add(Level features, int place, Module stage) {
        features.add(Integer.toString(place), stage);
        stage("features." + place, List.of("features." + place), stage::of);
    }

    static EfficientNet b0(Variant variant) {
        return new EfficientNet("efficientnet_b0", 1.0, 1.0, 0.2, variant);
    }

    static EfficientNet b1(Variant variant) {
        return new EfficientNet("efficientnet_b1", 1.0, 1.1, 0.2, variant);
    }

    static EfficientNet b2(Variant variant) {
        return new EfficientNet("efficientnet_b2", 1.1, 1.2, 0.3, variant);
    }

    static EfficientNet b3(Variant variant) {
        return new EfficientNet("efficientnet_b3", 1.2, 1.4, 0.3, variant);
    }

    static EfficientNet b4(Variant variant) {
        return new EfficientNet("efficientnet_b4", 1.4, 1.8, 0.4, variant);
    }

    /** The nearest multiple of 8 that is not below 90 % of the product. */
    private static long channels(long base, double factor) {
        double exact = base * factor;
        long rounded = Math.max(8, (long) (exact + 4) / 8 * 8);
        return rounded < 0.9 * exact ? rounded + 8 : rounded;
    }

    private static int repetitions(long[] row, double factor) {
        return (int) Math.ceil(row[4] * factor);
    }

    @Override
    protected Value head(Value x) {
        return head.of(x);
    }

    /**
     * Widens by 1×1, filters each channel, weighs the channels, narrows by 1×1 without an activation; the input is added where
     * the shapes agree. Input {@code [batch, in, height, width]}, output {@code [batch, out, ⌈height/stride⌉, ⌈width/stride⌉]}.
     */
    private static final class MBConv extends Module {
        private final Module block;
        private final double drop;
        private final boolean residual;

        MBConv(long in, long out, long expansion, long kernel, long stride, double drop) {
            long hidden = in * expansion;
            List<Module> layers = new ArrayList<>();
            if (expansion != 1) {
                layers.add(new ConvNormActivation(in, hidden, 1, 1, 1, NORMS, Value::silu));
            }
            layers.add(new ConvNormActivation(hidden, hidden, kernel, stride, hidden, NORMS, Value::silu));
            layers.add(new SqueezeExcitation(hidden, Math.max(1, in / 4), Value::silu, Value::sigmoid));
            layers.add(new ConvNormActivation(hidden, out, 1, 1, 1, NORMS, UnaryOperator.identity()));
            block = child("block", sequential(layers.toArray(Module[]::new)));
            this.drop = drop;
            residual = stride == 1 && in == out;
        }

        @Override
        protected Value forward(Value x) {
            Value y = block.of(x);
            return residual ? y.stochasticDepth(drop).add(x) : y;
        }
    }
}
