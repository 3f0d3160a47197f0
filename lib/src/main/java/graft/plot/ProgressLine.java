package graft.plot;

import graft.Progress;
import java.util.List;
import java.util.Locale;

/**
 * How far a piece of work is, as one line of text: {@code features    240/240   61 pictures/s   0:04}. While the
 * work runs the remaining time stands behind. A training tells its epoch, batch, loss and accuracy instead, the most
 * important first, because a narrow terminal shows no more than fits.
 */
public final class ProgressLine {
    private static final String GAP = "   ";

    private final String name;
    private final long total;
    private final String unit;
    private final long startNanos;
    private long done;
    private long skipped;
    private String note = "";
    private Progress.Batch batch;
    private Progress.Epoch epoch;

    public ProgressLine(String name, long total, String unit, long startNanos) {
        this.name = name;
        this.total = total;
        this.unit = unit;
        this.startNanos = startNanos;
    }

    public void step(long count) {
        done += count;
    }

    /** Units that an earlier process did, which say nothing about the speed of this one. */
    public void skip(long count) {
        done += count;
        skipped += count;
    }

    public void note(String text) {
        note = text;
    }

    /** Takes the place of a note. */
    public void batch(Progress.Batch batch) {
        this.batch = batch;
        note = "";
    }

    public void epoch(Progress.Epoch epoch) {
        this.epoch = epoch;
    }

    boolean complete() {
        return done >= total;
    }

    /** From 0 to 1. */
    public double share() {
        return total == 0 ? 1 : Math.min(1, (double) done / total);
    }

    /** The line at the start, without figures that are not known yet. */
    public String first() {
        return String.format(Locale.ROOT, "%-11s %s %s", name, grouped(total), unit);
    }

    /** The line while the work runs. */
    public String running(long nanos) {
        long elapsed = nanos - startNanos;
        String left = done == skipped || complete() ? "" : time((long) (elapsed * (total - done) / (double) (done - skipped))) + " left";
        if (batch == null) {
            return last(nanos) + (left.isEmpty() ? "" : GAP + left);
        }
        String figures = note.isEmpty() ? figures(batch.loss(), batch.accuracy()) : note;
        String rate = "lr " + learningRate(batch.learningRate());
        return line("epoch " + batch.epoch() + "/" + batch.epochs() + " " + grouped(batch.batch()) + "/" + grouped(batch.batches()), figures, left, speed(elapsed), rate);
    }

    /** The line when it has ended. */
    public String last(long nanos) {
        long elapsed = nanos - startNanos;
        if (epoch == null || !note.isEmpty()) {
            String middle = note.isEmpty() ? speed(elapsed) : note;
            return String.format("%-11s %-9s ", name, grouped(done) + "/" + grouped(total)) + joined(List.of(middle, time(elapsed)));
        }
        String epochs = epoch.epoch() == epoch.epochs() ? epoch.epochs() + " epochs" : "epoch " + epoch.epoch() + "/" + epoch.epochs();
        return line(epochs, figures(epoch.trainLoss(), epoch.trainAccuracy()), validation(epoch), speed(elapsed), time(elapsed));
    }

    /** The line that an epoch leaves behind. */
    static String of(Progress.Epoch epoch) {
        String training = epoch.training().isEmpty() ? "" : epoch.training() + ", ";
        String validationLoss = Double.isNaN(epoch.validationLoss()) ? "" : String.format(Locale.ROOT, " (loss %s)", loss(epoch.validationLoss()));
        return "  " + joined(List.of(String.format("%-10s", training + "epoch " + epoch.epoch() + "/" + epoch.epochs()), figures(epoch.trainLoss(), epoch.trainAccuracy()),
            validation(epoch) + validationLoss, "lr " + learningRate(epoch.learningRate())));
    }

    private String line(String... parts) {
        return String.format("%-11s ", name) + joined(List.of(parts));
    }

    private static String joined(List<String> parts) {
        return String.join(GAP, parts.stream().filter(part -> !part.isBlank()).toList());
    }

    private static String figures(double loss, double accuracy) {
        return String.format(Locale.ROOT, "loss %s" + GAP + "accuracy %.1f %%", loss(loss), 100 * accuracy);
    }

    private static String validation(Progress.Epoch epoch) {
        return Double.isNaN(epoch.validationAccuracy()) ? "" : String.format(Locale.ROOT, "validation %.1f %%", 100 * epoch.validationAccuracy());
    }

    private static String loss(double loss) {
        return String.format(Locale.ROOT, loss < 0.1 ? "%.3f" : "%.2f", loss);
    }

    /** As people write it: {@code 5e-4}, {@code 3.1e-4}. */
    private static String learningRate(double rate) {
        return rate == 0 ? "0" : String.format(Locale.ROOT, "%.1e", rate).replace(".0e", "e").replaceFirst("e([+-])0", "e$1").replace("e+0", "");
    }

    /** Keeps of a line the parts that fit into {@code width} characters. */
    static String fitted(String line, int width) {
        if (line.length() <= width) {
            return line;
        }
        int end = line.lastIndexOf(GAP, width);
        return line.substring(0, end > 0 ? end : width).stripTrailing();
    }

    private String speed(long elapsed) {
        if (done == skipped || elapsed <= 0) {
            return "";
        }
        double perSecond = (done - skipped) * 1e9 / elapsed;
        return String.format(Locale.ROOT, perSecond < 10 ? "%.1f %s/s" : "%,.0f %s/s", perSecond, unit);
    }

    private static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String time(long nanos) {
        long seconds = Math.round(nanos / 1e9);
        return seconds < 3600 ? String.format("%d:%02d", seconds / 60, seconds % 60)
            : String.format("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
