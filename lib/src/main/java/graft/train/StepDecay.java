package graft.train;

import graft.Limits;

/**
 * The learning rate is multiplied every so many epochs: {@code StepLR} of PyTorch.
 *
 * @param size epochs between two changes
 * @param gamma the factor
 */
public record StepDecay(int size, double gamma) implements Schedule {
    public StepDecay {
        Limits.atLeast(1, "the step size of a schedule", size);
        Limits.positive("the gamma of a schedule", gamma);
    }

    @Override
    public double rate(double base, Moment moment) {
        return base * Math.pow(gamma, moment.epoch() / size);
    }

    @Override
    public String toString() {
        return "times " + gamma + " every " + size;
    }
}
