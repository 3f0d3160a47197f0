package graft.plot;

import graft.eval.Published;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A {@link LinePlot} as a picture, drawn by XChart. */
final class StaticLines {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int SQUARE = 480;
    /** About what a letter of the legend is wide, and what stands before its text. */
    private static final int LETTER = 7;
    private static final int LEGEND_MARK = 48;
    /** Numbers below it are counted in a power of ten. */
    private static final double SMALL = 1e-2;
    private static final float[] DASHES = {6, 4};

    private StaticLines() { }

    static BufferedImage of(LinePlot plot) {
        boolean beside = plot.lines().stream().filter(line -> line.style() != LinePlot.Style.FAINT).mapToInt(line -> line.name().length() * LETTER + LEGEND_MARK).sum() > WIDTH - 2 * LEGEND_MARK;
        int legend = beside ? plot.lines().stream().filter(line -> line.style() != LinePlot.Style.FAINT).mapToInt(line -> line.name().length() * LETTER + LEGEND_MARK).max().orElse(0) : 0;
        int width = (plot.x().range().isPresent() ? SQUARE : WIDTH) + legend;
        int height = plot.x().range().isPresent() ? SQUARE : HEIGHT;
        double scale = scale(plot);
        XYChart chart = new XYChartBuilder().width(width).height(height).title(plot.title()).xAxisTitle(plot.x().name()).yAxisTitle(plot.y().name() + (scale == 1 ? "" : String.format(Locale.ROOT, " / %.0e", scale))).build();
        PlotStyle.apply(chart.getStyler());
        chart.getStyler().setXAxisMaxLabelCount(10);
        if (beside) {
            chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE).setLegendLayout(Styler.LegendLayout.Vertical);
        }
        if (plot.x().logarithmic() || plot.x().percent()) { // with a formatting function XChart chooses ticks less well
            chart.getStyler().setxAxisTickLabelsFormattingFunction(value -> text(plot.x(), value));
        }
        if (plot.y().percent()) {
            chart.getStyler().setyAxisTickLabelsFormattingFunction(value -> text(plot.y(), value));
        }
        double first = plot.lines().stream().flatMapToDouble(line -> Arrays.stream(line.x())).min().orElse(0);
        double last = plot.lines().stream().flatMapToDouble(line -> Arrays.stream(line.x())).max().orElse(0);
        boolean epochs = plot.x().name().equals("epoch") && last >= first + 1;
        double lowest = Math.min(plot.lines().stream().flatMapToDouble(line -> Arrays.stream(line.y())).min().orElse(0) / scale, plot.published().map(Published.Range::low).orElse(Double.MAX_VALUE));
        if (epochs) {
            EpochTicks.reserve(chart);
            chart.getStyler().setYAxisMin(lowest);
        }
        plot.x().range().ifPresent(range -> chart.getStyler().setXAxisMin(range.low()).setXAxisMax(range.high()));
        plot.y().range().ifPresent(range -> chart.getStyler().setYAxisMin(range.low()).setYAxisMax(range.high()));
        plot.published().ifPresent(range -> band(chart, plot, range));
        int number = 0;
        for (LinePlot.Line line : plot.lines()) {
            add(chart, plot, line, "line " + number++);
        }
        BufferedImage canvas = PlotStyle.canvas(width, height);
        Graphics2D g = PlotStyle.graphics(canvas);
        chart.paint(g, width, height);
        if (epochs) {
            EpochTicks.draw(g, chart, EpochTicks.of((int) Math.floor(first), (int) Math.floor(last)), lowest);
        }
        g.dispose();
        return canvas;
    }

    /** The power of ten that small values are counted in: XChart chooses no good ticks for them. */
    private static double scale(LinePlot plot) {
        double largest = plot.lines().stream().flatMapToDouble(line -> Arrays.stream(line.y())).map(Math::abs).max().orElse(1);
        return largest > 0 && largest < SMALL ? Math.pow(10, Math.floor(Math.log10(largest))) : 1;
    }

    /** @param id what XChart calls the line: two may have the same name */
    private static void add(XYChart chart, LinePlot plot, LinePlot.Line line, String id) {
        XYSeries series = chart.addSeries(id, plot.x().logarithmic() ? powers(line.x()) : line.x(),
            Arrays.stream(line.y()).map(y -> y / scale(plot)).toArray());
        series.setLabel(line.name());
        boolean faint = line.style() == LinePlot.Style.FAINT;
        Color color = faint ? PlotStyle.tint(line.color(), 0.35) : line.color();
        series.setShowInLegend(!faint);
        series.setLineColor(color);
        series.setMarkerColor(color);
        series.setLineStyle(line.style() == LinePlot.Style.DASHED ? dashes() : new BasicStroke(faint ? 1 : 2));
        series.setMarker(plot.marked(line) ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        if (line.style() == LinePlot.Style.POINTS) {
            series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        }
    }

    /** XChart's own logarithmic axis does not come to an end with labels of ours. */
    private static double[] powers(double[] values) {
        return Arrays.stream(values).map(Math::log10).toArray();
    }

    private static BasicStroke dashes() {
        return new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, DASHES, 0);
    }

    private static void band(XYChart chart, LinePlot plot, Published.Range range) {
        double first = plot.lines().stream().mapToDouble(line -> line.x()[0]).min().orElse(0);
        double last = plot.lines().stream().mapToDouble(line -> line.x()[line.x().length - 1]).max().orElse(1);
        XYSeries band;
        if (range.low() == range.high()) {
            band = chart.addSeries("published", new double[] {first, last}, new double[] {range.low(), range.low()});
            band.setLineColor(PlotStyle.PUBLISHED);
            band.setLineStyle(dashes());
        } else {
            band = chart.addSeries("published", new double[] {first, last, last, first}, new double[] {range.low(), range.low(), range.high(), range.high()});
            band.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
            band.setLineColor(new Color(0, true));
            band.setFillColor(PlotStyle.tint(PlotStyle.PUBLISHED, 0.25));
        }
        band.setMarker(SeriesMarkers.NONE);
    }

    private static String text(LinePlot.Axis axis, double value) {
        if (axis.percent()) {
            double percent = 100 * value;
            return String.format(Locale.ROOT, Math.abs(percent - Math.rint(percent)) < 1e-6 ? "%.0f %%" : "%.1f %%", percent);
        }
        return Math.abs(value - Math.rint(value)) > 1e-6 ? "" : axis.logarithmic() ? "1e" + Math.round(value) : String.valueOf(Math.round(value));
    }
}
