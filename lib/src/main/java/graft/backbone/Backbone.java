package graft.backbone;

import graft.torch.Layers;
import graft.torch.Module;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import graft.torch.Value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network for image classification: a body that turns pictures into features, and a linear head that turns features into
 * logits. Input {@code [batch, 3, height, width]}, normalised.
 */
public abstract class Backbone extends Module {
    private final String name;
    private final long width;
    private final List<String> heads;

    /**
     * @param name torchvision's or timm's
     * @param width how many features a picture has
     * @param head the path of the head in the state dict: {@code fc}, {@code classifier.1}
     */
    protected Backbone(String name, long width, String head) {
        this(name, width, List.of(head));
    }

    /** @param heads the paths of heads whose logits are averaged; each sees its part of the features */
    protected Backbone(String name, long width, List<String> heads) {
        this.name = name;
        this.width = width;
        this.heads = heads;
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

    /** The path of the head in the state dict; of the first where there are two. */
    public final String headPath() {
        return heads.get(0);
    }

    /** Whether an entry of the state dict belongs to a head. */
    public final boolean isHead(String entry) {
        return heads.stream().anyMatch(head -> entry.startsWith(head + "."));
    }

    /**
     * A linear layer on the features as this backbone's state dict holds it: where the logits of two heads are averaged, each gets its
     * part of the weight, twice.
     *
     * @param weight {@code [classes, width]}
     * @param bias {@code [classes]}
     */
    public final Map<String, StateTensor> headEntries(StateTensor weight, StateTensor bias) {
        int classes = Math.toIntExact(weight.shape()[0]);
        int part = Math.toIntExact(width / heads.size());
        float[] all = weight.toFloats();
        Map<String, StateTensor> entries = new LinkedHashMap<>();
        for (int h = 0; h < heads.size(); h++) {
            float[] own = new float[classes * part];
            for (int i = 0; i < own.length; i++) {
                own[i] = heads.size() * all[i / part * heads.size() * part + h * part + i % part];
            }
            entries.put(heads.get(h) + ".weight", StateTensor.of(own, classes, part));
            entries.put(heads.get(h) + ".bias", bias);
        }
        return entries;
    }

    /** The weight {@code [classes, width]} that {@link #headEntries} was given. */
    public final StateTensor headWeight(StateDict state) {
        int classes = Math.toIntExact(state.get(headPath() + ".weight").shape()[0]);
        int part = Math.toIntExact(width / heads.size());
        float[] all = new float[Math.toIntExact(classes * width)];
        for (int h = 0; h < heads.size(); h++) {
            float[] own = state.get(heads.get(h) + ".weight").toFloats();
            for (int i = 0; i < own.length; i++) {
                all[i / part * heads.size() * part + h * part + i % part] = own[i] / heads.size();
            }
        }
        return StateTensor.of(all, classes, width);
    }

    /** The bias {@code [classes]}: the mean of the heads'. */
    public final StateTensor headBias(StateDict state) {
        float[] mean = new float[Math.toIntExact(state.get(headPath() + ".bias").count())];
        for (String head : heads) {
            float[] own = state.get(head + ".bias").toFloats();
            for (int i = 0; i < mean.length; i++) {
                mean[i] += own[i] / heads.size();
            }
        }
        return StateTensor.of(mean, mean.length);
    }

    /** The height and width of the pictures that it is described for, or 0 if it takes any. */
    public long inputSize() {
        return 0;
    }

    /**
     * Published weights under the names of this description: older names are replaced, what follows from the description is left
     * out, position embeddings are interpolated for its input size. Whether they fit is {@link WeightFit}'s question.
     */
    public StateDict adapted(StateDict state) {
        return state;
    }

    /** A linear head in float32. */
    protected static Module linearHead(long width, long classes) {
        return Layers.linear(width, classes).float32();
    }

    /** How many parameters the body has, without the head. */
    public final long bodyParameterCount() {
        return state().entrySet().stream().filter(e -> e.getValue().trains() && !isHead(e.getKey())).mapToLong(e -> e.getValue().count()).sum();
    }
}
