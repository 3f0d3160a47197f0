package graft.plot;

import static graft.plot.PlotlyFigure.attributes;

import graft.eval.Interval;
import graft.eval.Published;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tech.tablesaw.plotly.components.Figure;

/**
 * Shares that are compared, such as the accuracy of several runs: a bar each, with its confidence interval and what was published
 * where there is one. Immutable: each call gives a plot with one thing more.
 */
public final class BarPlot implements Plot {
    private static final int WIDTH = 720;
    private static final int ROW = 30;
    private static final int TOP = 44;
    /** What the legend takes where there is one. */
    private static final int LEGEND = 20;
    private static final int LONGEST_LABEL = 40;
    private static final Color BAR = PlotStyle.tint(PlotStyle.VALIDATION, 0.45);

    private record Bar(String name, double value, Optional<Interval> interval, Optional<Published.Range> published) {
        String text() {
            return String.format(Locale.ROOT, "%.1f %%", 100 * value) + interval.map(i -> String.format(Locale.ROOT, " (%.1f to %.1f)", 100 * i.low(), 100 * i.high())).orElse("");
        }
    }

    private final String title;
    private final List<Bar> bars;

    private BarPlot(String title, List<Bar> bars) {
        this.title = title;
        this.bars = bars;
    }

    /** No bars yet. */
    public static BarPlot of(String title) {
        return new BarPlot(title, List.of());
    }

    /** @param value a share, 0 to 1 */
    public BarPlot bar(String name, double value) {
        return with(new Bar(name, value, Optional.empty(), Optional.empty()));
    }

    /**
     * A bar with its interval.
     *
     * @param value a share, 0 to 1
     * @param interval where it may lie on other pictures of this kind
     */
    public BarPlot bar(String name, double value, Interval interval) {
        return with(new Bar(name, value, Optional.of(interval), Optional.empty()));
    }

    /** What was documented for the bar before. */
    public BarPlot published(Published.Range range) {
        List<Bar> all = new ArrayList<>(bars);
        Bar last = all.remove(all.size() - 1);
        all.add(new Bar(last.name, last.value, last.interval, Optional.of(range)));
        return new BarPlot(title, List.copyOf(all));
    }

    private BarPlot with(Bar bar) {
        List<Bar> all = new ArrayList<>(bars);
        all.add(bar);
        return new BarPlot(title, List.copyOf(all));
    }

    @Override public String describe() {
        return title + ": " + String.join(", ", bars.stream().map(bar -> bar.name + " " + bar.text()).toList());
    }

    private boolean hasPublished() {
        return bars.stream().anyMatch(bar -> bar.published.isPresent());
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_LABEL ? name : name.substring(0, LONGEST_LABEL - 1) + "…";
    }

    // ---- static ----

    @Override public BufferedImage image() {
        int top = TOP + (hasPublished() ? LEGEND : 0);
        BufferedImage canvas = PlotStyle.canvas(WIDTH, top + bars.size() * ROW + 30);
        Graphics2D g = PlotStyle.graphics(canvas);
        g.setColor(PlotStyle.TEXT);
        g.setFont(PlotStyle.bold(14));
        g.drawString(title, 16, 24);
        g.setFont(PlotStyle.font(12));
        FontMetrics metrics = g.getFontMetrics();
        double from = 16 + bars.stream().mapToInt(bar -> metrics.stringWidth(shortened(bar.name))).max().orElse(0) + 10;
        double span = WIDTH - 16 - bars.stream().mapToInt(bar -> metrics.stringWidth(bar.text())).max().orElse(0) - 10 - from;
        if (hasPublished()) {
            g.drawString("published", 34, top - 15);
            g.setColor(PlotStyle.PUBLISHED);
            g.setStroke(new BasicStroke(3));
            g.draw(new Rectangle2D.Double(18, top - 24, 9, 9));
            g.setStroke(new BasicStroke(1));
        }
        axis(g, from, span, top);
        for (int i = 0; i < bars.size(); i++) {
            bar(g, bars.get(i), from, span, top + (i + 0.5) * ROW);
        }
        g.dispose();
        return canvas;
    }

    private void axis(Graphics2D g, double from, double span, int top) {
        double bottom = top + bars.size() * ROW;
        for (int tick = 0; tick <= 4; tick++) {
            double x = from + span * tick / 4;
            String text = 25 * tick + " %";
            g.setColor(PlotStyle.GRID);
            g.draw(new Line2D.Double(x, top - 2, x, bottom));
            g.setColor(PlotStyle.FAINT);
            g.drawString(text, (float) (x - g.getFontMetrics().stringWidth(text) / 2.0), (float) bottom + 17);
        }
    }

    private static void bar(Graphics2D g, Bar bar, double from, double span, double middle) {
        String name = shortened(bar.name);
        g.setColor(PlotStyle.TEXT);
        g.drawString(name, (float) (from - 10 - g.getFontMetrics().stringWidth(name)), (float) middle + 4);
        g.drawString(bar.text(), (float) (from + span + 10), (float) middle + 4);
        g.setColor(BAR);
        g.fill(new Rectangle2D.Double(from, middle - 9, span * bar.value, 18));
        bar.published.ifPresent(range -> {
            g.setColor(PlotStyle.PUBLISHED);
            g.setStroke(new BasicStroke(3));
            g.draw(new Rectangle2D.Double(from + span * range.low(), middle - 11, span * (range.high() - range.low()), 22));
        });
        g.setColor(PlotStyle.TEXT);
        g.setStroke(new BasicStroke(1.5f));
        bar.interval.ifPresent(interval -> {
            g.draw(new Line2D.Double(from + span * interval.low(), middle, from + span * interval.high(), middle));
            for (double end : new double[] {interval.low(), interval.high()}) {
                g.draw(new Line2D.Double(from + span * end, middle - 4, from + span * end, middle + 4));
            }
        });
        g.setStroke(new BasicStroke(1));
    }

    // ---- interactive ----

    @Override public List<Figure> figures() {
        List<String> names = bars.stream().map(bar -> PlotlyFigure.label(shortened(bar.name))).toList();
        List<Integer> rows = new ArrayList<>();
        List<Double> up = new ArrayList<>();
        List<Double> down = new ArrayList<>();
        List<Map<String, Object>> shapes = new ArrayList<>();
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            rows.add(i);
            up.add(bar.interval.map(interval -> interval.high() - bar.value).orElse(0.0));
            down.add(bar.interval.map(interval -> bar.value - interval.low()).orElse(0.0));
            int row = i;
            bar.published.ifPresent(range -> shapes.add(attributes("type", "rect", "x0", range.low(), "x1", range.high(), "y0", row - 0.4, "y1", row + 0.4,
                "line", attributes("color", PlotStyle.hex(PlotStyle.PUBLISHED), "width", 3))));
        }
        Map<String, Object> trace = attributes("type", "bar", "orientation", "h", "name", "", "x", bars.stream().map(Bar::value).toList(), "y", rows,
            "showlegend", false, "hovertext", bars.stream().map(bar -> PlotlyFigure.label(bar.name) + "<br>" + bar.text()).toList(), "hoverinfo", "text",
            "marker", attributes("color", PlotStyle.hex(BAR)), "error_x", attributes("type", "data", "symmetric", false, "array", up, "arrayminus", down,
                "color", PlotStyle.hex(PlotStyle.TEXT), "thickness", 1.5));
        Map<String, Object> published = attributes("type", "scatter", "mode", "markers", "name", "published", "x", Collections.singletonList(null), "y", Collections.singletonList(null),
            "showlegend", true, "marker", attributes("symbol", "square-open", "size", 11, "color", PlotStyle.hex(PlotStyle.PUBLISHED), "line", attributes("width", 3))); // for the legend
        Map<String, Object> layout = attributes("height", 110 + (hasPublished() ? LEGEND : 0) + ROW * bars.size(), "title", attributes("text", PlotlyFigure.label(title)), "bargap", 0.35, "shapes", shapes,
            "margin", attributes("l", 24 + 7 * names.stream().mapToInt(String::length).max().orElse(0), "t", 44 + (hasPublished() ? LEGEND : 0)),
            "legend", attributes("orientation", "h", "x", 0, "y", 1, "yanchor", "bottom"), "xaxis", attributes("range", List.of(0, 1), "tickformat", ".0%"),
            "yaxis", attributes("tickmode", "array", "tickvals", rows, "ticktext", names, "showgrid", false, "range", List.of(bars.size() - 0.5, -0.5)));
        return List.of(new PlotlyFigure(hasPublished() ? List.of(trace, published) : List.of(trace), layout));
    }
}
