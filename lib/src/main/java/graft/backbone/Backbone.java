package graft.backbone;

import graft.torch.Layers;
import graft.torch.Module;
import graft.torch.Value;

/**
 * A network for image classification: a body that turns pictures into features, and a linear head that turns features into
 * logits. Input {@code [batch, 3, height, width]}, normalised.
 */
public abstract class Backbone extends Module {
    private final String name;
    private final long width;
    private final String head;

    /**
     * @param name torchvision's or timm's
     * @param width how many features a picture has
     * @param head the path of the head in the state dict: {@code fc}, {@code classifier.1}
     */
    protected Backbone(String name, long width, String head) {
        this.name = name;
        this.width = width;
        this.head = head;
    }

    /** What a picture looks like to the head: {@code [batch, width]}, float32. */
    public abstract Value features(Value x);

    /** The head applied to features: {@code [batch, classes]}. */
    protected abstract Value head(Value features);

    @Override
    protected final Value forward(Value x) {
        return head(features(x));
    }

    public final String backboneName() {
        return name;
    }

    /** How many features a picture has. */
    public final long width() {
        return width;
    }

    /** The path of the head in the state dict. */
    public final String headPath() {
        return head;
    }

    /** A linear head in float32. */
    protected static Module linearHead(long width, long classes) {
        return Layers.linear(width, classes).float32();
    }

    /** How many parameters the body has, without the head. */
    public final long bodyParameterCount() {
        return state().entrySet().stream().filter(e -> e.getValue().trains() && !e.getKey().startsWith(head + ".")).mapToLong(e -> e.getValue().count()).sum();
    }
}
