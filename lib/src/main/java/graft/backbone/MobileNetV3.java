package graft.backbone;

import static graft.torch.Layers.linear;
import static graft.torch.Layers.sequential;

import graft.torch.Module;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * MobileNetV3 large and small, Howard et al. 2019 (arXiv:1905.02244), width 1, as torchvision has it. Features are those of the
 * hidden layer before the head.
 */
final class MobileNetV3 extends Backbone {
    private static final ConvNormActivation.Norms NORMS = new ConvNormActivation.Norms(1e-3, 1e-2);

    /** A row of the paper's tables 1 and 2. */
    private record Row(long kernel, long hidden, long out, boolean squeeze, UnaryOperator<Value> activation, long stride) { }

    private static final UnaryOperator<Value> RE = Value::relu;
    private static final UnaryOperator<Value> HS = Value::hardswish;
    private static final List<Row> LARGE = List.of(
        new Row(3, 16, 16, false, RE, 1), new Row(3, 64, 24, false, RE, 2), new Row(3, 72, 24, false, RE, 1),
        new Row(5, 72, 40, true, RE, 2), new Row(5, 120, 40, true, RE, 1), new Row(5, 120, 40, true, RE, 1),
        new Row(3, 240, 80, false, HS, 2), new Row(3, 200, 80, false, HS, 1), new Row(3, 184, 80, false, HS, 1), new Row(3, 184, 80, false, HS, 1),
        new Row(3, 480, 112, true, HS, 1), new Row(3, 672, 112, true, HS, 1),
        new Row(5, 672, 160, true, HS, 2), new Row(5, 960, 160, true, HS, 1), new Row(5, 960, 160, true, HS, 1));
    private static final List<Row> SMALL = List.of(
        new Row(3, 16, 16, true, RE, 2), new Row(3, 72, 24, false, RE, 2), new Row(3, 88, 24, false, RE, 1),
        new Row(5, 96, 40, true, HS, 2), new Row(5, 240, 40, true, HS, 1), new Row(5, 240, 40, true, HS, 1),
        new Row(5, 120, 48, true, HS, 1), new Row(5, 144, 48, true, HS, 1),
        new Row(5, 288, 96, true, HS, 2), new Row(5, 576, 96, true, HS, 1), new Row(5, 576, 96, true, HS, 1));

    private final Module features;
    private final Classifier classifier;

    private MobileNetV3(String name, List<Row> rows, long width, long classes) {
        super(name, width, "classifier.3");
        long in = 16;
        List<Module> layers = new ArrayList<>();
        layers.add(new ConvNormActivation(3, in, 3, 2, 1, NORMS, HS));
        for (Row row : rows) {
            layers.add(new InvertedResidual(in, row));
            in = row.out();
        }
        layers.add(new ConvNormActivation(in, 6 * in, 1, 1, 1, NORMS, HS));
        features = child("features", sequential(layers.toArray(Module[]::new)));
        classifier = child("classifier", new Classifier(6 * in, width, classes));
    }

    static MobileNetV3 large(long classes) {
        return new MobileNetV3("mobilenet_v3_large", LARGE, 1280, classes);
    }

    static MobileNetV3 small(long classes) {
        return new MobileNetV3("mobilenet_v3_small", SMALL, 1024, classes);
    }

    @Override
    public Value features(Value x) {
        return classifier.hidden(features.of(x).globalAveragePool());
    }

    @Override
    protected Value head(Value x) {
        return classifier.head(x);
    }

    /**
     * Widens by 1×1 where that changes anything, filters each channel, weighs the channels in some, narrows by 1×1 without an activation;
     * the input is added where the shapes agree. Input {@code [batch, in, height, width]}, output
     * {@code [batch, out, ⌈height/stride⌉, ⌈width/stride⌉]}.
     */
    private static final class InvertedResidual extends Module {
        private final Module block;
        private final boolean residual;

        InvertedResidual(long in, Row row) {
            List<Module> layers = new ArrayList<>();
            if (row.hidden() != in) {
                layers.add(new ConvNormActivation(in, row.hidden(), 1, 1, 1, NORMS, row.activation()));
            }
            layers.add(new ConvNormActivation(row.hidden(), row.hidden(), row.kernel(), row.stride(), row.hidden(), NORMS, row.activation()));
            if (row.squeeze()) {
                layers.add(new SqueezeExcitation(row.hidden(), squeezed(row.hidden()), Value::relu, Value::hardsigmoid));
            }
            layers.add(new ConvNormActivation(row.hidden(), row.out(), 1, 1, 1, NORMS, UnaryOperator.identity()));
            block = child("block", sequential(layers.toArray(Module[]::new)));
            residual = row.stride() == 1 && in == row.out();
        }

        /** A quarter, to the nearest multiple of 8 that is not below 90 % of it. */
        private static long squeezed(long hidden) {
            long quarter = hidden / 4;
            long rounded = Math.max(8, (quarter + 4) / 8 * 8);
            return rounded < 0.9 * quarter ? rounded + 8 : rounded;
        }

        @Override
        protected Value forward(Value x) {
            Value y = block.of(x);
            return residual ? y.add(x) : y;
        }
    }

    /** The hidden layer, entry 0; hardswish; dropout; the head, entry 3. */
    private static final class Classifier extends Module {
        private final Module hidden;
        private final Module linear;

        Classifier(long in, long width, long classes) {
            hidden = child("0", linear(in, width).float32());
            linear = child("3", linearHead(width, classes));
        }

        Value hidden(Value x) {
            return hidden.of(x).hardswish();
        }

        Value head(Value x) {
            return linear.of(x.dropout(0.2));
        }

        @Override
        protected Value forward(Value x) {
            return head(hidden(x));
        }
    }
}
