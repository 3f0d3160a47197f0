package graft.train;

import java.util.Arrays;
import java.util.List;

/**
 * How the logits of several models, or of several views of a picture, become one answer. The means need no training; how they compare
 * with a layer that learns is in L. Breiman 1996, "Stacked regressions", and L. K. Hansen, P. Salamon 1990, "Neural network ensembles".
 */
public enum Ensemble {
    /** The mean of the probabilities: each model has one vote, which it may share among classes. Its logits are the logarithms of that mean. */
    PROBABILITIES("mean of the probabilities"),
    /** The mean of the logits, the geometric mean of the probabilities: a model that is very sure counts for more. */
    LOGITS("mean of the logits"),
    /** A linear layer on all logits beside each other, which learns how much to trust whom. */
    LINEAR("linear layer on all logits");

    private final String text;

    Ensemble(String text) {
        this.text = text;
    }

    /**
     * Joins by a mean.
     *
     * @param logits of each model or view, all {@code [pictures][classes]}
     * @return logits, {@code [pictures][classes]}; their softmax are the joined probabilities
     * @throws IllegalArgumentException if there are none or their shapes differ, and for {@link #LINEAR}, which has to be trained
     */
    public float[][] mean(List<float[][]> logits) {
        if (logits.isEmpty() || this == LINEAR) {
            throw new IllegalArgumentException(this == LINEAR ? "a linear layer is no mean" : "no logits");
        }
        float[][] joined = new float[logits.get(0).length][];
        for (int i = 0; i < joined.length; i++) {
            joined[i] = mean(logits, i);
        }
        return joined;
    }

    private float[] mean(List<float[][]> logits, int row) {
        int classes = logits.get(0)[row].length;
        double[][] votes = new double[classes][logits.size()];
        for (int k = 0; k < logits.size(); k++) {
            float[][] one = logits.get(k);
            if (one.length != logits.get(0).length || one[row].length != classes) {
                throw new IllegalArgumentException("logits of different shapes");
            }
            for (int c = 0; c < classes; c++) {
                votes[c][k] = one[row][c];
            }
        }
        if (this == PROBABILITIES) {
            for (int k = 0; k < logits.size(); k++) {
                int model = k;
                double unit = logSumExp(Arrays.stream(votes).mapToDouble(vote -> vote[model]).toArray());
                Arrays.stream(votes).forEach(vote -> vote[model] -= unit);
            }
        }
        float[] joined = new float[classes];
        for (int c = 0; c < classes; c++) {
            joined[c] = (float) (this == PROBABILITIES ? logSumExp(votes[c]) - Math.log(logits.size()) : Arrays.stream(votes[c]).sum() / logits.size());
        }
        return joined;
    }

    /** {@code log(Σ exp(x))}, which is finite where the exponentials are not. */
    private static double logSumExp(double[] values) {
        double highest = Arrays.stream(values).max().orElseThrow();
        return highest + Math.log(Arrays.stream(values).map(value -> Math.exp(value - highest)).sum());
    }

    /** Reads as {@code mean of the probabilities}. */
    @Override
    public String toString() {
        return text;
    }
}
