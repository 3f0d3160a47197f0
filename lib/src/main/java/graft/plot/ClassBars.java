package graft.plot;

import static graft.plot.PlotlyFigure.attributes;

import graft.eval.Metrics;
import graft.eval.Metrics.ClassMetrics;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tech.tablesaw.plotly.components.Figure;

/**
 * How well each class is recognised, the best first: a bar for F1, and on it a mark each for precision and recall, so that one row a
 * class is enough and a hundred classes fit a page. Of more than {@value #MOST_SHOWN} only the best and the worst are shown.
 */
public final class ClassBars implements Plot {
    private static final int MOST_SHOWN = 100;
    private static final int MOST_IN_A_COLUMN = 50;
    private static final int LONGEST_LABEL = 30;
    private static final int TOP = 64;
    private static final int WIDTH = 480;
    private static final Color BAR = PlotStyle.tint(PlotStyle.VALIDATION, 0.3);
    private static final Color PRECISION = PlotStyle.WRONG;
    private static final Color RECALL = PlotStyle.VALIDATION;

    private final String title;
    private final List<ClassMetrics> all;
    private final List<ClassMetrics> shown;

    private ClassBars(String title, List<ClassMetrics> classes) {
        this.title = title;
        all = classes.stream().sorted(Comparator.comparingDouble(ClassMetrics::f1).reversed()).toList();
        List<ClassMetrics> some = new ArrayList<>(all);
        if (all.size() > MOST_SHOWN) {
            some.subList(MOST_SHOWN / 2, all.size() - MOST_SHOWN / 2).clear();
        }
        shown = List.copyOf(some);
    }

    /** @param title which model on which set, such as {@code resnet50 · test}; may be empty */
    public static ClassBars of(String title, Metrics metrics) {
        return new ClassBars(title, metrics.perClass());
    }

    @Override public String describe() {
        ClassMetrics best = all.get(0);
        ClassMetrics worst = all.get(all.size() - 1);
        return String.format(Locale.ROOT, "Classes%s: F1 from %.2f (%s) to %.2f (%s)", title.isEmpty() ? "" : ", " + title, best.f1(), best.name(), worst.f1(), worst.name());
    }

    private String heading() {
        return title + (shown.size() == all.size() ? "" : " (the best and the worst " + MOST_SHOWN / 2 + " of " + all.size() + " classes)");
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_LABEL ? name : name.substring(0, LONGEST_LABEL - 1) + "…";
    }

    // ---- static ----

    private int row() {
        return shown.size() <= MOST_IN_A_COLUMN / 2 ? 22 : 16;
    }

    @Override public BufferedImage image() {
        int columns = shown.size() > MOST_IN_A_COLUMN ? 2 : 1;
        int rows = (shown.size() + columns - 1) / columns;
        int width = columns == 1 ? WIDTH + WIDTH / 2 : WIDTH;
        BufferedImage canvas = PlotStyle.canvas(columns * width, TOP + rows * row() + 28);
        Graphics2D g = PlotStyle.graphics(canvas);
        g.setColor(PlotStyle.TEXT);
        g.setFont(PlotStyle.bold(14));
        g.drawString(heading(), 16, 24);
        legend(g);
        for (int column = 0; column < columns; column++) {
            column(g, shown.subList(column * rows, Math.min(shown.size(), (column + 1) * rows)), column * width, width);
        }
        g.dispose();
        return canvas;
    }

    private static void legend(Graphics2D g) {
        g.setFont(PlotStyle.font(12));
        int x = 16;
        g.setColor(BAR);
        g.fill(new Rectangle2D.Double(x, 38, 18, 9));
        for (String name : List.of("F1", "precision", "recall")) {
            if (!name.equals("F1")) {
                mark(g, name.equals("precision") ? PRECISION : RECALL, x + 9, 42.5);
            }
            g.setColor(PlotStyle.TEXT);
            g.drawString(name, x + 24, 47);
            x += 24 + g.getFontMetrics().stringWidth(name) + 20;
        }
    }

    private void column(Graphics2D g, List<ClassMetrics> classes, int left, int width) {
        g.setFont(PlotStyle.font(row() < 20 ? 11 : 12));
        FontMetrics metrics = g.getFontMetrics();
        int label = classes.stream().mapToInt(c -> metrics.stringWidth(shortened(c.name()))).max().orElse(0);
        double from = left + 16 + label + 10;
        double span = left + width - 24 - from;
        double bottom = TOP + classes.size() * row();
        for (int tick = 0; tick <= 4; tick++) {
            double x = from + span * tick / 4;
            g.setColor(PlotStyle.GRID);
            g.draw(new Line2D.Double(x, TOP - 4, x, bottom));
            g.setColor(PlotStyle.FAINT);
            String text = String.format(Locale.ROOT, tick % 4 == 0 ? "%.0f" : "%.2f", tick / 4.0);
            g.drawString(text, (float) (x - metrics.stringWidth(text) / 2.0), (float) bottom + 16);
        }
        for (int i = 0; i < classes.size(); i++) {
            ClassMetrics c = classes.get(i);
            double middle = TOP + (i + 0.5) * row();
            String name = shortened(c.name());
            g.setColor(PlotStyle.TEXT);
            g.drawString(name, (float) (from - 10 - metrics.stringWidth(name)), (float) (middle + 4));
            g.setColor(BAR);
            g.fill(new Rectangle2D.Double(from, middle - row() * 0.32, span * c.f1(), row() * 0.64));
            mark(g, PRECISION, from + span * c.precision(), middle);
            mark(g, RECALL, from + span * c.recall(), middle);
        }
    }

    private static void mark(Graphics2D g, Color color, double x, double y) {
        g.setColor(color);
        g.fill(new Ellipse2D.Double(x - 3.5, y - 3.5, 7, 7));
    }

    // ---- interactive ----

    @Override public List<Figure> figures() {
        List<Integer> rows = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> hover = new ArrayList<>();
        for (int i = 0; i < shown.size(); i++) {
            ClassMetrics c = shown.get(i);
            rows.add(i);
            names.add(PlotlyFigure.label(shortened(c.name())));
            hover.add(PlotlyFigure.label(c.name()) + String.format(Locale.ROOT, "<br>F1 %.3f, precision %.3f, recall %.3f<br>%d pictures", c.f1(), c.precision(), c.recall(), c.support()));
        }
        List<Map<String, Object>> traces = List.of(
            attributes("type", "bar", "orientation", "h", "name", "F1", "x", shown.stream().map(ClassMetrics::f1).toList(), "y", rows,
                "hovertext", hover, "hoverinfo", "text", "marker", attributes("color", PlotStyle.hex(BAR))),
            marks("precision", shown.stream().map(ClassMetrics::precision).toList(), rows, PRECISION),
            marks("recall", shown.stream().map(ClassMetrics::recall).toList(), rows, RECALL));
        Map<String, Object> layout = attributes("height", 130 + row() * shown.size(), "title", attributes("text", PlotlyFigure.label(heading())),
            "margin", attributes("l", 24 + 7 * names.stream().mapToInt(String::length).max().orElse(0), "t", 70, "b", 40), "bargap", 0.3,
            "legend", attributes("orientation", "h", "x", 0, "y", 1, "yanchor", "bottom"),
            "xaxis", attributes("range", List.of(0, 1.02)), "yaxis", attributes("tickmode", "array", "tickvals", rows, "ticktext", names, "showgrid", false,
                "range", List.of(shown.size() - 0.5, -0.5), "tickfont", attributes("size", 11)));
        return List.of(new PlotlyFigure(traces, layout));
    }

    private static Map<String, Object> marks(String name, List<Double> values, List<Integer> rows, Color color) {
        return attributes("type", "scatter", "mode", "markers", "name", name, "x", values, "y", rows, "hoverinfo", "skip",
            "marker", attributes("color", PlotStyle.hex(color), "size", 7));
    }
}
