package graft.train;

import graft.Limits;

/**
 * The learning rate rises in a straight line, then another schedule begins: {@code SequentialLR} of PyTorch with a {@code LinearLR} before it.
 *
 * @param count epochs until the other schedule begins
 * @param startFactor of the optimizer's rate, in the first epoch
 * @param then counts from its own beginning, and what it fits to the length of the training it fits to the rest
 */
public record Warmup(int count, double startFactor, Schedule then) implements Schedule {
    public Warmup {
        Limits.atLeast(1, "the length of a warm-up", count);
        Limits.share("the first factor of a warm-up", startFactor);
    }

    @Override
    public double rate(double base, Moment moment) {
        return moment.epoch() < count ? base * (startFactor + (1 - startFactor) * moment.epoch() / count) : then.rate(base, moment.after(count));
    }

    @Override
    public String toString() {
        return then + ", after a warm-up of " + count + " from " + startFactor;
    }
}
