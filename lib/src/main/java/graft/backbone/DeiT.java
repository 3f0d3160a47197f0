package graft.backbone;

import static graft.torch.Layers.conv2d;

import graft.InputException;
import graft.torch.Interpolation;
import graft.torch.LayerNorm;
import graft.torch.Module;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import graft.torch.Value;

import java.util.List;

/**
 * Data-efficient image transformer, Touvron et al. 2020 (arXiv:2012.12877), as timm has it: a Vision Transformer with patches of
 * 16 × 16 pixels; in its distilled form with a second token and head that learn from a teacher. A picture
 * {@code [batch, 3, size, size]} becomes {@code ⌊size/16⌋²} tokens behind the class token and the distillation token; what no whole patch covers is not seen.
 *
 * <p>The features of the distilled form are both tokens beside each other, {@code [batch, 2·width]}; its logits are the mean of
 * its two heads'. A training step gives both, beside each other: the class token's learn from labels, the other's from a teacher.
 */
final class DeiT extends Backbone {
    private static final long PATCH = 16;
    private static final int DEPTH = 12;

    private final long size;
    private final long tokenWidth;
    private final boolean distilled;
    private final Module head;
    private final Module headDist;

    private DeiT(String name, long heads, boolean distilled, Variant variant) {
        super(name, 64 * heads * (distilled ? 2 : 1), variant, 0, distilled ? new String[] {"head", "head_dist"} : new String[] {"head"});
        size = variant.size();
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
        Module patchEmbed = child("patch_embed", new PatchEmbed(PATCH, tokenWidth));
        stage("patch_embed", List.of("cls_token", "dist_token", "pos_embed", "patch_embed"), x -> tokens(patchEmbed.of(x)));
        Level blocks = child("blocks", new Level());
        Module norm = child("norm", new LayerNorm(tokenWidth, EncoderBlock.EPSILON));
        for (int i = 0; i < DEPTH; i++) {
            boolean last = i == DEPTH - 1;
            Module block = blocks.add(Integer.toString(i), EncoderBlock.timm(tokenWidth, heads, last ? prefix() : 0, variant.dropPath(0) * i / (DEPTH - 1)));
            String path = "blocks." + i;
            tokenStage(path, last ? List.of(path, "norm") : List.of(path), x -> last ? norm.of(block.of(x)).flatten(1, 2).float32() : block.of(x));
        }
        head = child("head", head(tokenWidth, variant));
        headDist = distilled ? child("head_dist", head(tokenWidth, variant)) : null;
    }

    static DeiT tiny(Variant variant) {
        return new DeiT("deit_tiny_patch16_224", 3, false, variant);
    }

    static DeiT small(Variant variant) {
        return new DeiT("deit_small_patch16_224", 6, false, variant);
    }

    static DeiT base(Variant variant) {
        return new DeiT("deit_base_patch16_224", 12, false, variant);
    }

    static DeiT base384(Variant variant) {
        return new DeiT("deit_base_patch16_384", 12, false, variant);
    }

    static DeiT tinyDistilled(Variant variant) {
        return new DeiT("deit_tiny_distilled_patch16_224", 3, true, variant);
    }

    static DeiT smallDistilled(Variant variant) {
        return new DeiT("deit_small_distilled_patch16_224", 6, true, variant);
    }

    static DeiT baseDistilled(Variant variant) {
        return new DeiT("deit_base_distilled_patch16_224", 12, true, variant);
    }

    static DeiT baseDistilled384(Variant variant) {
        return new DeiT("deit_base_distilled_patch16_384", 12, true, variant);
    }

    private int prefix() {
        return distilled ? 2 : 1;
    }

    @Override
    public long patchSize() {
        return PATCH;
    }

    @Override
    public long inputSize() {
        return size;
    }

    private Value tokens(Value patches) {
        Value tokens = distilled ? patches.prepend(entry(patches, "dist_token")) : patches;
        return tokens.prepend(entry(patches, "cls_token")).add(entry(patches, "pos_embed"));
    }

    @Override
    protected Value head(Value features) {
        if (!distilled) {
            return head.of(features);
        }
        Value logits = head.of(features.narrow(1, 0, tokenWidth));
        Value distilledLogits = headDist.of(features.narrow(1, tokenWidth, tokenWidth));
        return features.inTrainingStep() ? logits.beside(distilledLogits) : logits.add(distilledLogits).times(0.5);
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
