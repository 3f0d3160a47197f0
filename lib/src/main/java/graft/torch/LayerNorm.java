package graft.torch;

/**
 * Layer normalisation, Ba et al. 2016 (arXiv:1607.06450): {@code nn.LayerNorm} over the last dimension. Input and output
 * {@code [..., width]}.
 */
public final class LayerNorm extends Module {
    private final long width;
    private final double epsilon;

    public LayerNorm(long width, double epsilon) {
        this.width = width;
        this.epsilon = epsilon;
        parameter("weight", width);
        parameter("bias", width);
    }

    @Override
    protected Value forward(Value x) {
        return x.layerNorm(width, ref("weight"), ref("bias"), epsilon);
    }
}
