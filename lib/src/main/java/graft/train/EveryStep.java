package graft.train;

import graft.InputException;

/**
 * Another schedule, whose times count steps instead of epochs.
 *
 * @param schedule none that follows the validation loss, which there is once an epoch
 */
public record EveryStep(Schedule schedule) implements Schedule {
    public EveryStep {
        if (followsLosses(schedule)) {
            throw new InputException("the validation loss is known once an epoch, so that a plateau cannot count steps; leave everyStep() out");
        }
    }

    private static boolean followsLosses(Schedule schedule) {
        return schedule instanceof Plateau || schedule instanceof Warmup warmup && followsLosses(warmup.then());
    }

    @Override
    public double rate(double base, Moment moment) {
        return schedule.rate(base, moment.inSteps());
    }

    @Override
    public String toString() {
        return schedule + ", counted in steps";
    }
}
