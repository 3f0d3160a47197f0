package graft.backbone;

import static graft.torch.Layers.batchNorm2d;
import static graft.torch.Layers.conv2d;
import static graft.torch.Layers.sequential;

import graft.torch.Module;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;

/**
 * ResNet, He et al. 2015 (arXiv:1512.03385), as torchvision has it: in a bottleneck the stride sits on the 3×3 convolution,
 * which is known as version 1.5.
 */
final class ResNet extends Backbone {
    private final Module fc;

    private ResNet(String name, boolean bottleneck, List<Integer> depths, Variant variant) {
        super(name, bottleneck ? 2048 : 512, variant, 0, "fc");
        Module conv1 = child("conv1", conv2d(3, 64, 7).stride(2).padding(3));
        Module bn1 = child("bn1", batchNorm2d(64));
        stage("conv1", List.of("conv1", "bn1"), x -> bn1.of(conv1.of(x)).relu().maxPool2d(3, 2, 1));
        long in = 64;
        for (int stage = 0; stage < depths.size(); stage++) {
            long width = 64L << stage;
            List<Module> blocks = new ArrayList<>();
            for (int i = 0; i < depths.get(stage); i++) {
                long stride = i == 0 && stage > 0 ? 2 : 1;
                blocks.add(bottleneck ? new Bottleneck(in, width, stride) : new BasicBlock(in, width, stride));
                in = bottleneck ? 4 * width : width;
            }
            String path = "layer" + (stage + 1);
            Module layer = child(path, sequential(blocks.toArray(Module[]::new)));
            if (stage < depths.size() - 1) {
                stage(path, List.of(path), layer::of);
            } else {
                poolingStage(path, List.of(path), width(), layer::of, Value::globalAveragePool);
            }
        }
        fc = child("fc", head(width(), variant));
    }

    static ResNet resnet18(Variant variant) {
        return new ResNet("resnet18", false, List.of(2, 2, 2, 2), variant);
    }

    static ResNet resnet34(Variant variant) {
        return new ResNet("resnet34", false, List.of(3, 4, 6, 3), variant);
    }

    static ResNet resnet50(Variant variant) {
        return new ResNet("resnet50", true, List.of(3, 4, 6, 3), variant);
    }

    static ResNet resnet101(Variant variant) {
        return new ResNet("resnet101", true, List.of(3, 4, 23, 3), variant);
    }

    @Override
    protected Value head(Value features) {
        return fc.of(features);
    }

    /** The change of shape on the short way around a block, where one is needed. */
    private static Module downsample(long in, long out, long stride) {
        return sequential(conv2d(in, out, 1).stride(stride), batchNorm2d(out));
    }

    /** Two 3×3 convolutions. Input {@code [batch, in, height, width]}, output {@code [batch, width, height/stride, width/stride]}. */
    private static final class BasicBlock extends Module {
        private final Module conv1;
        private final Module bn1;
        private final Module conv2;
        private final Module bn2;
        private final Module downsample;

        BasicBlock(long in, long width, long stride) {
            conv1 = child("conv1", conv2d(in, width, 3).stride(stride).padding(1));
            bn1 = child("bn1", batchNorm2d(width));
            conv2 = child("conv2", conv2d(width, width, 3).padding(1));
            bn2 = child("bn2", batchNorm2d(width));
            downsample = stride == 1 && in == width ? null : child("downsample", downsample(in, width, stride));
        }

        @Override
        protected Value forward(Value x) {
            Value y = bn1.of(conv1.of(x)).relu();
            y = bn2.of(conv2.of(y));
            return y.add(downsample == null ? x : downsample.of(x)).relu();
        }
    }

    /** 1×1, 3×3 and 1×1 convolutions. Input {@code [batch, in, height, width]}, output {@code [batch, 4·width, height/stride, width/stride]}. */
    private static final class Bottleneck extends Module {
        private final Module conv1;
        private final Module bn1;
        private final Module conv2;
        private final Module bn2;
        private final Module conv3;
        private final Module bn3;
        private final Module downsample;

        Bottleneck(long in, long width, long stride) {
            conv1 = child("conv1", conv2d(in, width, 1));
            bn1 = child("bn1", batchNorm2d(width));
            conv2 = child("conv2", conv2d(width, width, 3).stride(stride).padding(1));
            bn2 = child("bn2", batchNorm2d(width));
            conv3 = child("conv3", conv2d(width, 4 * width, 1));
            bn3 = child("bn3", batchNorm2d(4 * width));
            downsample = stride == 1 && in == 4 * width ? null : child("downsample", downsample(in, 4 * width, stride));
        }

        @Override
        protected Value forward(Value x) {
            Value y = bn1.of(conv1.of(x)).relu();
            y = bn2.of(conv2.of(y)).relu();
            y = bn3.of(conv3.of(y));
            return y.add(downsample == null ? x : downsample.of(x)).relu();
        }
    }
}
