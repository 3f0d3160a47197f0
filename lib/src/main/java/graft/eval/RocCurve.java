package graft.eval;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Receiver operating characteristic: how many pictures of a class a threshold on its score finds (true positive rate) at the price of
 * how many of the others (false positive rate), for every threshold from the highest down. As {@code sklearn.metrics.roc_curve}:
 * equal scores are passed at once; points on a straight line between their neighbours are left out.
 *
 * @param falsePositiveRate rising from 0 to 1
 * @param truePositiveRate rising from 0 to 1, as many
 */
public record RocCurve(double[] falsePositiveRate, double[] truePositiveRate) {
    /** The same shares of both kinds: what guessing gives. */
    public static final RocCurve CHANCE = new RocCurve(new double[] {0, 1}, new double[] {0, 1});

    /**
     * The curve of one class against the rest.
     *
     * @param score of each picture
     * @param positive whether it is of the class
     * @return without a point unless there are pictures of both kinds
     */
    public static RocCurve of(double[] score, boolean[] positive) {
        int n = score.length;
        int[] order = IntStream.range(0, n).boxed().sorted((a, b) -> Double.compare(score[b], score[a])).mapToInt(Integer::intValue).toArray();
        long[] found = new long[n + 1];
        long[] wrong = new long[n + 1];
        int points = 1; // the first is the threshold above all scores
        for (int from = 0; from < n; points++) {
            found[points] = found[points - 1];
            wrong[points] = wrong[points - 1];
            int to = from;
            while (to < n && score[order[to]] == score[order[from]]) {
                if (positive[order[to++]]) {
                    found[points]++;
                } else {
                    wrong[points]++;
                }
            }
            from = to;
            if (points > 1 && (found[points] - found[points - 1]) * (wrong[points - 1] - wrong[points - 2])
                == (found[points - 1] - found[points - 2]) * (wrong[points] - wrong[points - 1])) {
                points--;
                found[points] = found[points + 1];
                wrong[points] = wrong[points + 1];
            }
        }
        double positives = found[points - 1];
        double negatives = wrong[points - 1];
        if (positives == 0 || negatives == 0) {
            return new RocCurve(new double[0], new double[0]);
        }
        return new RocCurve(Arrays.stream(wrong, 0, points).mapToDouble(count -> count / negatives).toArray(),
            Arrays.stream(found, 0, points).mapToDouble(count -> count / positives).toArray());
    }

    /** Whether it is defined: there were pictures of the class, and others. */
    public boolean defined() {
        return falsePositiveRate.length > 0;
    }

    /**
     * The area under the curve: the probability that a picture of the class scores higher than one of another class, equal scores counting
     * half (Mann and Whitney's U), as {@code sklearn.metrics.roc_auc_score}. 0 to 1; NaN if the curve is not defined.
     */
    public double area() {
        double area = defined() ? 0 : Double.NaN;
        for (int i = 1; i < falsePositiveRate.length; i++) {
            area += (falsePositiveRate[i] - falsePositiveRate[i - 1]) * (truePositiveRate[i] + truePositiveRate[i - 1]) / 2;
        }
        return area;
    }

    /**
     * The mean of curves, true positive rates averaged at each false positive rate: the macro average. Its area is the mean of theirs.
     *
     * @param curves those that are not defined do not count
     */
    public static RocCurve mean(List<RocCurve> curves) {
        List<RocCurve> defined = curves.stream().filter(RocCurve::defined).toList();
        if (defined.isEmpty()) {
            return new RocCurve(new double[0], new double[0]);
        }
        double[] rates = defined.stream().flatMapToDouble(curve -> Arrays.stream(curve.falsePositiveRate)).distinct().sorted().toArray();
        double[] x = new double[2 * rates.length]; // a curve may jump at a rate: its value before and after
        double[] y = new double[2 * rates.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = rates[i / 2];
            for (RocCurve curve : defined) {
                y[i] += curve.at(x[i], i % 2 == 1) / defined.size();
            }
        }
        return new RocCurve(x, y);
    }

    /** @param after of a jump, its upper end */
    private double at(double rate, boolean after) {
        int right = after ? 1 : 0; // the first point beyond, or not before, the rate
        while (right < falsePositiveRate.length && (after ? falsePositiveRate[right] <= rate : falsePositiveRate[right] < rate)) {
            right++;
        }
        if (right == falsePositiveRate.length || right == 0) {
            return truePositiveRate[Math.max(0, right - 1)];
        }
        double share = (rate - falsePositiveRate[right - 1]) / (falsePositiveRate[right] - falsePositiveRate[right - 1]);
        return truePositiveRate[right - 1] + share * (truePositiveRate[right] - truePositiveRate[right - 1]);
    }
}
