package graft.backbone;

import static graft.torch.Layers.batchNorm2d;
import static graft.torch.Layers.conv2d;
import static graft.torch.Layers.sequential;

import graft.torch.Module;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;

/**
 * ResNet V2 with 50 and 101 layers, He et al. 2016 (arXiv:1603.05027), as timm has it ({@code resnetv2_50}, {@code resnetv2_101}): norm and
 * ReLU stand before each convolution, and the sum of a block is left as it is.
 */
final class ResNetV2 extends Backbone {
    private final Module fc;

    private ResNetV2(String name, List<Integer> depths, Variant variant) {
        super(name, 2048, variant, 0, "head.fc");
        Module stem = child("stem", new Stem());
        stage("stem", List.of("stem"), stem::of);
        Level stages = child("stages", new Level());
        Module norm = child("norm", batchNorm2d(width()));
        long in = 64;
        for (int stage = 0; stage < depths.size(); stage++) {
            long width = 64L << stage;
            List<Module> blocks = new ArrayList<>();
            for (int i = 0; i < depths.get(stage); i++) {
                blocks.add(new PreActBottleneck(in, width, i == 0 && stage > 0 ? 2 : 1, i == 0));
                in = 4 * width;
            }
            String path = "stages." + stage;
            Module part = stages.add(Integer.toString(stage), new Stage(blocks));
            if (stage < depths.size() - 1) {
                stage(path, List.of(path), part::of);
            } else {
                poolingStage(path, List.of(path, "norm"), width(), x -> norm.of(part.of(x)).relu(), Value::globalAveragePool);
            }
        }
        fc = child("head", new Level()).add("fc", variant.head().layers(width(), variant.classes(), true)); // timm's state dict holds it as a 1×1 convolution
    }

    static ResNetV2 resnetv2x50(Variant variant) {
        return new ResNetV2("resnetv2_50", List.of(3, 4, 6, 3), variant);
    }

    static ResNetV2 resnetv2x101(Variant variant) {
        return new ResNetV2("resnetv2_101", List.of(3, 4, 23, 3), variant);
    }

    @Override
    protected Value head(Value features) {
        return fc.of(features);
    }

    /** A 7×7 convolution and a pooling: output {@code [batch, 64, height/4, width/4]}. */
    private static final class Stem extends Module {
        private final Module conv = child("conv", conv2d(3, 64, 7).stride(2).padding(3));

        @Override
        protected Value forward(Value x) {
            return conv.of(x).maxPool2d(3, 2, 1);
        }
    }

    /** The blocks of one size of map. */
    private static final class Stage extends Module {
        private final Module blocks;

        Stage(List<Module> blocks) {
            this.blocks = child("blocks", sequential(blocks.toArray(Module[]::new)));
        }

        @Override
        protected Value forward(Value x) {
            return blocks.of(x);
        }
    }

    /** The short way around the first block of a stage. */
    private static final class Downsample extends Module {
        private final Module conv;

        Downsample(long in, long out, long stride) {
            conv = child("conv", conv2d(in, out, 1).stride(stride));
        }

        @Override
        protected Value forward(Value x) {
            return conv.of(x);
        }
    }

    /** 1×1, 3×3 and 1×1 convolutions. Input {@code [batch, in, height, width]}, output {@code [batch, 4·width, height/stride, width/stride]}. */
    private static final class PreActBottleneck extends Module {
        private final Module downsample;
        private final Module norm1;
        private final Module conv1;
        private final Module norm2;
        private final Module conv2;
        private final Module norm3;
        private final Module conv3;

        PreActBottleneck(long in, long width, long stride, boolean first) {
            downsample = first ? child("downsample", new Downsample(in, 4 * width, stride)) : null;
            norm1 = child("norm1", batchNorm2d(in));
            conv1 = child("conv1", conv2d(in, width, 1));
            norm2 = child("norm2", batchNorm2d(width));
            conv2 = child("conv2", conv2d(width, width, 3).stride(stride).padding(1));
            norm3 = child("norm3", batchNorm2d(width));
            conv3 = child("conv3", conv2d(width, 4 * width, 1));
        }

        @Override
        protected Value forward(Value x) {
            Value activated = norm1.of(x).relu();
            Value y = norm2.of(conv1.of(activated)).relu();
            y = norm3.of(conv2.of(y)).relu();
            y = conv3.of(y);
            return y.add(downsample == null ? x : downsample.of(activated));
        }
    }
}
