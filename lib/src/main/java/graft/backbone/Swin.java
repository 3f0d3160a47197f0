package graft.backbone;

import static graft.torch.Layers.conv2d;
import static graft.torch.Layers.linear;

import graft.InputException;
import graft.torch.LayerNorm;
import graft.torch.Module;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import graft.torch.Value;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Swin Transformer, Liu et al. 2021 (arXiv:2103.14030), as timm and as torchvision have it: the same network under two sets of
 * names, which differ where a picture cannot be cut into whole windows ({@link SwinWindows}). A picture {@code [batch, 3, size, size]}
 * becomes four stages of places {@code [batch, ⌊size/4⌋, ⌊size/4⌋, width]}, and half as many a side from stage to stage, rounded up;
 * the features are the mean over the last stage's places.
 */
final class Swin extends Backbone {
    private static final Pattern DOWNSAMPLE = Pattern.compile("layers\\.([0-9])\\.downsample\\.(.*)");

    private final long size;
    private final boolean timm;
    private final Module head;

    /** What distinguishes the sizes of the family. */
    private record Size(long width, long heads, int depth, long window) { }

    private static final Size TINY = new Size(96, 3, 6, 7);
    private static final Size SMALL = new Size(96, 3, 18, 7);
    private static final Size BASE = new Size(128, 4, 18, 7);
    private static final Size BASE_12 = new Size(128, 4, 18, 12);
    private static final Size LARGE = new Size(192, 6, 18, 7);
    private static final Size LARGE_12 = new Size(192, 6, 18, 12);

    private Swin(String name, Size kind, boolean timm, double stochasticDepth, Variant variant) {
        super(name, 8 * kind.width, variant, 0, timm ? "head.fc" : "head");
        size = variant.size();
        if (size < 4) {
            throw new InputException("%s takes pictures of at least 4×4 pixels; %d is less".formatted(name, size));
        }
        this.timm = timm;
        // timm has the patches beside its layers, and merging within them; torchvision counts all of it as features.
        Level parts = new Level();
        Module patches = timm ? child("patch_embed", new PatchEmbed("proj", "norm", kind.width)) : parts.add("0", new PatchEmbed("0", "2", kind.width));
        stage(timm ? "patch_embed" : "features.0", List.of(timm ? "patch_embed" : "features.0"), patches::of);
        child(timm ? "layers" : "features", parts);
        Module norm = child("norm", new LayerNorm(width(), SwinBlock.EPSILON));
        int[] depths = {2, 2, kind.depth, 2};
        int before = 0;
        long side = size / 4;
        for (int layer = 0; layer < depths.length; layer++) {
            long width = kind.width << layer;
            Module merging = layer == 0 ? null : new PatchMerging(side, width / 2, timm);
            side = layer == 0 ? side : (side + 1) / 2;
            Level level = timm ? parts.add(Integer.toString(layer), new Level()) : null;
            if (merging != null) {
                (timm ? level : parts).add(timm ? "downsample" : Integer.toString(2 * layer), merging);
            }
            Level blocks = timm ? level.add("blocks", new Level()) : parts.add(Integer.toString(2 * layer + 1), new Level());
            String mergingPath = timm ? "layers." + layer + ".downsample" : "features." + 2 * layer;
            String path = timm ? "layers." + layer + ".blocks." : "features." + (2 * layer + 1) + ".";
            for (int i = 0; i < depths[layer]; i++) {
                double drop = variant.dropPath(stochasticDepth) * before++ / (kind.depth + 5);
                Module block = blocks.add(Integer.toString(i), timm ? SwinBlock.timm(width, kind.heads << layer, SwinWindows.timm(side, kind.window, i % 2 == 1), drop)
                    : SwinBlock.torchvision(width, kind.heads << layer, SwinWindows.torchvision(side, kind.window, i % 2 == 1), drop));
                boolean last = layer == depths.length - 1 && i == depths[layer] - 1;
                if (i == 0 && merging != null) {
                    tokenStage(path + i, List.of(mergingPath, path + i), x -> block.of(merging.of(x)));
                } else if (last) {
                    poolingStage(path + i, List.of(path + i, "norm"), width, x -> norm.of(block.of(x)).permute(0, 3, 1, 2), x -> x.mean(2, 3));
                } else {
                    tokenStage(path + i, List.of(path + i), block::of);
                }
            }
        }
        head = timm ? child("head", new Level()).add("fc", head(width(), variant)) : child("head", head(width(), variant));
    }

    private static Swin timm(String name, Size kind, Variant variant) {
        return new Swin(name, kind, true, 0.1, variant);
    }

    static Swin tiny(Variant variant) {
        return timm("swin_tiny_patch4_window7_224", TINY, variant);
    }

    static Swin small(Variant variant) {
        return timm("swin_small_patch4_window7_224", SMALL, variant);
    }

    static Swin base(Variant variant) {
        return timm("swin_base_patch4_window7_224", BASE, variant);
    }

    static Swin base384(Variant variant) {
        return timm("swin_base_patch4_window12_384", BASE_12, variant);
    }

    static Swin large(Variant variant) {
        return timm("swin_large_patch4_window7_224", LARGE, variant);
    }

    static Swin large384(Variant variant) {
        return timm("swin_large_patch4_window12_384", LARGE_12, variant);
    }

    static Swin torchvisionTiny(Variant variant) {
        return new Swin("swin_t", TINY, false, 0.2, variant);
    }

    static Swin torchvisionSmall(Variant variant) {
        return new Swin("swin_s", SMALL, false, 0.3, variant);
    }

    static Swin torchvisionBase(Variant variant) {
        return new Swin("swin_b", BASE, false, 0.5, variant);
    }

    @Override
    public long inputSize() {
        return size;
    }

    @Override
    protected Value head(Value x) {
        return head.of(x);
    }

    /**
     * Files for timm from before its version 0.9 name the merging of patches after the stage before it and the head
     * {@code head}; both they and the original files hold buffers that follow from the description. timm's windows are smaller where
     * a stage is, and then, as where a file has windows of another size, it resizes the tables of biases ({@link RelativePositions});
     * torchvision's never change.
     */
    @Override
    public StateDict adapted(StateDict state) {
        if (!timm) {
            return state;
        }
        boolean older = state.contains("layers.0.downsample.reduction.weight");
        Map<String, Entry> wanted = state();
        StateDict adapted = new StateDict(state.source());
        for (String entry : state.names()) {
            if (!entry.endsWith(".relative_position_index") && !entry.endsWith(".attn_mask")) {
                StateTensor tensor = state.get(entry);
                boolean table = entry.endsWith(".relative_position_bias_table") && wanted.containsKey(entry);
                adapted.put(older ? present(entry) : entry, table ? RelativePositions.resized(tensor, wanted.get(entry).shape().get(0)) : tensor);
            }
        }
        return adapted;
    }

    private static String present(String older) {
        Matcher downsample = DOWNSAMPLE.matcher(older);
        if (downsample.matches()) {
            return "layers." + (Integer.parseInt(downsample.group(1)) + 1) + ".downsample." + downsample.group(2);
        }
        return older.replaceFirst("^head\\.", "head.fc.");
    }

    /** Patches of 4×4 pixels as places. Input {@code [batch, 3, size, size]}, output {@code [batch, size/4, size/4, width]}. */
    private static final class PatchEmbed extends Module {
        private final Module proj;
        private final Module norm;

        PatchEmbed(String projName, String normName, long width) {
            proj = child(projName, conv2d(3, width, 4).stride(4).bias());
            norm = child(normName, new LayerNorm(width, SwinBlock.EPSILON));
        }

        @Override
        protected Value forward(Value x) {
            return norm.of(proj.of(x).permute(0, 2, 3, 1));
        }
    }

    /** Four neighbours as one place. Input {@code [batch, side, side, width]}, output {@code [batch, ⌈side/2⌉, ⌈side/2⌉, 2·width]}. */
    private static final class PatchMerging extends Module {
        private final long side;
        private final long width;
        private final Module norm;
        private final Module reduction;

        PatchMerging(long side, long width, boolean normFirst) {
            this.side = side;
            this.width = width;
            Module layerNorm = new LayerNorm(4 * width, SwinBlock.EPSILON);
            norm = normFirst ? child("norm", layerNorm) : layerNorm;
            reduction = child("reduction", linear(4 * width, 2 * width).withoutBias());
            if (!normFirst) {
                child("norm", layerNorm);
            }
        }

        @Override
        protected Value forward(Value x) {
            long half = (side + 1) / 2;
            Value y = side % 2 == 0 ? x : x.padBottomRight(1, 1);
            return reduction.of(norm.of(y.reshape(-1, half, 2, half, 2, width).permute(0, 1, 3, 4, 2, 5).flatten(3, 5)));
        }
    }
}
