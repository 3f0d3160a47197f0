package graft.eval;

import graft.InputException;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Two classifiers on the same pictures: by how much the first is better, and whether that could be luck. What both get right, or both
 * wrong, says nothing about that; the pictures on which they differ do.
 *
 * @param count the pictures
 * @param onlyFirst how many only the first classifier got right
 * @param onlySecond how many only the second got right
 * @param interval 95 % confidence interval of {@link #difference}: the bootstrap percentiles of 10,000 resamples of the pictures,
 *     each kept with both of its answers (B. Efron, R. Tibshirani 1993, "An introduction to the bootstrap", chapter 13)
 */
public record Paired(int count, int onlyFirst, int onlySecond, Interval interval) {
    private static final int RESAMPLES = 10_000;

    /**
     * Compares predictions for the same pictures, in whatever order; those without a label do not count.
     *
     * @param seed what the bootstrap draws from
     * @throws InputException if they are about different pictures, or none of them has a label
     */
    public static Paired of(Predictions first, Predictions second, long seed) {
        Map<String, Integer> rows = new HashMap<>();
        for (int i = 0; i < second.count(); i++) {
            rows.put(second.ids().get(i), i);
        }
        if (first.count() != second.count() || !rows.keySet().containsAll(first.ids())) {
            throw new InputException("the two classifiers were asked about different pictures (" + first.count() + " and " + second.count()
                + "); only answers about the same ones can be compared");
        }
        boolean[] right = new boolean[first.count()];
        boolean[] otherRight = new boolean[first.count()];
        int labelled = 0;
        for (int i = 0; i < first.count(); i++) {
            int row = rows.get(first.ids().get(i));
            if (first.label(i) >= 0) {
                String truth = first.classes().get(first.label(i));
                if (second.label(row) < 0 || !second.classes().get(second.label(row)).equals(truth)) {
                    throw new InputException("the two classifiers were told different classes for " + first.ids().get(i) + "; only answers about the same ones can be compared");
                }
                right[labelled] = first.predicted(i) == first.label(i);
                otherRight[labelled++] = second.predicted(row) == second.label(row);
            }
        }
        if (labelled == 0) {
            throw new InputException("no picture has a label, so that two classifiers cannot be compared; pictures with labels would be right");
        }
        return of(Arrays.copyOf(right, labelled), Arrays.copyOf(otherRight, labelled), seed);
    }

    /**
     * Compares which pictures were told right, by id.
     *
     * @throws IllegalArgumentException if they are about different pictures, or none
     */
    public static Paired of(Map<String, Boolean> firstRight, Map<String, Boolean> secondRight, long seed) {
        if (!firstRight.keySet().equals(secondRight.keySet())) {
            throw new IllegalArgumentException("answers about different pictures");
        }
        boolean[] first = new boolean[firstRight.size()];
        boolean[] second = new boolean[first.length];
        int i = 0;
        for (Map.Entry<String, Boolean> answer : firstRight.entrySet()) {
            first[i] = answer.getValue();
            second[i++] = secondRight.get(answer.getKey());
        }
        return of(first, second, seed);
    }

    /**
     * Compares which pictures were told right, in the same order for both.
     *
     * @throws IllegalArgumentException if there are none, or not as many of each
     */
    public static Paired of(boolean[] firstRight, boolean[] secondRight, long seed) {
        if (firstRight.length != secondRight.length || firstRight.length == 0) {
            throw new IllegalArgumentException(firstRight.length + " and " + secondRight.length + " answers");
        }
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int i = 0; i < firstRight.length; i++) {
            onlyFirst += firstRight[i] && !secondRight[i] ? 1 : 0;
            onlySecond += secondRight[i] && !firstRight[i] ? 1 : 0;
        }
        return new Paired(firstRight.length, onlyFirst, onlySecond, bootstrap(firstRight.length, onlyFirst, onlySecond, seed));
    }

    private static Interval bootstrap(int count, int onlyFirst, int onlySecond, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] sums = new int[RESAMPLES];
        for (int k = 0; k < RESAMPLES; k++) {
            for (int i = 0; i < count; i++) {
                int picture = random.nextInt(count);
                sums[k] += picture < onlyFirst ? 1 : picture < onlyFirst + onlySecond ? -1 : 0;
            }
        }
        Arrays.sort(sums);
        return new Interval(quantile(sums, 0.025) / count, quantile(sums, 0.975) / count);
    }

    /** Between the two nearest values, as {@code numpy.quantile} does. */
    private static double quantile(int[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        return sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }

    /** The first classifier's accuracy less the second's, −1 to 1. */
    public double difference() {
        return (double) (onlyFirst - onlySecond) / count;
    }

    /**
     * The chance of a difference at least this large between classifiers that are equally good: McNemar's test in its exact form, two-sided (Q. McNemar 1947,
     * "Note on the sampling error of the difference between correlated proportions"). Of the pictures on which they differ, either is right on
     * half, as coins fall: {@code min(1, 2·P[Binomial(n, ½) ≤ min(onlyFirst, onlySecond)])}.
     */
    public double p() {
        int n = onlyFirst + onlySecond;
        double logTerm = -n * Math.log(2);
        double tail = Math.exp(logTerm);
        for (int k = 1; k <= Math.min(onlyFirst, onlySecond); k++) {
            logTerm += Math.log((double) (n - k + 1) / k);
            tail += Math.exp(logTerm);
        }
        return Math.min(1, 2 * tail);
    }

    /** Reads as {@code +2.5 % (95 %: +0.8 to +4.2), p = 0.0042}. */
    @Override
    public String toString() {
        return String.format(java.util.Locale.ROOT, "%+.1f %% (95 %%: %+.1f to %+.1f), p = %.2g", 100 * difference(), 100 * interval.low(), 100 * interval.high(), p());
    }
}
