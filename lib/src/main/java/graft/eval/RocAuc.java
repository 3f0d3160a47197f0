package graft.eval;

import java.util.stream.IntStream;

/**
 * Area under the ROC curve: the probability that a picture of the class scores higher than one of another class,
 * equal scores counting half. Computed from ranks (Mann–Whitney U), as {@code sklearn.metrics.roc_auc_score}.
 */
final class RocAuc {
    private RocAuc() { }

    /**
     * @param score of each picture
     * @param positive whether it is of the class
     * @return 0 to 1; NaN unless there are pictures of both kinds
     */
    static double of(double[] score, boolean[] positive) {
        int n = score.length;
        int[] order = IntStream.range(0, n).boxed()
            .sorted((a, b) -> Double.compare(score[a], score[b])).mapToInt(Integer::intValue).toArray();
        double rankSum = 0;
        long positives = 0;
        for (int from = 0; from < n; ) {
            int to = from;
            int inTie = 0;
            while (to < n && score[order[to]] == score[order[from]]) {
                inTie += positive[order[to++]] ? 1 : 0;
            }
            rankSum += inTie * (from + 1 + to) / 2.0; // the mean of the ranks from+1 … to
            positives += inTie;
            from = to;
        }
        long negatives = n - positives;
        return positives == 0 || negatives == 0 ? Double.NaN
            : (rankSum - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
    }

    /** One-vs-rest, the mean over all classes; NaN if a class has no picture or all of them, as it is undefined then. */
    static double macro(double[][] scores, int[] labels, int classes) {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            double[] score = new double[labels.length];
            boolean[] positive = new boolean[labels.length];
            for (int i = 0; i < labels.length; i++) {
                score[i] = scores[i][c];
                positive[i] = labels[i] == c;
            }
            sum += of(score, positive);
        }
        return sum / classes;
    }
}
