package graft.run;

import graft.AtomicFile;
import graft.eval.Interval;
import graft.eval.Metrics;
import graft.eval.Paired;
import graft.eval.Predictions;
import graft.eval.Published;
import graft.plot.BarPlot;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came out of {@link Variants}: a table, a CSV file, a plot with intervals. Of a variant that was run once the interval is Wilson's, over pictures, and it is compared with the first
 * one picture by picture; of one that was run with several seeds it goes from the worst seed to the best, and so does that of the difference.
 */
public final class VariantResults {
    private static final List<String> COLUMNS = List.of("variant", "seed", "recipe", "set", "accuracy", "low", "high", "loss", "best epoch", "seconds", "folder");

    /** One run, without its weights: those lie in its folder. @param bestEpoch counted from 1; of several folds, of their mean */
    private record Row(String variant, long seed, String recipe, String set, Metrics metrics, Predictions predictions, Optional<Published.Range> published, OptionalInt bestEpoch,
                       double seconds, Path folder) { }

    private final String question;
    private final List<Row> rows;

    private VariantResults(String question, List<Row> rows) {
        this.question = question;
        this.rows = rows;
    }

    static VariantResults of(String question) {
        return new VariantResults(question, List.of());
    }

    VariantResults with(String variant, Run run, double seconds) {
        String set = run.result().best();
        OptionalInt best = run.members().size() > 1 ? OptionalInt.empty() : OptionalInt.of(run.curveHistories().values().iterator().next().best() + 1);
        List<Row> more = new ArrayList<>(rows);
        more.add(new Row(variant, run.recipe().seed(), run.recipe().hash(), set, run.result().metrics().get(set), run.result().predictions().get(set),
            run.published().figure(set, "accuracy"), best, seconds, run.folder()));
        return new VariantResults(question, List.copyOf(more));
    }

    /** The names, in order. */
    public List<String> variants() {
        return rows.stream().map(Row::variant).distinct().toList();
    }

    private List<Row> runs(String variant) {
        return rows.stream().filter(row -> row.variant.equals(variant)).toList();
    }

    /** The accuracy of a variant, 0 to 1: the mean over its seeds. */
    public double accuracy(String variant) {
        return runs(variant).stream().mapToDouble(row -> row.metrics.accuracy()).average().orElseThrow();
    }

    /** Where it may lie on other pictures, or of several seeds where it did lie. */
    public Interval interval(String variant) {
        List<Row> runs = runs(variant);
        return runs.size() == 1 ? runs.get(0).metrics.accuracyInterval() : range(runs.stream().map(row -> row.metrics.accuracy()).toList());
    }

    private static Interval range(List<Double> values) {
        return new Interval(values.stream().mapToDouble(value -> value).min().orElseThrow(), values.stream().mapToDouble(value -> value).max().orElseThrow());
    }

    /** By how much a variant is better than the first: {@code −2.4 % (95 %: −4.1 to −0.6), p = 0.012}, or of several seeds {@code −1.2 % (−2.0 to +0.4 over 3 seeds)}. */
    private String against(String variant) {
        List<Row> first = runs(variants().get(0));
        List<Row> runs = runs(variant);
        if (variant.equals(variants().get(0)) || runs.size() != first.size()) {
            return "";
        }
        if (runs.size() == 1) {
            return Paired.of(runs.get(0).predictions, first.get(0).predictions, 0).toString();
        }
        List<Double> differences = new ArrayList<>();
        for (int k = 0; k < runs.size(); k++) {
            differences.add(runs.get(k).metrics.accuracy() - first.get(k).metrics.accuracy());
        }
        Interval range = range(differences);
        return String.format(Locale.ROOT, "%+.1f %% (%+.1f to %+.1f over %d seeds)", 100 * differences.stream().mapToDouble(value -> value).average().orElseThrow(),
            100 * range.low(), 100 * range.high(), runs.size());
    }

    /** A bar for each variant, with its interval and what was published. */
    public BarPlot plot() {
        BarPlot plot = BarPlot.of(question + " (" + rows.get(0).set + " accuracy)");
        for (String variant : variants()) {
            plot = plot.bar(variant, accuracy(variant), interval(variant));
            Optional<Published.Range> published = runs(variant).get(0).published;
            plot = published.isPresent() ? plot.published(published.get()) : plot;
        }
        return plot;
    }

    void write(Path folder) {
        AtomicFile.writeText(folder.resolve("variants.csv"), out -> {
            CSVPrinter csv = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get().print(out);
            csv.printRecord(COLUMNS);
            for (Row row : rows) {
                Interval interval = row.metrics.accuracyInterval();
                csv.printRecord(row.variant, row.seed, row.recipe, row.set, row.metrics.accuracy(), interval.low(), interval.high(), row.metrics.loss(),
                    row.bestEpoch.isPresent() ? row.bestEpoch.getAsInt() : "", Math.round(row.seconds), row.folder.getFileName());
            }
        });
        AtomicFile.write(folder.resolve("variants.png"), out -> out.write(plot().png()));
    }

    /** The folder of the runs and the table. */
    Path folder() {
        return rows.get(0).folder.toAbsolutePath().getParent();
    }

    /** A line for each variant: accuracy, interval, best epoch, seconds, then what it is against the first. */
    @Override
    public String toString() {
        int width = Math.max(8, variants().stream().mapToInt(String::length).max().orElse(0));
        StringBuilder text = new StringBuilder(question).append('\n');
        text.append(String.format("%-" + width + "s  %10s  %-16s %-10s %8s  %s%n", "", rows.get(0).set, runs(variants().get(0)).size() > 1 ? "worst to best" : "95 %", "best epoch", "seconds",
            "against " + variants().get(0)));
        for (String variant : variants()) {
            List<Row> runs = runs(variant);
            String best = String.join(" ", runs.stream().map(row -> row.bestEpoch.isPresent() ? Integer.toString(row.bestEpoch.getAsInt()) : "–").toList());
            text.append(String.format(Locale.ROOT, "%-" + width + "s  %8.1f %%  %-16s %-10s %8d  %s%n", variant, 100 * accuracy(variant),
                String.format(Locale.ROOT, "%.1f to %.1f", 100 * interval(variant).low(), 100 * interval(variant).high()), best,
                Math.round(runs.stream().mapToDouble(Row::seconds).sum()), against(variant)));
        }
        return text.toString().lines().map(String::stripTrailing).reduce((a, b) -> a + "\n" + b).orElseThrow();
    }
}
