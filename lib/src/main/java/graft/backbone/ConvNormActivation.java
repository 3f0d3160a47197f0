package graft.backbone;

import static graft.torch.Layers.batchNorm2d;
import static graft.torch.Layers.conv2d;

import graft.torch.Module;
import graft.torch.Value;

import java.util.function.UnaryOperator;

/**
 * A convolution that keeps the size but for its stride, its batch norm, and an activation: torchvision's
 * {@code Conv2dNormActivation}, of which EfficientNet, MobileNetV2 and V3 are made. Input {@code [batch, in, height, width]}, output
 * {@code [batch, out, ⌈height/stride⌉, ⌈width/stride⌉]}.
 */
final class ConvNormActivation extends Module {
    private final Module conv;
    private final Module norm;
    private final UnaryOperator<Value> activation;

    /** What batch norms are like. */
    record Norms(double epsilon, double momentum) {
        /** {@code nn.BatchNorm2d}'s own. */
        static final Norms USUAL = new Norms(1e-5, 0.1);
    }

    /** @param kernel odd */
    ConvNormActivation(long in, long out, long kernel, long stride, long groups, Norms norms, UnaryOperator<Value> activation) {
        conv = child("0", conv2d(in, out, kernel).stride(stride).padding(kernel / 2).groups(groups));
        norm = child("1", batchNorm2d(out).epsilon(norms.epsilon()).momentum(norms.momentum()));
        this.activation = activation;
    }

    @Override
    protected Value forward(Value x) {
        return activation.apply(norm.of(conv.of(x)));
    }
}
