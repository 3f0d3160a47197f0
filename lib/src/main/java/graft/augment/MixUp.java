package graft.augment;

import java.util.random.RandomGenerator;

/**
 * Each picture laid over the one before it in the batch, and their labels in the same shares (mixup, Zhang et al. 2017, arXiv:1710.09412), as in torchvision:
 * one share for the whole batch, from Beta(alpha, alpha).
 *
 * @param alpha above 0; 1 makes every share equally likely, less prefers shares near 0 and 1
 */
public record MixUp(double alpha) implements BatchTransform {
    public MixUp {
        Mixture.check("MixUp", alpha);
    }

    @Override public Batch apply(Batch batch, RandomGenerator random) {
        return mix(batch, Mixture.share(alpha, random));
    }

    /** @param lambda share of each picture itself, 0 to 1; the rest is the picture before it */
    public static Batch mix(Batch batch, double lambda) {
        return new Batch(batch.height(), batch.width(), batch.mean(), batch.std(), Mixture.of(batch.pixels(), batch.count(), lambda),
            Mixture.of(batch.targets(), lambda));
    }

    /** As torchvision writes it: {@code MixUp(alpha=1.0)}. */
    @Override public String toString() {
        return "MixUp(alpha=" + alpha + ")";
    }
}
