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
 * Vision Transformer, Dosovitskiy et al. 2020 (arXiv:2010.11929), as torchvision has it. A picture
 * {@code [batch, 3, size, size]} becomes {@code (size/patch)²} tokens behind a class token, {@code [batch, tokens, width]}; the
 * features are the class token after the last block, which for that reason computes no other.
 */
final class VisionTransformer extends Backbone {
    private final long size;
    private final long patch;
    private final Module head;

    private VisionTransformer(String name, long patch, long depth, long attentionHeads, long width, Variant variant) {
        super(name, width, variant, 0, "heads.head");
        this.size = variant.size();
        this.patch = patch;
        if (size < patch || size % patch != 0) {
            throw new InputException("%s takes pictures whose size is a multiple of its patches' %d pixels; %d is not, %d would be"
                .formatted(name, patch, size, Math.max(1, Math.round(size / (double) patch)) * patch));
        }
        parameter("class_token", 1, 1, width);
        Module proj = child("conv_proj", conv2d(3, width, patch).stride(patch).bias());
        Encoder encoder = child("encoder", new Encoder((size / patch) * (size / patch) + 1, width));
        stage("conv_proj", List.of("class_token", "conv_proj", "encoder.pos_embedding"),
            x -> proj.of(x).flatten(2, 3).permute(0, 2, 1).prepend(entry(x, "class_token")).add(encoder.positions(x)));
        Level layers = encoder.add("layers", new Level());
        Module norm = encoder.add("ln", new LayerNorm(width, EncoderBlock.EPSILON));
        for (int i = 0; i < depth; i++) {
            boolean last = i == depth - 1;
            Module block = layers.add("encoder_layer_" + i, EncoderBlock.torchvision(width, attentionHeads, last ? 1 : 0, variant.dropPath(0) * i / (depth - 1)));
            String path = "encoder.layers.encoder_layer_" + i;
            tokenStage(path, last ? List.of(path, "encoder.ln") : List.of(path), x -> last ? norm.of(block.of(x).select(1, 0)).float32() : block.of(x));
        }
        head = child("heads", new Level()).add("head", head(width, variant));
    }

    static VisionTransformer b16(Variant variant) {
        return new VisionTransformer("vit_b_16", 16, 12, 12, 768, variant);
    }

    static VisionTransformer b32(Variant variant) {
        return new VisionTransformer("vit_b_32", 32, 12, 12, 768, variant);
    }

    static VisionTransformer l16(Variant variant) {
        return new VisionTransformer("vit_l_16", 16, 24, 16, 1024, variant);
    }

    static VisionTransformer l32(Variant variant) {
        return new VisionTransformer("vit_l_32", 32, 24, 16, 1024, variant);
    }

    static VisionTransformer h14(Variant variant) {
        return new VisionTransformer("vit_h_14", 14, 32, 16, 1280, variant);
    }

    @Override
    public long patchSize() {
        return patch;
    }

    @Override
    public long inputSize() {
        return size;
    }

    @Override
    protected Value head(Value features) {
        return head.of(features);
    }

    /** torchvision's files from before its {@code MLP} name the linear layers of a block linear_1 and linear_2. */
    @Override
    public StateDict adapted(StateDict state) {
        StateDict adapted = new StateDict(state.source());
        for (String entry : state.names()) {
            StateTensor tensor = state.get(entry);
            String name = entry.replace(".mlp.linear_1.", ".mlp.0.").replace(".mlp.linear_2.", ".mlp.3.");
            adapted.put(name, name.equals("encoder.pos_embedding") ? PatchGrid.resized(tensor, 1, size / patch, Interpolation.BICUBIC_ALIGN_CORNERS) : tensor);
        }
        return adapted;
    }

    /** Position embeddings {@code [1, tokens, width]}, and the level of names that the blocks and the last norm are on. */
    private static final class Encoder extends Level {
        Encoder(long tokens, long width) {
            parameter("pos_embedding", 1, tokens, width);
        }

        Value positions(Value x) {
            return entry(x, "pos_embedding");
        }
    }
}
