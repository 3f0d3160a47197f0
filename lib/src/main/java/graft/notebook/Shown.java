package graft.notebook;

import graft.data.Audit;
import graft.data.Finding;
import graft.plot.FindingGrid;
import graft.plot.Html;
import graft.plot.Plot;
import graft.plot.Plotly;
import graft.run.VariantResults;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import tech.tablesaw.plotly.components.Figure;

/**
 * Plots as a notebook's output: HTML where it is shown, the static picture where it is not (GitHub's preview, PDF), and
 * a sentence. plotly.js comes with the first interactive one of a kernel's life, so a notebook that was run from top to
 * bottom holds it once.
 */
final class Shown {
    private static final AtomicBoolean LIBRARY = new AtomicBoolean();
    /** Findings of a kind that are shown with their pictures. */
    private static final int FINDINGS = 6;

    private Shown() { }

    static DisplayData of(Plot plot) {
        DisplayData data = new DisplayData(plot.describe());
        data.putHTML(plot.html() + (plot.figures().isEmpty() ? "" : library()));
        data.putData(plot.imageType(), Base64.getEncoder().encodeToString(plot.imageBytes()));
        return data;
    }

    static DisplayData of(Figure figure) {
        DisplayData data = new DisplayData("An interactive figure");
        data.putHTML(Plotly.fragment(figure) + library());
        return data;
    }

    /** The table, and the first pictures of each kind of finding that matters. */
    static DisplayData of(Audit audit) {
        DisplayData data = new DisplayData(audit.toString());
        StringBuilder html = new StringBuilder(table(audit));
        audit.byKind().forEach((kind, found) -> {
            if (kind != Finding.Kind.UNREADABLE && kind.weight() != Finding.Weight.CURIOUS && !found.get(0).pictures().isEmpty()) {
                html.append(FindingGrid.of(found, FINDINGS).html());
            }
        });
        data.putHTML(html.toString());
        return data;
    }

    static DisplayData of(VariantResults results) {
        DisplayData data = new DisplayData(results.toString());
        data.putHTML(table(results));
        return data;
    }

    /** Text in columns, which JupyterLab would break where it is wider than the cell. */
    private static String table(Object text) {
        return "<pre style=\"font-family:monospace;white-space:pre;overflow-x:auto\">" + Html.escape(text.toString()) + "</pre>";
    }

    private static String library() {
        return LIBRARY.compareAndSet(false, true) ? Plotly.library() : "";
    }
}
