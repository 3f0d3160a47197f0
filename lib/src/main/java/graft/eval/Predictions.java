package graft.eval;

import graft.AtomicFile;
import graft.InputException;
import graft.train.Ensemble;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** What a classifier says about a set of pictures: one row of logits a picture. Immutable. */
public final class Predictions {
    private final List<String> ids;
    private final List<String> classes;
    private final int[] labels;
    private final float[][] logits;

    /**
     * @param ids the pictures, such as {@code test/kiwi/3.jpg}
     * @param classes the class names, in the order of the logits
     * @param labels indices into {@code classes}, −1 where the truth is unknown; {@code [pictures]}
     * @param logits {@code [pictures][classes]}
     * @throws IllegalArgumentException if the shapes do not fit each other or a label is out of range
     * @throws InputException if a logit is not finite, which is how a diverged training ends
     */
    public Predictions(List<String> ids, List<String> classes, int[] labels, float[][] logits) {
        if (ids.size() != labels.length || ids.size() != logits.length) {
            throw new IllegalArgumentException(ids.size() + " ids, " + labels.length + " labels and "
                + logits.length + " rows of logits: there must be as many of each");
        }
        if (classes.isEmpty()) {
            throw new IllegalArgumentException("no classes");
        }
        this.ids = List.copyOf(ids);
        this.classes = List.copyOf(classes);
        this.labels = labels.clone();
        this.logits = new float[logits.length][];
        for (int i = 0; i < logits.length; i++) {
            check(i, logits[i]);
            this.logits[i] = logits[i].clone();
        }
    }

    private void check(int i, float[] row) {
        if (row.length != classes.size()) {
            throw new IllegalArgumentException(row.length + " logits for " + ids.get(i) + ", but " + classes.size() + " classes");
        }
        if (labels[i] < -1 || labels[i] >= classes.size()) {
            throw new IllegalArgumentException("label " + labels[i] + " of " + ids.get(i) + " is not −1 to " + (classes.size() - 1));
        }
        for (float value : row) {
            if (!Float.isFinite(value)) {
                throw new InputException("the classifier's output for " + ids.get(i)
                    + " is not a finite number: the training diverged, a lower learning rate may help");
            }
        }
    }

    /**
     * What several models, or one model of several views of each picture, say together.
     *
     * @param how by a mean
     * @param parts about the same pictures, in the same order
     * @throws IllegalArgumentException if they are about different pictures or classes
     */
    public static Predictions mean(Ensemble how, List<Predictions> parts) {
        Predictions first = parts.get(0);
        for (Predictions part : parts) {
            if (!part.ids.equals(first.ids) || !part.classes.equals(first.classes) || !Arrays.equals(part.labels, first.labels)) {
                throw new IllegalArgumentException("predictions of different pictures or classes have no mean");
            }
        }
        return new Predictions(first.ids, first.classes, first.labels, how.mean(parts.stream().map(part -> part.logits).toList()));
    }

    /** These, or so many of them at even distances, in their order: where pictures are sorted by class, every class keeps its share. */
    public Predictions evenly(int most) {
        if (count() <= most) {
            return this;
        }
        int[] rows = IntStream.range(0, most).map(i -> (int) ((long) i * count() / most)).toArray();
        return new Predictions(Arrays.stream(rows).mapToObj(ids::get).toList(), classes, Arrays.stream(rows).map(i -> labels[i]).toArray(),
            Arrays.stream(rows).mapToObj(i -> logits[i]).toArray(float[][]::new));
    }

    public int count() {
        return labels.length;
    }

    public List<String> ids() {
        return ids;
    }

    public List<String> classes() {
        return classes;
    }

    /** Index of the true class of picture {@code i}, −1 if unknown. */
    public int label(int i) {
        return labels[i];
    }

    /** The logits of picture {@code i}, {@code [classes]}; a copy. */
    public float[] logits(int i) {
        return logits[i].clone();
    }

    /** Softmax of the logits of picture {@code i}, {@code [classes]}, computed in double; sums to 1. */
    public double[] probabilities(int i) {
        float[] row = logits[i];
        double highest = row[predicted(i)];
        double[] result = new double[row.length];
        double sum = 0;
        for (int c = 0; c < row.length; c++) {
            result[c] = Math.exp(row[c] - highest);
            sum += result[c];
        }
        for (int c = 0; c < row.length; c++) {
            result[c] /= sum;
        }
        return result;
    }

    /** The probabilities of all pictures, {@code [pictures][classes]}. */
    public double[][] probabilities() {
        double[][] result = new double[count()][];
        for (int i = 0; i < result.length; i++) {
            result[i] = probabilities(i);
        }
        return result;
    }

    /** Index of the class with the highest logit for picture {@code i}; of equal ones the first. */
    public int predicted(int i) {
        float[] row = logits[i];
        int best = 0;
        for (int c = 1; c < row.length; c++) {
            if (row[c] > row[best]) {
                best = c;
            }
        }
        return best;
    }

    /** The predicted classes of all pictures, {@code [pictures]}. */
    public int[] predicted() {
        int[] result = new int[count()];
        for (int i = 0; i < result.length; i++) {
            result[i] = predicted(i);
        }
        return result;
    }

    /**
     * Pictures whose predicted class is not the true one, the surest first.
     *
     * @return indices of at most {@code most} pictures
     */
    public List<Integer> mistakes(int most) {
        List<Integer> wrong = new ArrayList<>();
        double[] sureness = new double[count()];
        for (int i = 0; i < count(); i++) {
            if (labels[i] >= 0 && labels[i] != predicted(i)) {
                wrong.add(i);
                sureness[i] = probabilities(i)[predicted(i)];
            }
        }
        wrong.sort((a, b) -> Double.compare(sureness[b], sureness[a]));
        return List.copyOf(wrong.subList(0, Math.min(most, wrong.size())));
    }

    /**
     * Writes {@code predictions.csv}: id, label (a name, empty if unknown), predicted (a name), its probability,
     * then the probability of each class.
     *
     * @throws InputException if the file cannot be written
     */
    public void writeCsv(Path file) {
        AtomicFile.writeText(file, out -> {
            CSVPrinter csv = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get().print(out);
            csv.printRecord(concat(List.of("id", "label", "predicted", "probability"), classes));
            for (int i = 0; i < count(); i++) {
                double[] p = probabilities(i);
                List<Object> cells = new ArrayList<>();
                for (double value : p) {
                    cells.add((float) value);
                }
                csv.printRecord(concat(List.of(ids.get(i), labels[i] < 0 ? "" : classes.get(labels[i]),
                    classes.get(predicted(i)), (float) p[predicted(i)]), cells));
            }
        });
    }

    private static List<Object> concat(List<?> first, List<?> second) {
        List<Object> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
