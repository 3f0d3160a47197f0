package graft.backbone;

import static graft.torch.Layers.linear;

import graft.torch.Attention;
import graft.torch.LayerNorm;
import graft.torch.Module;
import graft.torch.Value;

/**
 * A block of the Vision Transformer's encoder: attention over all tokens, then an {@link Mlp}, each behind a layer norm and
 * beside a residual connection. Input {@code [batch, tokens, width]}, output {@code [batch, queries, width]}.
 */
final class EncoderBlock extends Module {
    /** torchvision's and timm's, for layer norms in Vision Transformers. */
    static final double EPSILON = 1e-6;

    private final Module norm1;
    private final Module attention;
    private final Module norm2;
    private final Module mlp;
    private final long queries;
    private final double stochasticDepth;

    private EncoderBlock(String norm1, String attention, String norm2, long width, Module attentionPart, Module mlpPart, long queries, double stochasticDepth) {
        this.norm1 = child(norm1, new LayerNorm(width, EPSILON));
        this.attention = child(attention, attentionPart);
        this.norm2 = child(norm2, new LayerNorm(width, EPSILON));
        this.mlp = child("mlp", mlpPart);
        this.queries = queries;
        this.stochasticDepth = stochasticDepth;
    }

    /** @param queries how many tokens, from the first, are wanted of the output; 0 for all */
    static EncoderBlock torchvision(long width, long heads, long queries, double stochasticDepth) {
        return new EncoderBlock("ln_1", "self_attention", "ln_2", width, new MultiheadAttention(width, heads, queries), Mlp.torchvision(width), queries, stochasticDepth);
    }

    /** @param queries how many tokens, from the first, are wanted of the output; 0 for all */
    static EncoderBlock timm(long width, long heads, long queries, double stochasticDepth) {
        return new EncoderBlock("norm1", "attn", "norm2", width, new QkvAttention(width, heads, queries), Mlp.timm(width), queries, stochasticDepth);
    }

    @Override
    protected boolean isBlock() {
        return true;
    }

    @Override
    protected Value forward(Value x) {
        Value kept = queries == 0 ? x : x.narrow(1, 0, queries);
        Value y = attention.of(norm1.of(x)).stochasticDepth(stochasticDepth).add(kept);
        return mlp.of(norm2.of(y)).stochasticDepth(stochasticDepth).add(y);
    }

    /** Self-attention under the names of {@code nn.MultiheadAttention}. */
    private static final class MultiheadAttention extends Module {
        private final long width;
        private final long heads;
        private final long queries;
        private final Module out;

        MultiheadAttention(long width, long heads, long queries) {
            this.width = width;
            this.heads = heads;
            this.queries = queries;
            parameter("in_proj_weight", 3 * width, width);
            parameter("in_proj_bias", 3 * width);
            out = child("out_proj", linear(width, width));
        }

        @Override
        protected Value forward(Value x) {
            return out.of(Attention.of(x.linear(ref("in_proj_weight"), ref("in_proj_bias")), heads, width / heads, queries));
        }
    }

    /** Self-attention under timm's names. */
    private static final class QkvAttention extends Module {
        private final long width;
        private final long heads;
        private final long queries;
        private final Module qkv;
        private final Module proj;

        QkvAttention(long width, long heads, long queries) {
            this.width = width;
            this.heads = heads;
            this.queries = queries;
            qkv = child("qkv", linear(width, 3 * width));
            proj = child("proj", linear(width, width));
        }

        @Override
        protected Value forward(Value x) {
            return proj.of(Attention.of(qkv.of(x), heads, width / heads, queries));
        }
    }
}
