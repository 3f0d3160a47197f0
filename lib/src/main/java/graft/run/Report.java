package graft.run;

import static graft.plot.Html.escape;

import graft.AtomicFile;
import graft.eval.Interval;
import graft.eval.Metrics;
import graft.eval.Published;
import graft.plot.Confusion;
import graft.plot.Curves;
import graft.plot.PictureGrid;
import graft.plot.Plotly;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code report.html}: a run on one page that can be mailed and printed. Everything is inside the file, pictures,
 * style and plotly.js; its content security policy forbids it to load anything.
 */
public final class Report {
    /** With more classes than this the table of classes is folded. */
    private static final int MOST_UNFOLDED = 20;

    private final ReportContent content;
    private final StringBuilder html = new StringBuilder();

    private Report(ReportContent content) {
        this.content = content;
    }

    /**
     * Writes the report.
     *
     * @throws graft.InputException if the file cannot be written
     */
    public static void write(Path file, ReportContent content) {
        String page = new Report(content).page();
        AtomicFile.writeText(file, out -> out.write(page));
    }

    private String page() {
        html.append("""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'">
            <title>""").append(escape(content.title())).append("</title>\n<style>\n").append(style()).append("</style>\n</head>\n<body>\n<main>\n");
        html.append("<header>\n<h1>").append(escape(content.title())).append("</h1>\n<p class=\"what\">").append(escape(content.subtitle())).append("</p>\n");
        headline();
        html.append("</header>\n");
        published();
        results();
        curves();
        confusion();
        classes();
        mistakes();
        facts("Data", content.data());
        recipe();
        facts("Environment", content.environment());
        reproduce();
        html.append("</main>\n").append(content.histories().isEmpty() && content.evaluated().isEmpty() ? "" : Plotly.library()).append("</body>\n</html>\n");
        return html.toString();
    }

    private void headline() {
        Metrics result = content.evaluated().get(content.result());
        if (result != null) {
            Interval interval = result.accuracyInterval();
            html.append("<p class=\"result\"><strong>").append(percent(result.accuracy())).append("</strong> ")
                .append(escape(content.result())).append(" accuracy<br><span>").append(result.hits()).append(" of ").append(result.count())
                .append(" pictures right; 95 % interval ").append(percent(interval.low())).append(" to ").append(percent(interval.high()))
                .append("</span></p>\n");
        }
    }

    private void published() {
        if (content.published().sets().isEmpty()) {
            return;
        }
        open("Published beside reproduced");
        table("Set", "Metric", "Published", "Reproduced", "Difference");
        content.published().sets().forEach((set, figures) -> figures.forEach((metric, range) -> {
            String published = range.low() == range.high() ? figure(metric, range.low()) : figure(metric, range.low()) + " to " + figure(metric, range.high());
            Metrics metrics = content.evaluated().get(set);
            Double here = metrics == null ? null : value(metrics, metric);
            row(set, metric, published, here == null ? "not measured" : figure(metric, here), here == null ? "" : difference(metric, here, range));
        }));
        html.append("</tbody></table></div>\n<p class=\"note\">Difference: to the nearer end of what was published, in percentage points where the figure is a share.</p>\n");
        close();
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
        open("Results");
        table("Set", "Accuracy", "95 % interval", "Top 5", "Precision", "Recall", "F1", "AUC", "Kappa", "Loss", "Pictures");
        content.evaluated().forEach((name, m) -> row(name, percent(m.accuracy()), percent(m.accuracyInterval().low()) + " to " + percent(m.accuracyInterval().high()),
            percent(m.top5()), decimals(m.precision()), decimals(m.recall()), decimals(m.f1()), decimals(m.auc()), decimals(m.kappa()), decimals(m.loss()),
            Integer.toString(m.count())));
        html.append("</tbody></table></div>\n<p class=\"note\">Precision, recall, F1 and AUC (one against the rest) are means over the classes. "
            + "The interval is Wilson's: where the accuracy on other pictures of this kind may well lie.</p>\n");
        close();
    }

    private void curves() {
        if (content.histories().isEmpty()) {
            return;
        }
        open("Training");
        content.histories().forEach((name, history) -> {
            if (!history.epochs().isEmpty()) {
                Curves curves = Curves.of(name, history);
                html.append(content.published().figure("validation", "accuracy").map(curves::published).orElse(curves).html());
            }
        });
        close();
    }

    private void confusion() {
        if (content.evaluated().isEmpty()) {
            return;
        }
        open("Confusion");
        html.append("<p class=\"note\">Rows: the true class; columns: what it was taken for. Blue is right, orange is wrong.</p>\n");
        content.evaluated().forEach((name, metrics) -> {
            if (name.equals(content.result()) || name.endsWith("test")) {
                html.append(Confusion.of(name, metrics).html());
            }
        });
        close();
    }

    private void classes() {
        Metrics result = content.evaluated().get(content.result());
        if (result == null) {
            return;
        }
        open("Classes, " + content.result());
        boolean folded = result.perClass().size() > MOST_UNFOLDED;
        html.append(folded ? "<details><summary>" + result.perClass().size() + " classes</summary>\n" : "");
        table("Class", "Precision", "Recall", "F1", "Pictures");
        result.perClass().forEach(c -> row(c.name(), decimals(c.precision()), decimals(c.recall()), decimals(c.f1()), Integer.toString(c.support())));
        html.append("</tbody></table></div>\n").append(folded ? "</details>\n" : "");
        close();
    }

    private void mistakes() {
        if (content.mistakes().isEmpty()) {
            return;
        }
        open("Mistakes");
        html.append("<p class=\"note\">The surest ones first: the true class, and what it was taken for.</p>\n")
            .append(PictureGrid.mistakes(content.mistakes()).html());
        close();
    }

    private void facts(String heading, Map<String, String> facts) {
        if (!facts.isEmpty()) {
            open(heading);
            html.append(list(facts));
            close();
        }
    }

    private void recipe() {
        if (!content.recipe().isEmpty()) {
            open("Recipe");
            html.append(list(content.recipe()));
            close();
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

    private void reproduce() {
        if (!content.commandLine().isEmpty()) {
            open("Again");
            html.append("<p>This line does it again:</p>\n<pre><code>").append(escape(content.commandLine())).append("</code></pre>\n");
            close();
        }
    }

    private void open(String heading) {
        html.append("<section>\n<h2>").append(escape(heading)).append("</h2>\n");
    }

    private void close() {
        html.append("</section>\n");
    }

    /** Opens a table that scrolls by itself on a narrow screen. */
    private void table(String... columns) {
        html.append("<div class=\"table\"><table><thead><tr>");
        for (String column : columns) {
            html.append("<th scope=\"col\">").append(escape(column)).append("</th>");
        }
        html.append("</tr></thead><tbody>\n");
    }

    private void row(String head, String... cells) {
        html.append("<tr><th scope=\"row\">").append(escape(head)).append("</th>");
        for (String cell : cells) {
            html.append("<td>").append(escape(cell)).append("</td>");
        }
        html.append("</tr>\n");
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

    private static String style() {
        try (InputStream in = Report.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
