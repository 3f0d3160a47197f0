package graft.run;

import graft.AtomicFile;
import graft.eval.Paired;
import graft.plot.BarPlot;
import graft.plot.LinePlot;
import graft.plot.Plotly;
import graft.train.History;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** {@code compare.html}: a comparison on one page that can be mailed and printed. */
final class ComparisonReport {
    private final Comparison comparison;
    private final List<FinishedRun> runs;
    private final Page page;

    private ComparisonReport(Comparison comparison) {
        this.comparison = comparison;
        runs = comparison.runs();
        page = new Page(runs.size() + " runs compared", String.join(", ", runs.stream().map(FinishedRun::name).toList()));
    }

    static void write(Path file, Comparison comparison) {
        String html = new ComparisonReport(comparison).page();
        AtomicFile.writeText(file, out -> out.write(html));
    }

    private String page() {
        page.endHeader();
        differences("What differs in the recipe", comparison.recipeDifferences(), "The recipes are equal.");
        differences("What differs in the environment", comparison.environmentDifferences(), "The environments are equal.");
        results();
        paired();
        curves();
        return page.end(Plotly.library());
    }

    private void differences(String heading, Map<String, List<String>> differences, String none) {
        page.open(heading);
        if (differences.isEmpty()) {
            page.note(none);
        } else {
            page.table(columns(""));
            differences.forEach((name, values) -> page.row(name, values.toArray(String[]::new)));
            page.endTable();
        }
        page.close();
    }

    private String[] columns(String first) {
        String[] columns = new String[runs.size() + 1];
        columns[0] = first;
        for (int i = 0; i < runs.size(); i++) {
            columns[i + 1] = runs.get(i).name();
        }
        return columns;
    }

    private void results() {
        page.open("Results");
        for (String set : comparison.sets()) {
            BarPlot bars = BarPlot.of("Accuracy, " + set);
            for (FinishedRun run : runs) {
                if (run.interval(set).isPresent()) {
                    bars = bars.bar(run.name(), run.figure(set, "accuracy").orElseThrow(), run.interval(set).orElseThrow());
                }
            }
            page.append(bars.html());
        }
        page.table(columns(""));
        for (String set : comparison.sets()) {
            page.row(set + " accuracy", runs.stream().map(run -> Comparison.accuracy(run, set)).toArray(String[]::new));
            for (String metric : List.of("top5", "precision", "recall", "f1", "auc", "loss", "count")) {
                page.row(set + " " + metric, runs.stream().map(run -> run.figure(set, metric).map(value -> figure(metric, value)).orElse("—")).toArray(String[]::new));
            }
        }
        page.endTable();
        page.note("The intervals are Wilson's at 95 %: where the accuracy on other pictures of this kind may well lie.");
        page.close();
    }

    private static String figure(String metric, double value) {
        return metric.equals("top5") ? Comparison.percent(value) : String.format(Locale.ROOT, metric.equals("count") ? "%.0f" : "%.3f", value);
    }

    private void paired() {
        page.open("Picture by picture, against " + runs.get(0).name());
        page.table("Run", "Difference", "95 % interval", "Only this run right", "Only the first right", "p", "Pictures");
        for (FinishedRun run : runs.subList(1, runs.size())) {
            comparison.against(run).ifPresentOrElse(paired -> row(run, paired), () -> page.row(run.name(), "other pictures", "", "", "", "", ""));
        }
        page.endTable();
        page.note("p is McNemar's, exact and two-sided: the chance of such a difference between two classifiers that are equally good. The interval is the bootstrap's over pictures.");
        page.close();
    }

    private void row(FinishedRun run, Paired paired) {
        page.row(run.name(), String.format(Locale.ROOT, "%+.1f points", 100 * paired.difference()),
            String.format(Locale.ROOT, "%+.1f to %+.1f", 100 * paired.interval().low(), 100 * paired.interval().high()), Integer.toString(paired.onlyFirst()),
            Integer.toString(paired.onlySecond()), String.format(Locale.ROOT, "%.2g", paired.p()), Integer.toString(paired.count()));
    }

    private void curves() {
        page.open("Training");
        page.append(curves("Loss", History.Epoch::trainLoss, History.Epoch::validationLoss).html());
        page.append(curves("Accuracy", History.Epoch::trainAccuracy, History.Epoch::validationAccuracy).percent().html());
        page.note("Dashed: on the training pictures. Of a cross-validation the mean over its folds.");
        page.close();
    }

    private LinePlot curves(String figure, ToDoubleFunction<History.Epoch> train, ToDoubleFunction<History.Epoch> validation) {
        LinePlot plot = LinePlot.of(figure, "epoch", figure.toLowerCase(Locale.ROOT));
        for (FinishedRun run : runs) {
            for (Map.Entry<String, History> training : run.histories().entrySet()) {
                List<History.Epoch> epochs = training.getValue().epochs();
                double[] numbers = epochs.stream().mapToDouble(History.Epoch::epoch).toArray();
                String name = run.name() + (run.histories().size() > 1 ? " · " + training.getKey() : "");
                plot = plot.line(name, numbers, epochs.stream().mapToDouble(validation).toArray()).dashed(name + ", training", numbers, epochs.stream().mapToDouble(train).toArray());
            }
        }
        return plot;
    }
}
