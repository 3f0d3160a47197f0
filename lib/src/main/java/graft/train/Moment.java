package graft.train;

import java.util.List;

/**
 * Where a training stands.
 *
 * @param epoch counted from 0
 * @param step within the epoch, counted from 0
 * @param stepsAnEpoch how many steps an epoch has
 * @param epochs how many there will be
 * @param validationLosses of the epochs that are over, in their order; empty without validation
 */
public record Moment(int epoch, int step, int stepsAnEpoch, int epochs, List<Double> validationLosses) {
    public Moment {
        validationLosses = List.copyOf(validationLosses);
    }

    /** The same moment with every step as an epoch of its own. */
    Moment inSteps() {
        return new Moment(epoch * stepsAnEpoch + step, 0, 1, epochs * stepsAnEpoch, validationLosses);
    }

    /** The same moment in a training that began {@code count} epochs later. */
    Moment after(int count) {
        return new Moment(epoch - count, step, stepsAnEpoch, epochs - count, validationLosses.subList(Math.min(count, validationLosses.size()), validationLosses.size()));
    }
}
