package graft.backbone;

import static graft.torch.Layers.conv2d;

import graft.InputException;
import graft.torch.Interpolation;
import graft.torch.LayerNorm;
import graft.torch.Module;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import graft.torch.Value;

import java.util.ArrayList;
import java.util.List;

/**
 * Vision Transformer, Dosovitskiy et al. 2020 (arXiv:2010.11929), as torchvision has it. A picture
 * {@code [batch, 3, size, size]} becomes {@code (size/patch)²} tokens behind a class token, {@code [batch, tokens, width]}; the
 * features are the class token after the last block, which for that reason computes no other.
 */
final class VisionTransformer extends Backbone {
    private final long size;
    private final long patch;
    private final Module proj;
    private final Encoder encoder;
    private final Heads heads;

    private VisionTransformer(String name, long patch, long depth, long attentionHeads, long width, long classes, long size) {
        super(name, width, "heads.head");
        this.size = size;
        this.patch = patch;
        if (size < patch || size % patch != 0) {
            throw new InputException("%s takes pictures whose size is a multiple of its patches' %d pixels; %d is not, %d would be"
                .formatted(name, patch, size, Math.max(1, Math.round(size / (double) patch)) * patch));
        }
        parameter("class_token", 1, 1, width);
        proj = child("conv_proj", conv2d(3, width, patch).stride(patch).bias());
        encoder = child("encoder", new Encoder((size / patch) * (size / patch) + 1, depth, attentionHeads, width));
        heads = child("heads", new Heads(width, classes));
    }

    static VisionTransformer b16(long classes, long size) {
        return new VisionTransformer("vit_b_16", 16, 12, 12, 768, classes, size);
    }

    static VisionTransformer b32(long classes, long size) {
        return new VisionTransformer("vit_b_32", 32, 12, 12, 768, classes, size);
    }

    static VisionTransformer l16(long classes, long size) {
        return new VisionTransformer("vit_l_16", 16, 24, 16, 1024, classes, size);
    }

    static VisionTransformer l32(long classes, long size) {
        return new VisionTransformer("vit_l_32", 32, 24, 16, 1024, classes, size);
    }

    static VisionTransformer h14(long classes, long size) {
        return new VisionTransformer("vit_h_14", 14, 32, 16, 1280, classes, size);
    }

    @Override
    public long inputSize() {
        return size;
    }

    @Override
    public Value features(Value x) {
        return encoder.of(proj.of(x).flatten(2, 3).permute(0, 2, 1).prepend(entry(x, "class_token"))).float32();
    }

    @Override
    protected Value head(Value features) {
        return heads.of(features);
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

    /** Position embeddings, the blocks, and the last norm. Input {@code [batch, tokens, width]}, output {@code [batch, width]}: the first token. */
    private static final class Encoder extends Module {
        private final Layers layers;
        private final Module norm;

        Encoder(long tokens, long depth, long heads, long width) {
            parameter("pos_embedding", 1, tokens, width);
            layers = child("layers", new Layers(depth, heads, width));
            norm = child("ln", new LayerNorm(width, EncoderBlock.EPSILON));
        }

        @Override
        protected Value forward(Value x) {
            return norm.of(layers.of(x.add(entry(x, "pos_embedding"))).select(1, 0));
        }
    }

    /** The blocks; the last gives only the first token. */
    private static final class Layers extends Module {
        private final List<Module> blocks = new ArrayList<>();

        Layers(long depth, long heads, long width) {
            for (long i = 0; i < depth; i++) {
                blocks.add(child("encoder_layer_" + i, EncoderBlock.torchvision(width, heads, i == depth - 1 ? 1 : 0)));
            }
        }

        @Override
        protected Value forward(Value x) {
            Value y = x;
            for (Module block : blocks) {
                y = block.of(y);
            }
            return y;
        }
    }

    /** The head, one level down. */
    private static final class Heads extends Module {
        private final Module linear;

        Heads(long width, long classes) {
            linear = child("head", linearHead(width, classes));
        }

        @Override
        protected Value forward(Value x) {
            return linear.of(x);
        }
    }
}
