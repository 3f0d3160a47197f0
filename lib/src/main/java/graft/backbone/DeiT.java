package graft.backbone;

import static graft.torch.Layers.conv2d;

import graft.InputException;
import graft.torch.Interpolation;
import graft.torch.LayerNorm;
import graft.torch.Layers;
import graft.torch.Module;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;

/**
 * Data-efficient image transformer, Touvron et al. 2020 (arXiv:2012.12877), as timm has it: a Vision Transformer with patches of
 * 16 × 16 pixels; in its distilled form with a second token and head that learn from a teacher. A picture
 * {@code [batch, 3, size, size]} becomes {@code ⌊size/16⌋²} tokens behind the class token and the distillation token; what no whole patch covers is not seen.
 *
 * <p>The features of the distilled form are both tokens beside each other, {@code [batch, 2·width]}; its logits are the mean of
 * its two heads', in training as well.
 */
final class DeiT extends Backbone {
    private static final long PATCH = 16;

    private final long size;
    private final long tokenWidth;
    private final boolean distilled;
    private final Module patchEmbed;
    private final Layers.Sequential blocks;
    private final Module norm;
    private final Module head;
    private final Module headDist;

    private DeiT(String name, long heads, boolean distilled, long classes, long size) {
        super(name, 64 * heads * (distilled ? 2 : 1), distilled ? List.of("head", "head_dist") : List.of("head"));
        this.size = size;
        this.distilled = distilled;
        tokenWidth = 64 * heads;
        if (size < PATCH) {
            throw new InputException("%s takes pictures of at least %d×%d pixels, a patch; %d is less".formatted(name, PATCH, PATCH, size));
        }
        parameter("cls_token", 1, 1, tokenWidth);
        parameter("pos_embed", 1, prefix() + (size / PATCH) * (size / PATCH), tokenWidth);
        if (distilled) {
            parameter("dist_token", 1, 1, tokenWidth);
        }
        patchEmbed = child("patch_embed", new PatchEmbed(PATCH, tokenWidth));
        List<Module> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(EncoderBlock.timm(tokenWidth, heads, i == 11 ? prefix() : 0));
        }
        blocks = child("blocks", Layers.sequential(all.toArray(Module[]::new)));
        norm = child("norm", new LayerNorm(tokenWidth, EncoderBlock.EPSILON));
        head = child("head", linearHead(tokenWidth, classes));
        headDist = distilled ? child("head_dist", linearHead(tokenWidth, classes)) : null;
    }

    static DeiT tiny(long classes, long size) {
        return new DeiT("deit_tiny_patch16_224", 3, false, classes, size);
    }

    static DeiT small(long classes, long size) {
        return new DeiT("deit_small_patch16_224", 6, false, classes, size);
    }

    static DeiT base(long classes, long size) {
        return new DeiT("deit_base_patch16_224", 12, false, classes, size);
    }

    static DeiT base384(long classes, long size) {
        return new DeiT("deit_base_patch16_384", 12, false, classes, size);
    }

    static DeiT tinyDistilled(long classes, long size) {
        return new DeiT("deit_tiny_distilled_patch16_224", 3, true, classes, size);
    }

    static DeiT smallDistilled(long classes, long size) {
        return new DeiT("deit_small_distilled_patch16_224", 6, true, classes, size);
    }

    static DeiT baseDistilled(long classes, long size) {
        return new DeiT("deit_base_distilled_patch16_224", 12, true, classes, size);
    }

    static DeiT baseDistilled384(long classes, long size) {
        return new DeiT("deit_base_distilled_patch16_384", 12, true, classes, size);
    }

    private int prefix() {
        return distilled ? 2 : 1;
    }

    @Override
    public long inputSize() {
        return size;
    }

    @Override
    public Value features(Value x) {
        Value tokens = patchEmbed.of(x);
        tokens = (distilled ? tokens.prepend(entry(x, "dist_token")) : tokens).prepend(entry(x, "cls_token"));
        return norm.of(blocks.of(tokens.add(entry(x, "pos_embed")))).flatten(1, 2).float32();
    }

    @Override
    protected Value head(Value features) {
        if (!distilled) {
            return head.of(features);
        }
        return head.of(features.narrow(1, 0, tokenWidth)).add(headDist.of(features.narrow(1, tokenWidth, tokenWidth))).times(0.5);
    }

    @Override
    public StateDict adapted(StateDict state) {
        StateDict adapted = new StateDict(state.source());
        for (String name : state.names()) {
            StateTensor tensor = state.get(name);
            adapted.put(name, name.equals("pos_embed") ? PatchGrid.resized(tensor, prefix(), size / PATCH, Interpolation.BICUBIC_ANTIALIAS) : tensor);
        }
        return adapted;
    }

    /** Patches as tokens, by a convolution. Input {@code [batch, 3, size, size]}, output {@code [batch, (size/patch)², width]}. */
    private static final class PatchEmbed extends Module {
        private final Module proj;

        PatchEmbed(long patch, long width) {
            proj = child("proj", conv2d(3, width, patch).stride(patch).bias());
        }

        @Override
        protected Value forward(Value x) {
            return proj.of(x).flatten(2, 3).permute(0, 2, 1);
        }
    }
}
