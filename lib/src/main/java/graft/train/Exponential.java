package graft.train;

import graft.Limits;

/**
 * The learning rate is multiplied every epoch: {@code ExponentialLR} of PyTorch.
 *
 * @param gamma the factor
 */
public record Exponential(double gamma) implements Schedule {
    public Exponential {
        Limits.positive("the gamma of a schedule", gamma);
    }

    @Override
    public double rate(double base, Moment moment) {
        return base * Math.pow(gamma, moment.epoch());
    }

    @Override
    public String toString() {
        return "exponential, gamma " + gamma;
    }
}
