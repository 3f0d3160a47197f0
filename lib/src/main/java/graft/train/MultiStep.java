package graft.train;

import graft.InputException;
import graft.Limits;

import java.util.List;

/**
 * The learning rate is multiplied at some epochs: {@code MultiStepLR} of PyTorch.
 *
 * @param milestones the epochs, counted from 0, in rising order; one that stands twice counts twice
 * @param gamma the factor
 */
public record MultiStep(List<Integer> milestones, double gamma) implements Schedule {
    public MultiStep {
        milestones = List.copyOf(milestones);
        if (!milestones.equals(milestones.stream().sorted().toList())) {
            throw new InputException("the milestones of a schedule are " + milestones + "; they have to rise");
        }
        Limits.positive("the gamma of a schedule", gamma);
    }

    @Override
    public double rate(double base, Moment moment) {
        return base * Math.pow(gamma, milestones.stream().filter(milestone -> milestone <= moment.epoch()).count());
    }

    @Override
    public String toString() {
        return "times " + gamma + " at " + milestones;
    }
}
