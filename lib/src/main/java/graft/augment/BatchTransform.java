package graft.augment;

import java.util.random.RandomGenerator;

/** One step that joins the pictures of a batch, under torchvision's name: {@link MixUp} or {@link CutMix}. Each picture meets the one before it, the first the last. */
public sealed interface BatchTransform permits MixUp, CutMix {
    /**
     * The changed batch; the one given stays as it is. A pure function of its arguments.
     *
     * @param index which batch of the epoch it is
     */
    default Batch apply(Batch batch, long seed, int epoch, int index) {
        return apply(batch, Pipeline.generator(seed, epoch, getClass().getSimpleName() + " " + index));
    }

    /** The same with a generator given. */
    Batch apply(Batch batch, RandomGenerator random);
}
