package graft.plot;

import static graft.plot.PlotlyFigure.attributes;

import graft.InputException;
import graft.eval.Published;
import graft.train.History;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Diamond;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tech.tablesaw.plotly.components.Figure;

/** Loss and accuracy by epoch, training and validation, side by side; the best epoch is marked, and what was published stands beside the accuracy. */
public final class Curves implements Plot {
    private static final int WIDTH = 480;
    private static final int HEIGHT = 320;
    /** With more epochs than this a line is drawn without a mark at each. */
    private static final int MOST_MARKED = 30;

    /** So many points are in sight at least, so that noise does not look like an event. */
    private static final double LEAST_SPAN = 0.05;

    private static final Marker BEST = new Diamond() {
        @Override public void paint(Graphics2D g, double x, double y, int size) {
            super.paint(g, x, y, 3 * size / 2);
        }
    };

    private final String title;
    private final List<History.Epoch> epochs;
    private final int best;
    private final Optional<Published.Range> published;
    /** Validation accuracies of the first epochs. */
    private final List<Double> publishedByEpoch;

    private Curves(String title, List<History.Epoch> epochs, int best, Optional<Published.Range> published, List<Double> publishedByEpoch) {
        this.title = title;
        this.epochs = epochs;
        this.best = best;
        this.published = published;
        this.publishedByEpoch = publishedByEpoch;
    }

    /**
     * @param title what was trained, such as {@code resnet50}; may be empty
     * @throws IllegalArgumentException if nothing was trained
     */
    public static Curves of(String title, History history) {
        if (history.epochs().isEmpty()) {
            throw new IllegalArgumentException("no epoch to plot");
        }
        return new Curves(title, history.epochs(), history.best(), Optional.empty(), List.of());
    }

    /** With the documented accuracy as a line or band behind the accuracy. */
    public Curves published(Published.Range accuracy) {
        return new Curves(title, epochs, best, Optional.of(accuracy), publishedByEpoch);
    }

    /**
     * With the documented validation accuracies as points, too.
     *
     * @param validationByEpoch of the first epoch and those after it, as far as they are documented; 0 to 1
     * @throws InputException if one is no such share
     */
    public Curves published(double... validationByEpoch) {
        for (double accuracy : validationByEpoch) {
            if (!(accuracy >= 0 && accuracy <= 1)) {
                throw new InputException("the published accuracy " + accuracy + " is not between 0 and 1; 0.445 would be right for 44.5 %");
            }
        }
        return new Curves(title, epochs, best, published, Arrays.stream(validationByEpoch).boxed().toList());
    }

    private boolean validated() {
        return epochs.get(best).validated();
    }

    @Override public String describe() {
        History.Epoch e = epochs.get(best);
        String named = title.isEmpty() ? "" : title + ": ";
        return validated()
            ? String.format(Locale.ROOT, "%sbest of %d epochs is %d, validation accuracy %.1f %%", named, epochs.size(), e.epoch(), 100 * e.validationAccuracy())
            : String.format(Locale.ROOT, "%s%d epochs, training accuracy %.1f %% in the last", named, epochs.size(), 100 * e.trainAccuracy());
    }

    private String heading(String panel) {
        return title.isEmpty() ? panel : title + " · " + panel.toLowerCase(Locale.ROOT);
    }

    // ---- static ----

    @Override public BufferedImage image() {
        BufferedImage canvas = PlotStyle.canvas(2 * WIDTH, HEIGHT);
        Graphics2D g = PlotStyle.graphics(canvas);
        draw(g, chart("Loss", History.Epoch::trainLoss, History.Epoch::validationLoss, false), 0);
        g.translate(WIDTH, 0);
        draw(g, chart("Accuracy", History.Epoch::trainAccuracy, History.Epoch::validationAccuracy, true), accuracies().low());
        g.dispose();
        return canvas;
    }

    private void draw(Graphics2D g, XYChart chart, double lowest) {
        EpochTicks.reserve(chart);
        chart.getStyler().setXAxisMin(first()).setXAxisMax(Math.max(2.0, last())); // XChart would divide by the span of one epoch
        chart.paint(g, WIDTH, HEIGHT);
        EpochTicks.draw(g, chart, EpochTicks.of(1, last()), lowest);
    }

    private XYChart chart(String panel, ToDoubleFunction<History.Epoch> train, ToDoubleFunction<History.Epoch> validation, boolean accuracy) {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(heading(panel)).xAxisTitle("epoch").build();
        PlotStyle.apply(chart.getStyler());
        boolean byEpoch = accuracy && !publishedByEpoch.isEmpty();
        if (accuracy) {
            chart.getStyler().setyAxisTickLabelsFormattingFunction(y -> String.format(Locale.ROOT, "%.0f %%", 100 * y));
            chart.getStyler().setYAxisMin(accuracies().low()).setYAxisMax(accuracies().high());
            published.ifPresent(range -> band(chart, range).setShowInLegend(!byEpoch));
        } else {
            chart.getStyler().setYAxisMin(0.0);
        }
        line(chart, "training", points(train), PlotStyle.TRAIN);
        if (validated()) {
            line(chart, "validation", points(validation), PlotStyle.VALIDATION);
            XYSeries mark = chart.addSeries("best (epoch " + epochs.get(best).epoch() + ")",
                new double[] {epochs.get(best).epoch()}, new double[] {validation.applyAsDouble(epochs.get(best))});
            mark.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
            mark.setMarker(BEST);
            mark.setMarkerColor(PlotStyle.VALIDATION);
        }
        if (byEpoch) { // last, so that no line hides them
            XYSeries points = chart.addSeries("published, by epoch", publishedEpochs(), publishedByEpoch);
            points.setLabel("published");
            points.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
            points.setMarker(SeriesMarkers.SQUARE);
            points.setMarkerColor(PlotStyle.PUBLISHED);
        }
        return chart;
    }

    private XYSeries band(XYChart chart, Published.Range range) {
        double first = first();
        double last = Math.max(2, last());
        if (range.low() == range.high()) {
            XYSeries line = chart.addSeries("published", new double[] {first, last}, new double[] {range.low(), range.low()});
            line.setMarker(SeriesMarkers.NONE);
            line.setLineColor(PlotStyle.PUBLISHED);
            line.setLineStyle(new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, new float[] {6, 4}, 0));
            return line;
        } else {
            XYSeries area = chart.addSeries("published", new double[] {first, last, last, first}, new double[] {range.low(), range.low(), range.high(), range.high()});
            area.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
            area.setMarker(SeriesMarkers.NONE);
            area.setLineColor(new Color(0, true));
            area.setFillColor(PlotStyle.tint(PlotStyle.PUBLISHED, 0.25));
            return area;
        }
    }

    private static void line(XYChart chart, String name, Map<Integer, Double> points, Color color) {
        XYSeries series = chart.addSeries(name, new ArrayList<>(points.keySet()), new ArrayList<>(points.values()));
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(2));
        series.setMarkerColor(color);
        series.setMarker(points.size() <= MOST_MARKED ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    }

    /** From where to where the accuracy axis goes. */
    private Published.Range accuracies() {
        if (last() == 1) {
            return new Published.Range(0, 1);
        }
        double[] values = DoubleStream.concat(epochs.stream().flatMapToDouble(e -> DoubleStream.of(e.trainAccuracy(), e.validationAccuracy())),
            DoubleStream.concat(published.stream().flatMapToDouble(range -> DoubleStream.of(range.low(), range.high())), publishedByEpoch.stream().mapToDouble(Double::doubleValue)))
            .filter(Double::isFinite).toArray();
        double low = Arrays.stream(values).min().orElse(0);
        double high = Arrays.stream(values).max().orElse(1);
        double more = Math.max(0, LEAST_SPAN - (high - low));
        double from = Math.max(0, Math.min(low - more / 2, 1 - LEAST_SPAN));
        return new Published.Range(Math.min(low, from), Math.max(high, from + LEAST_SPAN));
    }

    /** Where the static picture begins. */
    private double first() {
        return last() == 1 ? 0 : 1;
    }

    /** The last epoch in sight. */
    private int last() {
        return Math.max(epochs.get(epochs.size() - 1).epoch(), publishedByEpoch.size());
    }

    private List<Integer> publishedEpochs() {
        return IntStream.rangeClosed(1, publishedByEpoch.size()).boxed().toList();
    }

    private Map<Integer, Double> points(ToDoubleFunction<History.Epoch> figure) {
        Map<Integer, Double> points = new LinkedHashMap<>();
        for (History.Epoch epoch : epochs) {
            double value = figure.applyAsDouble(epoch);
            if (Double.isFinite(value)) {
                points.put(epoch.epoch(), value);
            }
        }
        return points;
    }

    // ---- interactive ----

    @Override public List<Figure> figures() {
        return List.of(figure("Loss", History.Epoch::trainLoss, History.Epoch::validationLoss, false),
            figure("Accuracy", History.Epoch::trainAccuracy, History.Epoch::validationAccuracy, true));
    }

    private Figure figure(String panel, ToDoubleFunction<History.Epoch> train, ToDoubleFunction<History.Epoch> validation, boolean accuracy) {
        List<Map<String, Object>> traces = new ArrayList<>();
        String value = accuracy ? "%{y:.1%}" : "%{y:.4f}";
        traces.add(trace("training", points(train), PlotStyle.TRAIN, value));
        if (validated()) {
            traces.add(trace("validation", points(validation), PlotStyle.VALIDATION, value));
            History.Epoch e = epochs.get(best);
            traces.add(attributes("type", "scatter", "mode", "markers", "name", "best (epoch " + e.epoch() + ")",
                "x", List.of(e.epoch()), "y", List.of(validation.applyAsDouble(e)), "hoverinfo", "skip",
                "marker", attributes("symbol", "diamond", "size", 11, "color", PlotStyle.hex(PlotStyle.VALIDATION))));
        }
        if (accuracy && !publishedByEpoch.isEmpty()) {
            traces.add(attributes("type", "scatter", "mode", "markers", "name", "published", "x", publishedEpochs(), "y", publishedByEpoch, "hovertemplate", "epoch %{x}: " + value,
                "marker", attributes("symbol", "square", "size", 9, "color", PlotStyle.hex(PlotStyle.PUBLISHED))));
        }
        double margin = 0.05 * (accuracies().high() - accuracies().low());
        Map<String, Object> layout = attributes("height", HEIGHT + 20, "title", attributes("text", PlotlyFigure.label(heading(panel))),
            "xaxis", attributes("title", attributes("text", "epoch", "standoff", 8, "font", attributes("size", 12)), "showgrid", false, "tickmode", "array", "tickvals", EpochTicks.of(1, last())),
            "yaxis", accuracy ? attributes("tickformat", ".0%", "nticks", 6, "range", List.of(accuracies().low() - margin, accuracies().high() + margin)) : attributes("rangemode", "tozero"),
            "margin", attributes("b", 84));
        if (accuracy && published.isPresent()) {
            layout.putAll(InteractiveLines.band(published.get()));
        }
        return new PlotlyFigure(traces, layout);
    }

    private static Map<String, Object> trace(String name, Map<Integer, Double> points, Color color, String value) {
        return attributes("type", "scatter", "mode", points.size() <= MOST_MARKED ? "lines+markers" : "lines", "name", name,
            "x", points.keySet(), "y", points.values(), "hovertemplate", "epoch %{x}: " + value,
            "line", attributes("color", PlotStyle.hex(color), "width", 2), "marker", attributes("size", 6));
    }
}
