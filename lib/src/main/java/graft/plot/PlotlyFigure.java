package graft.plot;

import com.google.gson.Gson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tech.tablesaw.plotly.components.Figure;

/**
 * A Tablesaw figure given in plotly.js's own JSON, because Tablesaw's builders know no colours or hover text for heat
 * maps, no shapes, and write their tick settings wrongly. Gson escapes what could end a script or open a tag.
 */
final class PlotlyFigure extends Figure {
    private final String traces;
    private final String layout;

    /**
     * @param traces plotly.js's attributes of each trace
     * @param layout plotly.js's attributes of the layout, on top of those of {@link #style}
     */
    PlotlyFigure(List<Map<String, Object>> traces, Map<String, Object> layout) {
        Map<String, Object> all = style();
        layout.forEach((name, value) -> all.merge(name, value, PlotlyFigure::merged));
        this.traces = new Gson().toJson(traces);
        this.layout = new Gson().toJson(all);
    }

    /** Names and values by turns, as a map that keeps their order, so that the same plot is the same text. */
    static Map<String, Object> attributes(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    /** {@code text} for a label: plotly.js reads a little HTML there. */
    static String label(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override public String asJavascript(String div) {
        return "<script>\nPlotly.newPlot(document.getElementById(" + new Gson().toJson(div) + "),\n" + traces + ",\n" + layout
            + ",\n{\"displayModeBar\":false,\"responsive\":true});\n</script>\n";
    }

    @SuppressWarnings("unchecked")
    private static Object merged(Object before, Object after) {
        if (before instanceof Map && after instanceof Map) {
            ((Map<String, Object>) before).putAll((Map<String, Object>) after);
            return before;
        }
        return after;
    }

    private static Map<String, Object> style() {
        String paper = PlotStyle.hex(PlotStyle.PAPER);
        return attributes("font", attributes("family", "system-ui, sans-serif", "size", 12, "color", PlotStyle.hex(PlotStyle.TEXT)),
            "title", attributes("font", attributes("size", 15)), "paper_bgcolor", paper, "plot_bgcolor", paper,
            "xaxis", axis(), "yaxis", axis(), "margin", attributes("l", 48, "r", 16, "t", 44, "b", 48),
            "legend", attributes("orientation", "h", "x", 0, "y", -0.25));
    }

    private static Map<String, Object> axis() {
        return attributes("gridcolor", PlotStyle.hex(PlotStyle.GRID), "zeroline", false, "automargin", true,
            "tickfont", attributes("color", PlotStyle.hex(PlotStyle.FAINT)));
    }
}
