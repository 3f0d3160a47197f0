package graft.backbone;

import static graft.torch.Layers.batchNorm2d;
import static graft.torch.Layers.conv2d;
import static graft.torch.Layers.sequential;

import graft.torch.Module;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;

/** MobileNetV2, Sandler et al. 2018 (arXiv:1801.04381), width 1, as torchvision has it. */
final class MobileNetV2 extends Backbone {
    /** The paper's table 2: expansion, output channels, repetitions, stride of the first. */
    private static final long[][] BLOCKS = {
        {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1},
    };

    private final Level features = child("features", new Level());
    private final Module head;
    private int place;

    MobileNetV2(Variant variant) {
        super("mobilenet_v2", 1280, variant, 0.2, "classifier.1");
        add(List.of(relu6(3, 32, 3, 2, 1)));
        long in = 32;
        for (long[] row : BLOCKS) {
            List<Module> blocks = new ArrayList<>();
            for (int i = 0; i < row[2]; i++) {
                blocks.add(new InvertedResidual(in, row[1], i == 0 ? row[3] : 1, row[0]));
                in = row[1];
            }
            add(blocks);
        }
        Module last = features.add(Integer.toString(place), relu6(in, width(), 1, 1, 1));
        poolingStage("features." + place, List.of("features." + place), width(), last::of, Value::globalAveragePool);
        head = child("classifier", new Level()).add("1", head(width(), variant));
    }

    /** A stage of blocks one after the other. */
    private void add(List<Module> blocks) {
        String stage = "features." + place;
        List<String> paths = new ArrayList<>();
        for (Module block : blocks) {
            paths.add("features." + place);
            features.add(Integer.toString(place++), block);
        }
        stage(stage, paths, x -> inTurn(blocks, x));
    }

    private static ConvNormActivation relu6(long in, long out, long kernel, long stride, long groups) {
        return new ConvNormActivation(in, out, kernel, stride, groups, ConvNormActivation.Norms.USUAL, Value::relu6);
    }

    @Override
    protected Value head(Value x) {
        return head.of(x);
    }

    /**
     * Widens by 1×1, filters each channel by 3×3, narrows by 1×1 without an activation; the input is added where the shapes
     * agree. Input {@code [batch, in, height, width]}, output {@code [batch, out, height/stride, width/stride]}.
     */
    private static final class InvertedResidual extends Module {
        private final Module conv;
        private final boolean residual;

        InvertedResidual(long in, long out, long stride, long expansion) {
            long hidden = in * expansion;
            List<Module> layers = new ArrayList<>();
            if (expansion != 1) {
                layers.add(relu6(in, hidden, 1, 1, 1));
            }
            layers.add(relu6(hidden, hidden, 3, stride, hidden));
            layers.add(conv2d(hidden, out, 1));
            layers.add(batchNorm2d(out));
            conv = child("conv", sequential(layers.toArray(Module[]::new)));
            residual = stride == 1 && in == out;
        }

        @Override
        protected Value forward(Value x) {
            Value y = conv.of(x);
            return residual ? y.add(x) : y;
        }
    }
}
