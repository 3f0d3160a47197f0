package graft.backbone;

import static graft.torch.Layers.linear;
import static graft.torch.Layers.sequential;

import graft.torch.Module;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

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

    private final Level features = child("features", new Level());
    private final Module head;

    private MobileNetV3(String name, List<Row> rows, long width, Variant variant) {
        super(name, width, variant, 0.2, "classifier.3");
        long in = 16;
        Module stem = features.add("0", new ConvNormActivation(3, in, 3, 2, 1, NORMS, HS));
        stage("features.0", List.of("features.0"), stem::of);
        for (int i = 0; i < rows.size();) {
            int first = i + 1;
            long out = rows.get(i).out();
            List<Module> blocks = new ArrayList<>();
            for (; i < rows.size() && rows.get(i).out() == out; i++) {
                blocks.add(features.add(Integer.toString(i + 1), new InvertedResidual(in, rows.get(i))));
                in = out;
            }
            stage("features." + first, IntStream.rangeClosed(first, i).mapToObj(place -> "features." + place).toList(), x -> inTurn(blocks, x));
        }
        String last = "features." + (rows.size() + 1);
        Module conv = features.add(Integer.toString(rows.size() + 1), new ConvNormActivation(in, 6 * in, 1, 1, 1, NORMS, HS));
        poolingStage(last, List.of(last), 6 * in, conv::of, Value::globalAveragePool);
        Level classifier = child("classifier", new Level());
        Module hidden = classifier.add("0", linear(6 * in, width).float32());
        tokenStage("classifier.0", List.of("classifier.0"), x -> hidden.of(x).hardswish());
        head = classifier.add("3", head(width, variant));
    }

    static MobileNetV3 large(Variant variant) {
        return new MobileNetV3("mobilenet_v3_large", LARGE, 1280, variant);
    }

    static MobileNetV3 small(Variant variant) {
        return new MobileNetV3("mobilenet_v3_small", SMALL, 1024, variant);
    }

    @Override
    protected Value head(Value x) {
        return head.of(x);
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
}
