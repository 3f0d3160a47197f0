package graft.train;

import graft.Limits;

/**
 * The learning rate moves in a straight line, and stays where that ends: {@code LinearLR} of PyTorch.
 *
 * @param startFactor of the optimizer's rate, in the first epoch
 * @param endFactor of the optimizer's rate, from epoch {@code count} on
 * @param count epochs from one to the other
 */
public record Linear(double startFactor, double endFactor, int count) implements Schedule {
    public Linear {
        Limits.notNegative("the first factor of a linear schedule", startFactor);
        Limits.notNegative("the last factor of a linear schedule", endFactor);
        Limits.atLeast(1, "the length of a linear schedule", count);
    }

    @Override
    public double rate(double base, Moment moment) {
        return base * (startFactor + (endFactor - startFactor) * Math.min(moment.epoch(), count) / count);
    }

    @Override
    public String toString() {
        return "linear, from " + startFactor + " to " + endFactor + " within " + count;
    }
}
