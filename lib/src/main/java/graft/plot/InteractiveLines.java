package graft.plot;

import static graft.plot.PlotlyFigure.attributes;

import graft.eval.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tech.tablesaw.plotly.components.Figure;

/** A {@link LinePlot} that can be pointed at. */
final class InteractiveLines {
    private static final int HEIGHT = 380;
    private static final int SQUARE = 520;

    private InteractiveLines() { }

    static Figure of(LinePlot plot) {
        List<Map<String, Object>> traces = new ArrayList<>();
        for (LinePlot.Line line : plot.lines()) {
            boolean faint = line.style() == LinePlot.Style.FAINT;
            String mode = !plot.marked(line) ? "lines" : line.style() == LinePlot.Style.POINTS ? "markers" : "lines+markers";
            traces.add(attributes("type", "scatter", "mode", mode, "name", PlotlyFigure.label(line.name()), "x", line.x(), "y", line.y(), "showlegend", !faint,
                "hovertemplate", PlotlyFigure.label(plot.x().name()) + " %{x}: " + (plot.y().percent() ? "%{y:.1%}" : "%{y:.4~g}"),
                "line", attributes("color", PlotStyle.hex(faint ? PlotStyle.tint(line.color(), 0.35) : line.color()), "width", faint ? 1 : 2,
                    "dash", line.style() == LinePlot.Style.DASHED ? "dash" : "solid"),
                "marker", attributes("size", line.style() == LinePlot.Style.POINTS ? 8 : 6, "color", PlotStyle.hex(line.color()))));
        }
        Map<String, Object> layout = attributes("height", plot.x().range().isPresent() ? SQUARE : HEIGHT, "title", attributes("text", PlotlyFigure.label(plot.title())),
            "xaxis", axis(plot.x()), "yaxis", axis(plot.y()), "margin", attributes("b", 84));
        if (plot.x().range().isPresent()) {
            layout.put("width", SQUARE + 240);
            layout.put("legend", attributes("orientation", "v", "x", 1.02, "y", 1));
        }
        plot.published().ifPresent(range -> layout.putAll(band(range)));
        return new PlotlyFigure(traces, layout);
    }

    private static Map<String, Object> axis(LinePlot.Axis axis) {
        Map<String, Object> made = attributes("title", attributes("text", PlotlyFigure.label(axis.name()), "standoff", 8, "font", attributes("size", 12)));
        if (axis.logarithmic()) {
            made.put("type", "log");
            made.put("dtick", 1);
        }
        made.put("exponentformat", "e");
        if (axis.percent()) {
            made.put("tickformat", ".0%");
        }
        axis.range().ifPresent(range -> made.put("range", List.of(range.low(), range.high())));
        return made;
    }

    /** A documented figure behind the lines, with its name in the plot: it is no line of ours. */
    static Map<String, Object> band(Published.Range range) {
        String color = PlotStyle.hex(PlotStyle.PUBLISHED);
        return attributes("shapes", List.of(attributes("type", range.low() == range.high() ? "line" : "rect", "layer", "below", "xref", "paper",
                "x0", 0, "x1", 1, "y0", range.low(), "y1", range.high(), "fillcolor", color, "opacity", range.low() == range.high() ? 1 : 0.22,
                "line", attributes("color", color, "width", range.low() == range.high() ? 1.5 : 0, "dash", "dash"))),
            "annotations", List.of(attributes("text", "published", "xref", "paper", "x", 0, "xanchor", "left", "y", range.high(),
                "yanchor", "bottom", "showarrow", false, "font", attributes("color", color, "size", 11))));
    }
}
