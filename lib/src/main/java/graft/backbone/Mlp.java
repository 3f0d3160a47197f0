package graft.backbone;

import static graft.torch.Layers.linear;

import graft.torch.Module;
import graft.torch.Value;

/** The part of a transformer block that sees each token alone: linear, GELU, linear. Input and output {@code [..., width]}. */
final class Mlp extends Module {
    private final Module first;
    private final Module second;

    /** @param first the state dict's name of the first linear layer: {@code 0} or {@code fc1} */
    Mlp(String first, String second, long width, long hidden) {
        this.first = child(first, linear(width, hidden));
        this.second = child(second, linear(hidden, width));
    }

    /** torchvision's, whose activation and dropout count as entries 1 and 2. */
    static Mlp torchvision(long width) {
        return new Mlp("0", "3", width, 4 * width);
    }

    static Mlp timm(long width) {
        return new Mlp("fc1", "fc2", width, 4 * width);
    }

    @Override
    protected Value forward(Value x) {
        return second.of(first.of(x).gelu());
    }
}
