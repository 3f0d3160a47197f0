package graft.backbone;

import graft.InputException;
import graft.Limits;
import graft.torch.Layers;
import graft.torch.Module;

import java.util.OptionalDouble;

/**
 * The layers that turn features into logits; they take the place of the layer that a published backbone has there. Their names in the state dict are those
 * that {@code model.fc = nn.Sequential(…)} gives in PyTorch, where activations and dropout count as entries too. All of it computes in float32.
 */
public sealed interface Head {
    /** {@code nn.Linear(width, classes)}, under the name of the layer that it replaces. */
    static Head linear() {
        return new Linear();
    }

    /**
     * Dropout, linear, ReLU, dropout, linear.
     *
     * @param hidden how many numbers the first layer makes, 1 or more
     * @param dropout the share of the numbers that each dropout leaves out, at least 0 and below 1
     * @throws InputException for other values
     */
    static Head mlp(int hidden, double dropout) {
        return new Mlp(hidden, dropout);
    }

    /**
     * Linear, ReLU, batch norm, dropout, linear.
     *
     * @param hidden how many numbers the first layer makes, 1 or more
     * @param dropout the share of the numbers that it leaves out, at least 0 and below 1
     * @param weightDecay of both layers' weights, 0 or more, whatever the optimizer decays otherwise; Keras' {@code l2(x)} is a weight decay of 2x
     * @throws InputException for other values
     */
    static Head batchNorm(int hidden, double dropout, double weightDecay) {
        return new BatchNorm(hidden, dropout, weightDecay);
    }

    /**
     * The layers. Input {@code [batch, width]}, output {@code [batch, classes]}.
     *
     * @param convolution whether the state dict holds linear layers as 1×1 convolutions
     */
    Module layers(long width, long classes, boolean convolution);

    /** The weight decay of one of its entries, where that is its own and not the optimizer's. @param entry the name, from the head's path on */
    default OptionalDouble weightDecay(String entry) {
        return OptionalDouble.empty();
    }

    private static Module layer(long in, long out, boolean convolution) {
        Layers.Linear linear = Layers.linear(in, out).float32();
        return convolution ? linear.asConvolution() : linear;
    }

    /** One layer. */
    record Linear() implements Head {
        @Override
        public Module layers(long width, long classes, boolean convolution) {
            return layer(width, classes, convolution);
        }

        @Override
        public String toString() {
            return "linear head";
        }
    }

    /** Two layers. */
    record Mlp(int hidden, double dropout) implements Head {
        public Mlp {
            Limits.atLeast(1, "the head's hidden", hidden);
            Limits.below1("the head's dropout", dropout);
        }

        @Override
        public Module layers(long width, long classes, boolean convolution) {
            return new HeadLayers().dropout(dropout).add(layer(width, hidden, convolution)).relu().dropout(dropout).add(layer(hidden, classes, convolution));
        }

        @Override
        public String toString() {
            return "head of dropout " + dropout + ", linear " + hidden + ", ReLU, dropout " + dropout + ", linear";
        }
    }

    /** Two layers with a batch norm between them. */
    record BatchNorm(int hidden, double dropout, double weightDecay) implements Head {
        public BatchNorm {
            Limits.atLeast(1, "the head's hidden", hidden);
            Limits.below1("the head's dropout", dropout);
            Limits.notNegative("the head's weightDecay", weightDecay);
        }

        @Override
        public Module layers(long width, long classes, boolean convolution) {
            return new HeadLayers().add(layer(width, hidden, convolution)).relu().add(Layers.batchNorm1d(hidden)).dropout(dropout).add(layer(hidden, classes, convolution));
        }

        @Override
        public OptionalDouble weightDecay(String entry) {
            return entry.equals("0.weight") || entry.equals("4.weight") ? OptionalDouble.of(weightDecay) : OptionalDouble.empty();
        }

        @Override
        public String toString() {
            return "head of linear " + hidden + ", ReLU, batch norm, dropout " + dropout + ", linear; weight decay " + weightDecay;
        }
    }
}
