package graft.plot;

import static graft.plot.PlotlyFigure.attributes;

import graft.eval.Predictions;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Figure;

/**
 * Pictures as points in a plane, near each other where a network finds them alike: coloured by their true class, crosses where they were taken for another. A class's name stands at the
 * picture in its middle instead of in a legend, so that eighty classes can be told apart as well.
 */
public final class Embeddings implements Plot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 640;
    /** With more classes than this there is more room. */
    private static final int MANY = 30;
    private static final int WIDE = 960;
    private static final int HIGH = 820;
    private static final int TOP = 58;
    private static final int SIDE = 24;
    private static final int BOTTOM = 40;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final String NOTE = "colour: the true class; near each other: alike to the network; directions and units mean nothing (t-SNE)";

    private final String title;
    private final Predictions predictions;
    private final double[][] places;

    private Embeddings(String title, Predictions predictions, double[][] places) {
        this.title = title;
        this.predictions = predictions;
        this.places = places;
    }

    /**
     * @param title which network on which pictures, such as {@code resnet50 · test}; may be empty
     * @param places {@code [pictures][2]}, such as {@link graft.eval.Tsne}'s, finite
     */
    public static Embeddings of(String title, Predictions predictions, double[][] places) {
        if (places.length != predictions.count() || places.length == 0) {
            throw new IllegalArgumentException(places.length + " places for " + predictions.count() + " pictures");
        }
        return new Embeddings(title, predictions, lying(places));
    }

    /** Turned so that they are widest from left to right, where there is most room: their directions mean nothing. */
    private static double[][] lying(double[][] places) {
        double x = Arrays.stream(places).mapToDouble(place -> place[0]).average().orElseThrow();
        double y = Arrays.stream(places).mapToDouble(place -> place[1]).average().orElseThrow();
        double xx = Arrays.stream(places).mapToDouble(place -> (place[0] - x) * (place[0] - x)).sum();
        double yy = Arrays.stream(places).mapToDouble(place -> (place[1] - y) * (place[1] - y)).sum();
        double xy = Arrays.stream(places).mapToDouble(place -> (place[0] - x) * (place[1] - y)).sum();
        double angle = Math.atan2(2 * xy, xx - yy) / 2; // of the axis along which they vary most
        return Arrays.stream(places).map(place -> new double[] {(place[0] - x) * Math.cos(angle) + (place[1] - y) * Math.sin(angle),
            (place[1] - y) * Math.cos(angle) - (place[0] - x) * Math.sin(angle)}).toArray(double[][]::new);
    }

    private boolean wrong(int i) {
        return predictions.label(i) >= 0 && predictions.label(i) != predictions.predicted(i);
    }

    private List<Integer> pictures(boolean wrong) {
        return IntStream.range(0, places.length).filter(i -> wrong(i) == wrong).boxed().toList();
    }

    @Override public String describe() {
        return String.format(Locale.ROOT, "%s%d pictures of %d classes as points, near each other where the network finds them alike; the nearest point of %.0f %% is of the same class",
            title.isEmpty() ? "" : title + ": ", places.length, predictions.classes().size(), 100 * alike());
    }

    /** The share of pictures whose nearest neighbour in the plane is of their class. */
    private double alike() {
        int alike = 0;
        for (int i = 0; i < places.length; i++) {
            int nearest = -1;
            for (int j = 0; j < places.length; j++) {
                if (j != i && (nearest < 0 || distance(i, j) < distance(i, nearest))) {
                    nearest = j;
                }
            }
            alike += nearest >= 0 && predictions.label(i) >= 0 && predictions.label(i) == predictions.label(nearest) ? 1 : 0;
        }
        return (double) alike / places.length;
    }

    private double distance(int i, int j) {
        return Math.hypot(places[i][0] - places[j][0], places[i][1] - places[j][1]);
    }

    // ---- what both forms share ----

    private boolean many() {
        return predictions.classes().size() > MANY;
    }

    private int width() {
        return many() ? WIDE : WIDTH;
    }


    /** Okabe and Ito's colours as far as they go; then hues a golden angle apart, so that those differ whose names are neighbours and who are often alike, in three lightnesses. */
    private Color color(int label) {
        int classes = predictions.classes().size();
        if (label < 0) {
            return PlotStyle.FAINT;
        }
        if (classes <= PlotStyle.SERIES.size()) {
            return PlotStyle.SERIES.get(label);
        }
        return Color.getHSBColor((float) (label * GOLDEN), label % 3 == 1 ? 0.6f : 0.95f, new float[] {0.8f, 0.85f, 0.6f}[label % 3]);
    }

    /** How places become pixels: {@code (place − middle) · scale}, so that all points are in sight; the picture is no higher than they need. */
    private record View(double x, double y, double scale, int width, int height) {
        double[] pixel(double[] place) {
            return new double[] {width / 2.0 + (place[0] - x) * scale, middle() - (place[1] - y) * scale};
        }

        double placeX(double pixel) {
            return x + (pixel - width / 2.0) / scale;
        }

        double placeY(double pixel) {
            return y - (pixel - middle()) / scale;
        }

        private double middle() {
            return (TOP + height - BOTTOM) / 2.0;
        }
    }

    private View view() {
        double[] low = new double[2];
        double[] high = new double[2];
        for (int k = 0; k < 2; k++) {
            int axis = k;
            low[k] = Arrays.stream(places).mapToDouble(place -> place[axis]).min().orElseThrow();
            high[k] = Arrays.stream(places).mapToDouble(place -> place[axis]).max().orElseThrow();
        }
        int around = TOP + BOTTOM + 2 * SIDE;
        double scale = Math.min((width() - 4.0 * SIDE) / Math.max(1e-9, high[0] - low[0]), ((many() ? HIGH : HEIGHT) - around) / Math.max(1e-9, high[1] - low[1]));
        return new View((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, scale, width(), around + (int) Math.max(200, scale * (high[1] - low[1])));
    }

    private double pointSize() {
        return places.length <= 200 ? 8 : places.length <= 500 ? 6 : places.length <= 1000 ? 5 : 4;
    }

    private float crossWidth() {
        return places.length <= 500 ? 2 : 1.5f;
    }

    private float fontSize() {
        return many() ? 11 : 13;
    }

    private List<PointLabels.Label> labels(View view) {
        List<double[]> pixels = Arrays.stream(places).map(view::pixel).toList();
        Map<Integer, List<double[]>> members = new TreeMap<>();
        for (int i = 0; i < places.length; i++) {
            if (predictions.label(i) >= 0) {
                members.computeIfAbsent(predictions.label(i), label -> new ArrayList<>()).add(pixels.get(i));
            }
        }
        PointLabels labels = new PointLabels(PlotStyle.bold(fontSize()), new Rectangle(SIDE / 2, TOP, view.width - SIDE, view.height - TOP - BOTTOM), pixels);
        members.forEach((label, own) -> labels.add(label, predictions.classes().get(label), own));
        return labels.placed();
    }

    // ---- static ----

    @Override public BufferedImage image() {
        View view = view();
        BufferedImage canvas = PlotStyle.canvas(view.width, view.height);
        Graphics2D g = PlotStyle.graphics(canvas);
        g.setColor(PlotStyle.TEXT);
        g.setFont(PlotStyle.bold(14));
        g.drawString(title, SIDE, 24);
        g.setFont(PlotStyle.font(12));
        g.setColor(PlotStyle.FAINT);
        g.drawString(NOTE, SIDE, 44);
        for (boolean wrong : new boolean[] {false, true}) {
            for (int i : pictures(wrong)) {
                double[] at = view.pixel(places[i]);
                mark(g, at[0], at[1], wrong, color(predictions.label(i)));
            }
        }
        legend(g, view.height - 14);
        List<PointLabels.Label> labels = labels(view);
        for (PointLabels.Label label : labels) {
            if (label.moved()) {
                g.setStroke(new BasicStroke(1));
                g.setColor(color(label.id()).darker());
                g.draw(new Line2D.Double(label.x(), label.y(), label.toX(), label.toY()));
            }
        }
        g.setFont(PlotStyle.bold(fontSize()));
        labels.forEach(label -> text(g, label));
        g.dispose();
        return canvas;
    }

    private void mark(Graphics2D g, double x, double y, boolean wrong, Color color) {
        double half = pointSize() / 2;
        if (wrong) {
            Path2D cross = new Path2D.Double();
            cross.moveTo(x - half, y - half);
            cross.lineTo(x + half, y + half);
            cross.moveTo(x - half, y + half);
            cross.lineTo(x + half, y - half);
            g.setColor(color.darker());
            g.setStroke(new BasicStroke(crossWidth()));
            g.draw(cross);
        } else {
            g.setColor(PlotStyle.tint(color, 0.75));
            g.fill(new Ellipse2D.Double(x - half, y - half, 2 * half, 2 * half));
        }
    }

    private void legend(Graphics2D g, int baseline) {
        g.setFont(PlotStyle.font(12));
        int x = SIDE;
        for (boolean wrong : new boolean[] {false, true}) {
            mark(g, x, baseline - 4, wrong, PlotStyle.FAINT);
            g.setColor(PlotStyle.TEXT);
            g.drawString(named(wrong), x + 10, baseline);
            x += 30 + g.getFontMetrics().stringWidth(named(wrong));
        }
    }

    private String named(boolean wrong) {
        return (wrong ? "mistake (" : "right (") + pictures(wrong).size() + ")";
    }

    /** White around dark letters: they lie on points. */
    private void text(Graphics2D g, PointLabels.Label label) {
        double x = label.x() - g.getFontMetrics().stringWidth(label.text()) / 2.0;
        Shape outline = g.getFont().createGlyphVector(g.getFontRenderContext(), label.text()).getOutline((float) x, (float) (label.y() + fontSize() * 0.36));
        g.setColor(new Color(255, 255, 255, 220));
        g.setStroke(new BasicStroke(3.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(outline);
        g.setColor(dark(label.id()));
        g.fill(outline);
    }

    /** The class's colour, dark enough to be read. */
    private Color dark(int label) {
        float[] hsb = Color.RGBtoHSB(color(label).getRed(), color(label).getGreen(), color(label).getBlue(), null);
        return Color.getHSBColor(hsb[0], hsb[1], Math.min(hsb[2], 0.5f));
    }

    // ---- interactive ----

    @Override public List<Figure> figures() {
        View view = view();
        List<Map<String, Object>> traces = new ArrayList<>();
        for (boolean wrong : new boolean[] {false, true}) {
            List<Integer> shown = pictures(wrong);
            String symbol = wrong ? "x-thin" : "circle";
            double size = pointSize() + (wrong ? 2 : 1);
            traces.add(attributes("type", "scatter", "mode", "markers", "name", named(wrong), "legendgroup", symbol, "showlegend", false, "x", shown.stream().map(i -> places[i][0]).toList(),
                "y", shown.stream().map(i -> places[i][1]).toList(), "text", shown.stream().map(this::hover).toList(), "hoverinfo", "text",
                "marker", attributes("size", size, "symbol", symbol, "opacity", wrong ? 1 : 0.75,
                    "color", colors(shown, false), "line", attributes("width", wrong ? crossWidth() : 0, "color", colors(shown, wrong)))));
            String grey = PlotStyle.hex(PlotStyle.FAINT); // of no class, for the legend
            traces.add(attributes("type", "scatter", "mode", "markers", "name", named(wrong), "legendgroup", symbol, "x", Collections.singletonList(null), "y", Collections.singletonList(null),
                "marker", attributes("size", size, "symbol", symbol, "color", grey, "line", attributes("width", wrong ? crossWidth() : 0, "color", grey))));
        }
        List<Map<String, Object>> names = new ArrayList<>();
        for (PointLabels.Label label : labels(view)) {
            names.add(attributes("text", "<b>" + PlotlyFigure.label(label.text()) + "</b>", "x", view.placeX(label.toX()), "y", view.placeY(label.toY()),
                "showarrow", label.moved(), "xshift", label.moved() ? 0 : label.x() - label.toX(),
                "yshift", label.moved() ? 0 : label.toY() - label.y(), "ax", label.x() - label.toX(), "ay", label.y() - label.toY(), "arrowhead", 0, "arrowwidth", 1, "standoff", 0,
                "arrowcolor", PlotStyle.hex(dark(label.id())), "bgcolor", "rgba(255,255,255,0.75)", "borderpad", 0,
                "font", attributes("color", PlotStyle.hex(dark(label.id())), "size", fontSize())));
        }
        Map<String, Object> layout = attributes("width", view.width, "height", view.height, "title", attributes("text", PlotlyFigure.label(title) + "<br><sup>" + NOTE + "</sup>"),
            "xaxis", axis(view.placeX(SIDE / 2.0), view.placeX(view.width - SIDE / 2.0)), "yaxis", axis(view.placeY(view.height - BOTTOM), view.placeY(TOP)),
            "margin", attributes("l", SIDE / 2, "r", SIDE / 2, "t", TOP, "b", BOTTOM), "hovermode", "closest", "annotations", names,
            "legend", attributes("orientation", "h", "x", 0, "y", -0.01));
        return List.of(new PlotlyFigure(traces, layout));
    }

    private static Map<String, Object> axis(double from, double to) {
        return attributes("range", List.of(from, to), "showgrid", false, "showticklabels", false, "ticks", "", "automargin", false);
    }

    private List<String> colors(List<Integer> pictures, boolean darker) {
        return pictures.stream().map(i -> color(predictions.label(i))).map(color -> PlotStyle.hex(darker ? color.darker() : color)).toList();
    }

    private String hover(int i) {
        String truth = predictions.label(i) < 0 ? "unknown" : predictions.classes().get(predictions.label(i));
        return PlotlyFigure.label(predictions.ids().get(i)) + "<br>" + PlotlyFigure.label(truth)
            + (wrong(i) ? ", taken for " + PlotlyFigure.label(predictions.classes().get(predictions.predicted(i))) : predictions.label(i) < 0 ? "" : ", recognised");
    }
}
