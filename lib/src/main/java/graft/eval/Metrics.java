package graft.eval;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How good predictions are. Definitions are scikit-learn's ({@code precision_recall_fscore_support},
 * {@code roc_auc_score}, {@code cohen_kappa_score}; macro averages, {@code zero_division=0}), all shares are 0 to 1.
 */
public final class Metrics {
    /** The figures of one class; {@code support}: how many pictures are of it. */
    public record ClassMetrics(String name, double precision, double recall, double f1, int support) { }

    private final List<String> classes;
    private final int[][] confusion;
    private final List<ClassMetrics> perClass = new ArrayList<>();
    private final int count;
    private final int hits;
    private final double top5;
    private final double loss;
    private final List<RocCurve> roc = new ArrayList<>();

    private Metrics(Predictions predictions, int[] rows) {
        int n = predictions.classes().size();
        classes = predictions.classes();
        count = rows.length;
        confusion = new int[n][n];
        int[] labels = new int[count];
        double[][] probabilities = new double[count][];
        double lossSum = 0;
        for (int i = 0; i < count; i++) {
            labels[i] = predictions.label(rows[i]);
            probabilities[i] = predictions.probabilities(rows[i]);
            confusion[labels[i]][predictions.predicted(rows[i])]++;
            lossSum += crossEntropy(predictions.logits(rows[i]), labels[i]);
        }
        loss = lossSum / count;
        top5 = topK(predictions, Math.min(5, n));
        for (int c = 0; c < n; c++) {
            int ofClass = c;
            boolean[] positive = new boolean[count];
            for (int i = 0; i < count; i++) {
                positive[i] = labels[i] == c;
            }
            roc.add(RocCurve.of(Arrays.stream(probabilities).mapToDouble(row -> row[ofClass]).toArray(), positive));
        }
        int correct = 0;
        for (int c = 0; c < n; c++) {
            correct += confusion[c][c];
            perClass.add(classMetrics(c));
        }
        hits = correct;
    }

    /**
     * The metrics of the pictures whose label is known.
     *
     * @throws IllegalArgumentException if that is none
     */
    public static Metrics of(Predictions predictions) {
        int[] labelled = labelled(predictions);
        if (labelled.length == 0) {
            throw new IllegalArgumentException("no picture has a label, so there is nothing to measure");
        }
        return new Metrics(predictions, labelled);
    }

    private static int[] labelled(Predictions predictions) {
        return IntStream.range(0, predictions.count()).filter(i -> predictions.label(i) >= 0).toArray();
    }

    private static double crossEntropy(float[] logits, int label) {
        double highest = Double.NEGATIVE_INFINITY;
        for (float z : logits) {
            highest = Math.max(highest, z);
        }
        double sum = 0;
        for (float z : logits) {
            sum += Math.exp(z - highest);
        }
        return Math.log(sum) + highest - logits[label];
    }

    /** The share of labelled pictures whose class is among the {@code k} highest logits; of equal logits the earlier class counts as higher. */
    public static double topK(Predictions predictions, int k) {
        int[] rows = labelled(predictions);
        int hits = 0;
        for (int row : rows) {
            float[] z = predictions.logits(row);
            int label = predictions.label(row);
            int above = 0;
            for (int c = 0; c < z.length; c++) {
                above += z[c] > z[label] || z[c] == z[label] && c < label ? 1 : 0;
            }
            hits += above < k ? 1 : 0;
        }
        return (double) hits / rows.length;
    }

    private ClassMetrics classMetrics(int c) {
        int support = 0;
        int claimed = 0;
        for (int other = 0; other < classes.size(); other++) {
            support += confusion[c][other];
            claimed += confusion[other][c];
        }
        double precision = claimed == 0 ? 0 : (double) confusion[c][c] / claimed;
        double recall = support == 0 ? 0 : (double) confusion[c][c] / support;
        double f1 = claimed + support == 0 ? 0 : 2.0 * confusion[c][c] / (claimed + support);
        return new ClassMetrics(classes.get(c), precision, recall, f1, support);
    }

    private double macro(ToDoubleFunction<ClassMetrics> figure) {
        // As scikit-learn: a class that is neither true nor predicted anywhere does not count.
        return IntStream.range(0, classes.size()).filter(this::occurs)
            .mapToObj(perClass::get).mapToDouble(figure).average().orElseThrow();
    }

    private boolean occurs(int c) {
        for (int other = 0; other < classes.size(); other++) {
            if (confusion[c][other] > 0 || confusion[other][c] > 0) {
                return true;
            }
        }
        return false;
    }

    /** How many pictures were measured: those with a known label. */
    public int count() {
        return count;
    }

    /** How many of them were right. */
    public int hits() {
        return hits;
    }

    public double accuracy() {
        return (double) hits / count;
    }

    /** {@link Interval#wilson} of the accuracy, 95 %: what another test set of this size might give. */
    public Interval accuracyInterval() {
        return Interval.wilson(hits, count);
    }

    /** The share of pictures whose class is among the five highest logits (all of them, if there are at most five classes). */
    public double top5() {
        return top5;
    }

    /** Macro average over the classes that occur. */
    public double precision() {
        return macro(ClassMetrics::precision);
    }

    /** Macro average over the classes that occur. */
    public double recall() {
        return macro(ClassMetrics::recall);
    }

    /** Macro average over the classes that occur. */
    public double f1() {
        return macro(ClassMetrics::f1);
    }

    /** Area under the ROC curve of the probabilities, one-vs-rest, macro; NaN if some class has no picture here, because it is undefined then. */
    public double auc() {
        return roc.stream().mapToDouble(RocCurve::area).sum() / roc.size();
    }

    /** Each class against the rest, by its probability; in the order of the classes. */
    public List<RocCurve> roc() {
        return List.copyOf(roc);
    }

    /** Mean cross-entropy, ≥ 0. */
    public double loss() {
        return loss;
    }

    /** Cohen's kappa: agreement beyond chance, −1 to 1; NaN if chance alone would agree always. */
    public double kappa() {
        double chance = 0;
        for (int c = 0; c < classes.size(); c++) {
            double support = 0;
            double claimed = 0;
            for (int other = 0; other < classes.size(); other++) {
                support += confusion[c][other];
                claimed += confusion[other][c];
            }
            chance += support / count * (claimed / count);
        }
        return chance == 1 ? Double.NaN : (accuracy() - chance) / (1 - chance);
    }

    public List<String> classes() {
        return classes;
    }

    /** How often class {@code [true]} was taken for class {@code [predicted]}; a copy. */
    public int[][] confusion() {
        int[][] copy = new int[confusion.length][];
        for (int c = 0; c < copy.length; c++) {
            copy[c] = confusion[c].clone();
        }
        return copy;
    }

    /** In the order of the classes. */
    public List<ClassMetrics> perClass() {
        return List.copyOf(perClass);
    }

    /** As in {@code metrics.json}; a figure that is undefined (see {@link #auc}) is null. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        add(json, "accuracy", accuracy());
        add(json, "top5", top5());
        add(json, "precision", precision());
        add(json, "recall", recall());
        add(json, "f1", f1());
        add(json, "auc", auc());
        add(json, "loss", loss());
        json.addProperty("count", count());
        return json;
    }

    private static void add(JsonObject json, String name, double value) {
        json.add(name, Double.isNaN(value) ? JsonNull.INSTANCE : new JsonPrimitive(value));
    }
}
