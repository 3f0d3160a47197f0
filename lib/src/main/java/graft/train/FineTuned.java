package graft.train;

import graft.Progress;
import graft.augment.Pipeline;
import graft.backbone.Backbone;
import graft.backbone.Pretrained;
import graft.data.Picture;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.StateDict;

import java.util.List;
import java.util.function.Supplier;

/** A backbone with the head that was trained on it, ready to judge pictures. What it says of a picture depends on that picture alone, to the bit. */
public final class FineTuned implements AutoCloseable {
    private final Features features;
    private final boolean ownsFeatures;
    private final Network head;
    private final long width;

    /**
     * Compiles it.
     *
     * @param description makes new descriptions of the backbone with its head
     * @param weights every entry of the description
     */
    public FineTuned(Supplier<Backbone> description, StateDict weights, Precision precision, List<Float> mean, List<Float> std) {
        this(description, weights, precision, new Features(description.get(), weights, precision, mean, std), true);
    }

    private FineTuned(Supplier<Backbone> description, StateDict weights, Precision precision, Features features, boolean ownsFeatures) {
        Backbone backbone = description.get();
        this.features = features;
        this.ownsFeatures = ownsFeatures;
        width = backbone.width();
        try {
            head = Network.load(backbone.suffix(backbone.stages().size()), weights, precision, name -> false);
        } catch (RuntimeException failed) {
            if (ownsFeatures) {
                features.close();
            }
            throw failed;
        }
    }

    /** The same on features of its backbone that are known already. */
    static FineTuned on(Features features, Supplier<Backbone> description, StateDict weights, Precision precision) {
        return new FineTuned(description, weights, precision, features, false);
    }

    /** Logits, {@code [pictures][classes]}. */
    public float[][] logits(List<Picture> pictures, Pipeline pipeline, Progress progress) throws InterruptedException {
        return RowInputs.oneByOne(head, features.of(pictures, pipeline, 0, 0, progress), width);
    }

    @Override
    public void close() {
        head.close();
        if (ownsFeatures) {
            features.close();
        }
    }
}
