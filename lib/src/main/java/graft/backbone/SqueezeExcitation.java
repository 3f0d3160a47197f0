package graft.backbone;

import static graft.torch.Layers.conv2d;

import graft.torch.Module;
import graft.torch.Value;

import java.util.function.UnaryOperator;

/**
 * Weighs the channels of a picture by what is in it, Hu et al. 2017 (arXiv:1709.01507): the mean of each channel, two 1×1
 * convolutions, and a factor between 0 and 1 a channel; as torchvision has it. Input and output {@code [batch, channels, height, width]}.
 */
final class SqueezeExcitation extends Module {
    private final Module fc1;
    private final Module fc2;
    private final UnaryOperator<Value> activation;
    private final UnaryOperator<Value> scale;

    /** @param scale what makes a factor of a number: {@code sigmoid} or {@code hardsigmoid} */
    SqueezeExcitation(long channels, long squeezed, UnaryOperator<Value> activation, UnaryOperator<Value> scale) {
        fc1 = child("fc1", conv2d(channels, squeezed, 1).bias());
        fc2 = child("fc2", conv2d(squeezed, channels, 1).bias());
        this.activation = activation;
        this.scale = scale;
    }

    @Override
    protected Value forward(Value x) {
        Value squeezed = activation.apply(fc1.of(x.adaptiveAveragePool2d(1)));
        return x.mul(scale.apply(fc2.of(squeezed)));
    }
}
