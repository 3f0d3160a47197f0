package graft.run;

import static graft.plot.Html.escape;

import graft.AtomicFile;
import graft.eval.Interval;
import graft.eval.Metrics;
import graft.eval.Published;
import graft.eval.RocCurve;
import graft.plot.ClassBars;
import graft.plot.Confusion;
import graft.plot.Curves;
import graft.plot.PictureGrid;
import graft.plot.Plotly;
import graft.plot.RocCurves;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code report.html}: a run on one page that can be mailed and printed. Everything is inside the file, pictures,
 * style and plotly.js; its content security policy forbids it to load anything.
 */
final class Report {
    /** With more classes than this the table of classes is folded. */
    private static final int MOST_UNFOLDED = 20;

    private final ReportContent content;
    private final Page html;

    private Report(ReportContent content) {
        this.content = content;
        this.html = new Page(content.title(), content.subtitle());
    }

    /**
     * Writes the report.
     *
     * @throws graft.InputException if the file cannot be written
     */
    static void write(Path file, ReportContent content) {
        String page = new Report(content).page();
        AtomicFile.writeText(file, out -> out.write(page));
    }

    private String page() {
        headline();
        html.endHeader();
        published();
        results();
        curves();
        confusion();
        roc();
        classes();
        mistakes();
        html.facts("Data", content.data());
        recipe();
        html.facts("Environment", content.environment());
        html.again(content.commandLine());
        return html.end(content.histories().isEmpty() && content.evaluated().isEmpty() ? "" : Plotly.library());
    }

    private void headline() {
        Metrics result = content.evaluated().get(content.result());
        if (result != null) {
            Interval interval = result.accuracyInterval();
            html.headline(percent(result.accuracy()), content.result() + " accuracy", result.hits() + " of " + result.count() + " pictures right; 95 % interval "
                + percent(interval.low()) + " to " + percent(interval.high()));
        }
    }

    private void published() {
        if (content.published().sets().isEmpty()) {
            return;
        }
        html.open("Published beside reproduced");
        html.table("Set", "Metric", "Published", "Reproduced", "Difference");
        content.published().sets().forEach((set, figures) -> figures.forEach((metric, range) -> {
            String published = range.low() == range.high() ? figure(metric, range.low()) : figure(metric, range.low()) + " to " + figure(metric, range.high());
            Metrics metrics = content.evaluated().get(set);
            Double here = metrics == null ? null : value(metrics, metric);
            html.row(set, metric, published, here == null ? "not measured" : figure(metric, here), here == null ? "" : difference(metric, here, range));
        }));
        html.endTable();
        html.note("Difference: to the nearer end of what was published, in percentage points where the figure is a share.");
        html.close();
    }

    private static Double value(Metrics metrics, String metric) {
        return metrics.toJson().has(metric) && !metrics.toJson().get(metric).isJsonNull() ? metrics.toJson().get(metric).getAsDouble() : null;
    }

    private static String difference(String metric, double here, Published.Range range) {
        double away = here < range.low() ? here - range.low() : here > range.high() ? here - range.high() : 0;
        if (away == 0) {
            return range.low() == range.high() ? "none" : "within";
        }
        return share(metric) ? String.format(Locale.ROOT, "%+.1f", 100 * away).replace('-', '−') : String.format(Locale.ROOT, "%+.3f", away).replace('-', '−');
    }

    private void results() {
        if (content.evaluated().isEmpty()) {
            return;
        }
        html.open("Results");
        html.table("Set", "Accuracy", "95 % interval", "Top 5", "Precision", "Recall", "F1", "AUC", "Kappa", "Loss", "Pictures");
        content.evaluated().forEach((name, m) -> html.row(name, percent(m.accuracy()), percent(m.accuracyInterval().low()) + " to " + percent(m.accuracyInterval().high()),
            percent(m.top5()), decimals(m.precision()), decimals(m.recall()), decimals(m.f1()), decimals(m.auc()), decimals(m.kappa()), decimals(m.loss()),
            Integer.toString(m.count())));
        html.endTable();
        html.note("Precision, recall, F1 and AUC (one against the rest) are means over the classes. "
            + "The interval is Wilson's: where the accuracy on other pictures of this kind may well lie.");
        html.close();
    }

    private void curves() {
        if (content.histories().isEmpty()) {
            return;
        }
        html.open("Training");
        content.histories().forEach((name, history) -> {
            if (!history.epochs().isEmpty()) {
                Curves curves = Curves.of(name, history);
                html.append(content.published().figure(name + " · validation", "accuracy")
                    .or(() -> content.published().figure("validation", "accuracy")).map(curves::published).orElse(curves).html());
            }
        });
        html.close();
    }

    private void confusion() {
        if (content.evaluated().isEmpty()) {
            return;
        }
        html.open("Confusion");
        html.note("Rows: the true class; columns: what it was taken for. Blue is right, orange is wrong.");
        content.evaluated().forEach((name, metrics) -> {
            if (name.equals(content.result()) || name.endsWith("test")) {
                html.append(Confusion.of(name, metrics).html());
            }
        });
        html.close();
    }

    private void roc() {
        Metrics result = content.evaluated().get(content.result());
        if (result == null || result.roc().stream().noneMatch(RocCurve::defined)) {
            return;
        }
        html.open("ROC");
        html.note("Each class against the rest, with the area under its curve: how many of its pictures a threshold on its probability finds, and how many of the others come along.");
        html.append(RocCurves.of(content.result(), result).html());
        html.close();
    }

    private void classes() {
        Metrics result = content.evaluated().get(content.result());
        if (result == null) {
            return;
        }
        html.open("Classes, " + content.result());
        html.append(ClassBars.of(content.result(), result).html());
        boolean folded = result.perClass().size() > MOST_UNFOLDED;
        html.append(folded ? "<details><summary>" + result.perClass().size() + " classes</summary>\n" : "");
        html.table("Class", "Precision", "Recall", "F1", "Pictures");
        result.perClass().forEach(c -> html.row(c.name(), decimals(c.precision()), decimals(c.recall()), decimals(c.f1()), Integer.toString(c.support())));
        html.endTable();
        html.append(folded ? "</details>\n" : "");
        html.close();
    }

    private void mistakes() {
        if (content.mistakes().isEmpty()) {
            return;
        }
        html.open("Mistakes");
        html.note("The surest ones first: the true class, and what it was taken for.");
        html.append(PictureGrid.mistakes(content.result(), content.mistakes()).html());
        html.close();
    }

    private void recipe() {
        if (!content.recipe().isEmpty()) {
            html.open("Recipe");
            html.append(list(content.recipe()));
            html.close();
        }
    }

    private static String list(Map<?, ?> map) {
        StringBuilder out = new StringBuilder("<dl>");
        map.forEach((name, value) -> out.append("<dt>").append(escape(String.valueOf(name))).append("</dt><dd>").append(pretty(value)).append("</dd>"));
        return out.append("</dl>\n").toString();
    }

    private static String pretty(Object value) {
        if (value instanceof Map<?, ?> map) {
            return list(map);
        }
        if (value instanceof List<?> items && items.stream().anyMatch(item -> item instanceof Map || item instanceof List)) {
            StringBuilder out = new StringBuilder("<ol>");
            items.forEach(item -> out.append("<li>").append(pretty(item)).append("</li>"));
            return out.append("</ol>").toString();
        }
        if (value instanceof List<?> items) {
            return escape(String.join(", ", items.stream().map(Report::plain).toList()));
        }
        return escape(plain(value));
    }

    /** Numbers as people write them: JSON readers hand over 224 as 224.0. */
    private static String plain(Object value) {
        return value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e15 ? Long.toString(d.longValue()) : String.valueOf(value);
    }

    private static boolean share(String metric) {
        return metric.equals("accuracy") || metric.equals("top5");
    }

    private static String figure(String metric, double value) {
        return share(metric) ? percent(value) : decimals(value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String decimals(double value) {
        return Double.isNaN(value) ? "—" : String.format(Locale.ROOT, "%.3f", value);
    }
}
