package graft.backbone;

import static graft.torch.Layers.linear;

import graft.torch.Attention;
import graft.torch.LayerNorm;
import graft.torch.Module;
import graft.torch.StateTensor;
import graft.torch.Value;

/**
 * A block of the Swin Transformer: attention within windows, then an {@link Mlp}, each behind a layer norm and beside a residual
 * connection. Every second block shifts the windows by half their size. Input and output {@code [batch, side, side, width]}.
 */
final class SwinBlock extends Module {
    static final double EPSILON = 1e-5;

    private final Module norm1;
    private final Module attention;
    private final Module norm2;
    private final Module mlp;
    private final double stochasticDepth;

    private SwinBlock(long width, Module attention, Module mlp, double stochasticDepth) {
        norm1 = child("norm1", new LayerNorm(width, EPSILON));
        this.attention = child("attn", attention);
        norm2 = child("norm2", new LayerNorm(width, EPSILON));
        this.mlp = child("mlp", mlp);
        this.stochasticDepth = stochasticDepth;
    }

    static SwinBlock torchvision(long width, long heads, SwinWindows windows, double stochasticDepth) {
        return new SwinBlock(width, new WindowAttention(width, heads, windows, true), Mlp.torchvision(width), stochasticDepth);
    }

    static SwinBlock timm(long width, long heads, SwinWindows windows, double stochasticDepth) {
        return new SwinBlock(width, new WindowAttention(width, heads, windows, false), Mlp.timm(width), stochasticDepth);
    }

    @Override
    protected boolean isBlock() {
        return true;
    }

    @Override
    protected Value forward(Value x) {
        Value y = attention.of(norm1.of(x)).stochasticDepth(stochasticDepth).add(x);
        return mlp.of(norm2.of(y)).stochasticDepth(stochasticDepth).add(y);
    }

    /**
     * Attention within windows: scores get a learned bias for each relative position, and −100 between places that came beside each
     * other only by the shift. torchvision's state dict holds the table's index, timm's does not.
     */
    private static final class WindowAttention extends Module {
        private static final String INDEX = "relative_position_index";

        private final long width;
        private final long heads;
        private final SwinWindows windows;
        private final Module qkv;
        private final Module proj;

        WindowAttention(long width, long heads, SwinWindows windows, boolean indexInState) {
            this.width = width;
            this.heads = heads;
            this.windows = windows;
            long span = 2 * windows.window() - 1;
            parameter("relative_position_bias_table", span * span, heads);
            StateTensor index = windows.relativePositionIndex();
            if (indexInState) {
                buffer(INDEX, index);
            } else {
                constant(INDEX, index);
            }
            if (windows.shift() > 0) {
                constant("attn_mask", windows.mask());
            }
            qkv = child("qkv", linear(width, 3 * width));
            proj = child("proj", linear(width, width));
        }

        @Override
        protected Value forward(Value x) {
            long area = windows.window() * windows.window();
            Value bias = entry(x, "relative_position_bias_table").rows(entry(x, INDEX)).reshape(1, area, area, heads).permute(0, 3, 1, 2).contiguous();
            long different = 1;
            if (windows.shift() > 0) {
                bias = bias.add(entry(x, "attn_mask"));
                different = windows.count();
            }
            return windows.merge(proj.of(Attention.inWindows(qkv.of(windows.split(x, width)), heads, width / heads, different, bias)), width);
        }
    }
}
