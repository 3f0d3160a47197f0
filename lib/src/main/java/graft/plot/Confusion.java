package graft.plot;

import static graft.plot.PlotlyFigure.attributes;

import graft.eval.Metrics;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Figure;

/**
 * Confusion matrix as a heat map: rows are the true classes, columns the predicted ones. A cell's colour is its share
 * of the row, blue where right and orange where wrong, so that mistakes stand out among a hundred classes too; up to
 * {@value #MOST_COUNTED} classes the counts are written in. The static picture is drawn here and not by XChart, whose
 * heat map has one colour scale and writes every label or none.
 */
public final class Confusion implements Plot {
    static final int MOST_COUNTED = 20;
    /** Up to so many classes each has its name beside it. */
    private static final int MOST_NAMED = 100;
    /** What a line of the smallest labels takes. */
    private static final int LINE = 10;
    /** As wide as a page shows it. */
    private static final int WIDEST = 1000;
    private static final int LONGEST_LABEL = 22;
    private static final int TITLE = 34;
    private static final Color NONE = new Color(0xF6, 0xF7, 0xF9);

    private final String title;
    private final List<String> classes;
    private final int[][] counts;
    private final double accuracy;

    private Confusion(String title, Metrics metrics) {
        this.title = title;
        this.classes = metrics.classes();
        this.counts = metrics.confusion();
        this.accuracy = metrics.accuracy();
    }

    /** @param title which model on which set, such as {@code resnet50 · test}; may be empty */
    public static Confusion of(String title, Metrics metrics) {
        return new Confusion(title, metrics);
    }

    @Override public String describe() {
        return String.format(Locale.ROOT, "Confusion matrix%s: %d classes, %.1f %% right%s", title.isEmpty() ? "" : ", " + title,
            classes.size(), 100 * accuracy, worst());
    }

    private String worst() {
        int truth = 0;
        int taken = 0;
        int most = 0;
        for (int t = 0; t < counts.length; t++) {
            for (int p = 0; p < counts.length; p++) {
                if (t != p && counts[t][p] > most) {
                    most = counts[t][p];
                    truth = t;
                    taken = p;
                }
            }
        }
        return most == 0 ? "" : "; most often " + classes.get(truth) + " is taken for " + classes.get(taken) + " (" + most + ")";
    }

    /** −1 (always wrong) to 1 (always right): the share of the row, negative off the diagonal. */
    private double signedShare(int truth, int predicted) {
        int support = 0;
        for (int count : counts[truth]) {
            support += count;
        }
        double share = support == 0 ? 0 : (double) counts[truth][predicted] / support;
        return truth == predicted ? share : -share;
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_LABEL ? name : name.substring(0, LONGEST_LABEL - 1) + "…";
    }

    // ---- static ----

    /** The side of a cell, CSS pixels: large for few classes, high enough for a line of text up to a hundred, and never so small that a cell is lost. */
    private int cell() {
        return classes.size() <= MOST_NAMED ? Math.max(LINE, Math.min(48, 560 / classes.size())) : Math.max(2, MOST_NAMED * LINE / classes.size());
    }

    /** Every how many classes a label is written, so that labels do not run into each other. */
    private int labelled() {
        return (int) Math.ceil((double) LINE / cell());
    }

    @Override public BufferedImage image() {
        Font font = PlotStyle.font(small() ? 9 : 12);
        int label = labelWidth(font);
        int left = 24 + label + 8;
        int top = title.isEmpty() ? 12 : TITLE;
        int side = cell() * classes.size();
        BufferedImage canvas = PlotStyle.canvas(left + side + 24, top + side + 8 + label + 26);
        Graphics2D g = PlotStyle.graphics(canvas);
        g.setColor(PlotStyle.TEXT);
        g.setFont(PlotStyle.bold(14));
        g.drawString(title, left, 22);
        cells(g, left, top);
        labels(g, font, left, top);
        g.setFont(PlotStyle.font(12));
        g.setColor(PlotStyle.FAINT);
        centred(g, "predicted", left + side / 2.0, canvas.getHeight() / (double) PlotStyle.DENSITY - 8);
        AffineTransform before = g.getTransform();
        g.rotate(-Math.PI / 2, 16, top + side / 2.0);
        centred(g, "true", 16, top + side / 2.0);
        g.setTransform(before);
        g.dispose();
        return canvas;
    }

    private int labelWidth(Font font) {
        Graphics2D g = PlotStyle.graphics(PlotStyle.canvas(1, 1));
        FontMetrics metrics = g.getFontMetrics(font);
        int widest = classes.stream().mapToInt(name -> metrics.stringWidth(shortened(name))).max().orElse(0);
        g.dispose();
        return widest;
    }

    private void cells(Graphics2D g, int left, int top) {
        double gap = cell() >= 14 ? 1 : 0.5;
        g.setFont(PlotStyle.font(cell() >= 30 ? 13 : 11));
        for (int t = 0; t < counts.length; t++) {
            for (int p = 0; p < counts.length; p++) {
                double share = signedShare(t, p);
                Color color = share == 0 ? NONE : PlotStyle.tint(share > 0 ? PlotStyle.RIGHT : PlotStyle.WRONG, strength(Math.abs(share)));
                g.setColor(color);
                g.fill(new Rectangle2D.Double(left + p * cell(), top + t * cell(), cell() - gap, cell() - gap));
                if (classes.size() <= MOST_COUNTED && counts[t][p] > 0) {
                    g.setColor(Math.abs(share) > 0.55 ? Color.WHITE : PlotStyle.TEXT);
                    centred(g, Integer.toString(counts[t][p]), left + (p + 0.5) * cell(), top + (t + 0.5) * cell() + 4.5);
                }
            }
        }
    }

    /** A single mistake among many pictures must still be seen. */
    private static double strength(double share) {
        return 0.15 + 0.85 * share;
    }

    private void labels(Graphics2D g, Font font, int left, int top) {
        g.setFont(font);
        g.setColor(PlotStyle.TEXT);
        double half = font.getSize2D() * 0.36;
        FontMetrics metrics = g.getFontMetrics();
        double below = top + cell() * classes.size() + 6;
        for (int c = 0; c < classes.size(); c += labelled()) {
            String name = shortened(classes.get(c));
            double middle = (c + 0.5) * cell();
            g.drawString(name, left - 6 - metrics.stringWidth(name), (float) (top + middle + half));
            AffineTransform before = g.getTransform();
            g.rotate(-Math.PI / 2, left + middle, below);
            g.drawString(name, (float) (left + middle - metrics.stringWidth(name)), (float) (below + half));
            g.setTransform(before);
        }
    }

    private static void centred(Graphics2D g, String text, double x, double baseline) {
        g.drawString(text, (float) (x - g.getFontMetrics().stringWidth(text) / 2.0), (float) baseline);
    }

    // ---- interactive ----

    @Override public List<Figure> figures() {
        int n = classes.size();
        List<String> names = classes.stream().map(PlotlyFigure::label).toList();
        Number[][] shares = new Number[n][n];
        String[][] hover = new String[n][n];
        List<Integer> x = new ArrayList<>();
        List<Integer> y = new ArrayList<>();
        List<String> text = new ArrayList<>();
        List<String> colors = new ArrayList<>();
        for (int t = 0; t < n; t++) {
            for (int p = 0; p < n; p++) {
                double share = signedShare(t, p);
                shares[t][p] = counts[t][p] == 0 ? 0 : Math.round(1e4 * share) / 1e4;
                hover[t][p] = counts[t][p] == 0 && n > MOST_COUNTED ? "" : names.get(t) + (t == p ? " recognised: " : " taken for " + names.get(p) + ": ") + counts[t][p]
                    + String.format(Locale.ROOT, " (%.0f %%)", 100 * Math.abs(share));
                if (n <= MOST_COUNTED && counts[t][p] > 0) {
                    x.add(p);
                    y.add(t);
                    text.add(Integer.toString(counts[t][p]));
                    colors.add(Math.abs(share) > 0.55 ? "#FFFFFF" : PlotStyle.hex(PlotStyle.TEXT));
                }
            }
        }
        Map<String, Object> heat = attributes("type", "heatmap", "name", "", "z", shares, "text", hover,
            "hoverinfo", "text", "zmin", -1, "zmax", 1, "colorscale", scale(), "showscale", false);
        Map<String, Object> written = attributes("type", "scatter", "mode", "text", "name", "", "x", x, "y", y, "text", text,
            "textfont", attributes("color", colors), "hoverinfo", "skip", "showlegend", false);
        return List.of(new PlotlyFigure(List.of(heat, written), layout()));
    }

    /** Orange (−1) to white (0) to blue (1), with a step at 0 as in the static picture. */
    private static List<List<Object>> scale() {
        return List.of(List.of(0, PlotStyle.hex(PlotStyle.WRONG)),
            List.of(0.4999, PlotStyle.hex(PlotStyle.tint(PlotStyle.WRONG, strength(0)))), List.of(0.49991, PlotStyle.hex(NONE)),
            List.of(0.50009, PlotStyle.hex(NONE)), List.of(0.5001, PlotStyle.hex(PlotStyle.tint(PlotStyle.RIGHT, strength(0)))),
            List.of(1, PlotStyle.hex(PlotStyle.RIGHT)));
    }

    private Map<String, Object> layout() {
        int label = (int) (classes.stream().mapToInt(name -> shortened(name).length()).max().orElse(0) * (small() ? 5.5 : 7));
        int side = classes.size() <= MOST_COUNTED ? Math.min(720, Math.max(240, classes.size() * 44)) : Math.min(WIDEST - label - 64, Math.max(720, classes.size() * cell()));
        return attributes("width", side + label + 64, "height", side + label + 92,
            "title", attributes("text", PlotlyFigure.label(title)), "margin", attributes("l", label + 48, "b", label + 48),
            "xaxis", axis("predicted", -0.5, classes.size() - 0.5), "yaxis", axis("true", classes.size() - 0.5, -0.5));
    }

    /** Classes by number, so that shortened names may be equal. */
    private Map<String, Object> axis(String name, double from, double to) {
        List<Integer> shown = IntStream.iterate(0, c -> c < classes.size(), c -> c + labelled()).boxed().toList();
        return attributes("title", attributes("text", name, "standoff", 10, "font", attributes("color", PlotStyle.hex(PlotStyle.FAINT), "size", 12)), "showgrid", false,
            "range", List.of(from, to), "tickmode", "array", "tickvals", shown, "ticks", "", "tickangle", name.equals("true") ? 0 : -90,
            "ticktext", shown.stream().map(c -> PlotlyFigure.label(shortened(classes.get(c)))).toList(),
            "tickfont", attributes("size", small() ? 8 : 12));
    }

    /** Whether cells are lower than a line of usual text. */
    private boolean small() {
        return cell() < 14;
    }
}
