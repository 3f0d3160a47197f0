package graft.train;

import graft.Limits;

/**
 * The learning rate is multiplied whenever the validation loss has stopped to fall: {@code ReduceLROnPlateau} of PyTorch. It follows from all losses so far,
 * each time anew.
 *
 * @param factor below 1
 * @param patience how many epochs in a row may be no better than the best before the rate is reduced at the next
 * @param threshold how much better is better
 * @param mode what the threshold is compared with
 * @param cooldown epochs after a reduction in which none is counted as bad
 * @param minRate the rate does not fall below this; as all rates it is scaled by a parameter's own factor
 */
public record Plateau(double factor, int patience, double threshold, Threshold mode, int cooldown, double minRate) implements Schedule {
    /** torch's {@code eps}: a smaller change is none. */
    private static final double LEAST_CHANGE = 1e-8;

    /** What the threshold is compared with. */
    public enum Threshold {
        /** A share of the best loss. */
        REL,
        /** The loss itself. */
        ABS
    }

    public Plateau {
        Limits.below1("the factor of a plateau", factor);
        Limits.atLeast(0, "the patience of a plateau", patience);
        Limits.notNegative("the threshold of a plateau", threshold);
        Limits.atLeast(0, "the cooldown of a plateau", cooldown);
        Limits.notNegative("the lowest rate of a plateau", minRate);
    }

    public Plateau threshold(double value, Threshold comparedWith) {
        return new Plateau(factor, patience, value, comparedWith, cooldown, minRate);
    }

    public Plateau cooldown(int value) {
        return new Plateau(factor, patience, threshold, mode, value, minRate);
    }

    public Plateau minRate(double value) {
        return new Plateau(factor, patience, threshold, mode, cooldown, value);
    }

    @Override
    public double rate(double base, Moment moment) {
        double rate = base;
        double best = Double.POSITIVE_INFINITY;
        int bad = 0;
        int cooling = 0;
        for (double loss : moment.validationLosses()) {
            boolean better = loss < (mode == Threshold.REL ? best * (1 - threshold) : best - threshold);
            best = better ? loss : best;
            bad = better || cooling > 0 ? 0 : bad + 1;
            cooling = Math.max(0, cooling - 1);
            if (bad > patience) {
                double next = Math.max(rate * factor, minRate);
                rate = rate - next > LEAST_CHANGE ? next : rate;
                cooling = cooldown;
                bad = 0;
            }
        }
        return rate;
    }

    @Override
    public String toString() {
        return "times " + factor + " on a plateau, patience " + patience + (mode == Threshold.REL ? ", threshold " + 100 * threshold + " %" : ", threshold " + threshold)
            + (cooldown == 0 ? "" : ", cooldown " + cooldown) + (minRate == 0 ? "" : ", not below " + minRate);
    }
}
