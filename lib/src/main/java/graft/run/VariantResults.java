package graft.run;

import graft.AtomicFile;
import graft.eval.Interval;
import graft.eval.Paired;
import graft.eval.Published;
import graft.plot.BarPlot;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came out of {@link Variants}: a table, a CSV file, a plot with intervals. Of a variant that was run once the interval is Wilson's, over pictures, and it is compared with the first
 * one picture by picture; of one that was run with several seeds it goes from the worst seed to the best, and so does that of the difference.
 */
public final class VariantResults {
    private static final List<String> COLUMNS = List.of("variant", "seed", "recipe", "set", "accuracy", "low", "high", "loss", "best epoch", "seconds", "folder");

    /** @param published what was documented for the variant, or else for the recipe that it shares with a run */
    private record Row(String variant, VariantRun run, Optional<Published.Range> published) { }

    private final String question;
    private final Path folder;
    private final List<Row> rows;
    private final List<String> remarks;

    private VariantResults(String question, Path folder, List<Row> rows, List<String> remarks) {
        this.question = question;
        this.folder = folder;
        this.rows = rows;
        this.remarks = remarks;
    }

    /** Nothing yet. @param folder where the runs and the table lie */
    static VariantResults of(String question, Path folder) {
        return new VariantResults(question, folder, List.of(), List.of());
    }

    VariantResults with(String variant, VariantRun run, Published published) {
        Optional<Published.Range> own = published.figure(run.set(), "accuracy");
        return new VariantResults(question, folder, more(rows, new Row(variant, run, own.isPresent() ? own : run.published())), remarks);
    }

    /** The same with a line under the table. */
    VariantResults remark(String line) {
        return new VariantResults(question, folder, rows, more(remarks, line));
    }

    private static <T> List<T> more(List<T> some, T one) {
        return Stream.concat(some.stream(), Stream.of(one)).toList();
    }

    /** Whether a run in this folder is one of them. */
    boolean use(Path run) {
        return rows.stream().anyMatch(row -> row.run.folder().equals(run));
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
        return runs(variant).stream().mapToDouble(row -> row.run.accuracy()).average().orElseThrow();
    }

    /** Where it may lie on other pictures, or of several seeds where it did lie. */
    public Interval interval(String variant) {
        List<Row> runs = runs(variant);
        return runs.size() == 1 ? runs.get(0).run.interval() : range(runs.stream().map(row -> row.run.accuracy()).toList());
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
        List<Double> differences = new ArrayList<>();
        for (int k = 0; k < runs.size(); k++) {
            Optional<Paired> paired = runs.get(k).run.against(first.get(k).run);
            if (paired.isEmpty()) {
                return "other pictures, so no test";
            }
            if (runs.size() == 1) {
                return paired.get().toString();
            }
            differences.add(paired.get().difference());
        }
        Interval range = range(differences);
        return String.format(Locale.ROOT, "%+.1f %% (%+.1f to %+.1f over %d seeds)", 100 * differences.stream().mapToDouble(value -> value).average().orElseThrow(),
            100 * range.low(), 100 * range.high(), runs.size());
    }

    /** A bar for each variant, with its interval and what was published. */
    public BarPlot plot() {
        BarPlot plot = BarPlot.of(question + " (" + rows.get(0).run.set() + " accuracy)");
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
                Interval interval = row.run.interval();
                csv.printRecord(row.variant, row.run.seed(), row.run.recipe(), row.run.set(), row.run.accuracy(), interval.low(), interval.high(), row.run.loss(),
                    row.run.bestEpoch().isPresent() ? row.run.bestEpoch().getAsInt() : "", Double.isNaN(row.run.seconds()) ? "" : Math.round(row.run.seconds()), within(row.run.folder()));
            }
        });
        AtomicFile.write(folder.resolve("variants.png"), out -> out.write(plot().png()));
    }

    /** The folder of the runs and the table. */
    Path folder() {
        return folder;
    }

    /** A run's folder by its name, where it is one of those beside the table. */
    private Path within(Path run) {
        return run.startsWith(folder) ? run.getFileName() : run;
    }

    /** A line for each variant: accuracy, interval, best epoch, seconds, then what it is against the first; under it, what was not trained again. */
    @Override
    public String toString() {
        int width = Math.max(8, variants().stream().mapToInt(String::length).max().orElse(0));
        StringBuilder text = new StringBuilder(question).append('\n');
        text.append(String.format("%-" + width + "s  %10s  %-16s %-10s %8s  %s%n", "", rows.get(0).run.set(), runs(variants().get(0)).size() > 1 ? "worst to best" : "95 %", "best epoch", "seconds",
            "against " + variants().get(0)));
        for (String variant : variants()) {
            List<Row> runs = runs(variant);
            double seconds = runs.stream().mapToDouble(row -> row.run.seconds()).sum();
            String best = String.join(" ", runs.stream().map(row -> row.run.bestEpoch().isPresent() ? Integer.toString(row.run.bestEpoch().getAsInt()) : "–").toList());
            text.append(String.format(Locale.ROOT, "%-" + width + "s  %8.1f %%  %-16s %-10s %8s  %s%n", variant, 100 * accuracy(variant),
                String.format(Locale.ROOT, "%.1f to %.1f", 100 * interval(variant).low(), 100 * interval(variant).high()), best,
                Double.isNaN(seconds) ? "–" : Long.toString(Math.round(seconds)), against(variant)));
        }
        remarks.forEach(line -> text.append(line).append('\n'));
        return text.toString().lines().map(String::stripTrailing).reduce((a, b) -> a + "\n" + b).orElseThrow();
    }
}
