package graft.train;

import graft.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** What a training did, epoch by epoch: the figures of {@code history.csv} and of the curves. */
public final class History {
    /**
     * One epoch.
     *
     * @param epoch counted from 1
     * @param learningRate in use during the epoch
     * @param trainLoss mean loss a picture, ≥ 0
     * @param trainAccuracy 0 to 1
     * @param validationLoss NaN where nothing was validated
     * @param validationAccuracy 0 to 1; NaN where nothing was validated
     */
    public record Epoch(int epoch, double learningRate, double trainLoss, double trainAccuracy,
                        double validationLoss, double validationAccuracy) {
        /** Whether this epoch was validated. */
        public boolean validated() {
            return !Double.isNaN(validationAccuracy);
        }
    }

    private final List<Epoch> epochs = new ArrayList<>();

    public void add(Epoch epoch) {
        epochs.add(epoch);
    }

    /** All epochs so far, in order; a copy. */
    public List<Epoch> epochs() {
        return List.copyOf(epochs);
    }

    /**
     * The index, from 0, of the best epoch: the highest validation accuracy; of equal ones the lower validation
     * loss, then the earlier. Without validation it is the last one. −1 while there is no epoch.
     */
    public int best() {
        int best = epochs.size() - 1;
        boolean found = false;
        for (int i = 0; i < epochs.size(); i++) {
            if (epochs.get(i).validated() && (!found || better(epochs.get(i), epochs.get(best)))) {
                best = i;
                found = true;
            }
        }
        return best;
    }

    private static boolean better(Epoch a, Epoch b) {
        int accuracy = Double.compare(a.validationAccuracy(), b.validationAccuracy());
        return accuracy > 0 || accuracy == 0 && a.validationLoss() < b.validationLoss();
    }

    /** The mean of several trainings of equally many epochs, epoch by epoch: the curves of a cross-validation. */
    public static History mean(Collection<History> histories) {
        History mean = new History();
        int count = histories.stream().mapToInt(history -> history.epochs.size()).min().orElse(0);
        for (int i = 0; i < count; i++) {
            int epoch = i;
            mean.add(new Epoch(i + 1, mean(histories, epoch, Epoch::learningRate), mean(histories, epoch, Epoch::trainLoss),
                mean(histories, epoch, Epoch::trainAccuracy), mean(histories, epoch, Epoch::validationLoss), mean(histories, epoch, Epoch::validationAccuracy)));
        }
        return mean;
    }

    private static double mean(Collection<History> histories, int epoch, ToDoubleFunction<Epoch> figure) {
        return histories.stream().mapToDouble(history -> figure.applyAsDouble(history.epochs.get(epoch))).average().orElse(Double.NaN);
    }

    /**
     * Writes {@code history.csv}, one row an epoch of each training; a figure that was not measured is an empty cell.
     *
     * @param trainings by name, such as {@code resnet50, fold 1}
     * @throws graft.InputException if the file cannot be written
     */
    public static void writeCsv(Path file, Map<String, History> trainings) {
        AtomicFile.writeText(file, out -> {
            CSVPrinter csv = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get().print(out);
            csv.printRecord("training", "epoch", "learning_rate", "train_loss", "train_accuracy",
                "validation_loss", "validation_accuracy");
            for (Map.Entry<String, History> training : trainings.entrySet()) {
                for (Epoch e : training.getValue().epochs) {
                    csv.printRecord(training.getKey(), e.epoch(), e.learningRate(), cell(e.trainLoss()), cell(e.trainAccuracy()),
                        cell(e.validationLoss()), cell(e.validationAccuracy()));
                }
            }
        });
    }

    private static Object cell(double value) {
        return Double.isNaN(value) ? "" : value;
    }
}
