package graft.plot;

import graft.eval.Published;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Figure;

/**
 * Lines over numbers, such as a learning rate over epochs. Immutable: each call gives a plot with one thing more. Colours are taken in
 * turn from Okabe and Ito's, which colour-blind readers can tell apart.
 */
public final class LinePlot implements Plot {
    /** With more points than this a line is drawn without a mark at each. */
    private static final int MOST_MARKED = 30;

    /** How a line is drawn. */
    enum Style { SOLID, DASHED, FAINT, POINTS }

    /** What stands on an axis: its name, and how its numbers are written. */
    record Axis(String name, boolean logarithmic, boolean percent, Optional<Published.Range> range) {
        Axis(String name) {
            this(name, false, false, Optional.empty());
        }
    }

    /** One line; only finite points are in it. */
    record Line(String name, double[] x, double[] y, Color color, Style style) { }

    private final String title;
    private final String description;
    private final Axis x;
    private final Axis y;
    private final List<Line> lines;
    private final Optional<Published.Range> published;

    private LinePlot(String title, String description, Axis x, Axis y, List<Line> lines, Optional<Published.Range> published) {
        this.title = title;
        this.description = description;
        this.x = x;
        this.y = y;
        this.lines = lines;
        this.published = published;
    }

    /**
     * An empty plot.
     *
     * @param title may be empty
     * @param x what the axes count, such as {@code epoch}
     */
    public static LinePlot of(String title, String x, String y) {
        return new LinePlot(title, title.isEmpty() ? y + " by " + x : title, new Axis(x), new Axis(y), List.of(), Optional.empty());
    }

    private LinePlot with(Axis newX, Axis newY) {
        return new LinePlot(title, description, newX, newY, lines, published);
    }

    private LinePlot with(Line line) {
        List<Line> all = new ArrayList<>(lines);
        all.add(line);
        return new LinePlot(title, description, x, y, List.copyOf(all), published);
    }

    /** Says in a sentence what there is to see, where no picture can be. */
    public LinePlot described(String sentence) {
        return new LinePlot(title, sentence, x, y, lines, published);
    }

    /** Writes shares as percentages up the plot. */
    public LinePlot percent() {
        return with(x, new Axis(y.name, y.logarithmic, true, y.range));
    }

    /** Counts to the right in powers of ten. */
    public LinePlot logarithmic() {
        return with(new Axis(x.name, true, x.percent, x.range), y);
    }

    /** Both axes from 0 to 1, as shares. */
    LinePlot unitSquare() {
        Optional<Published.Range> unit = Optional.of(new Published.Range(0, 1));
        return with(new Axis(x.name, false, true, unit), new Axis(y.name, false, true, unit));
    }

    /** A line in the next colour; points that are not finite are left out. */
    public LinePlot line(String name, double[] xs, double[] ys) {
        return with(line(name, xs, ys, nextColor(), Style.SOLID));
    }

    /** A line, dashed, in the colour of the one before: what belongs to it. */
    public LinePlot dashed(String name, double[] xs, double[] ys) {
        return with(line(name, xs, ys, lines.isEmpty() ? nextColor() : lines.get(lines.size() - 1).color, Style.DASHED));
    }

    /** Marks in the next colour, not joined. */
    public LinePlot points(String name, double[] xs, double[] ys) {
        return with(line(name, xs, ys, nextColor(), Style.POINTS));
    }

    /** A grey line in the background, such as one of a hundred classes; its name is seen by who points at it. */
    public LinePlot faint(String name, double[] xs, double[] ys) {
        return with(line(name, xs, ys, PlotStyle.FAINT, Style.FAINT));
    }

    LinePlot line(String name, double[] xs, double[] ys, Color color) {
        return with(line(name, xs, ys, color, Style.SOLID));
    }

    /** A documented figure as a line or band behind the others. */
    public LinePlot published(Published.Range range) {
        return new LinePlot(title, description, x, y, lines, Optional.of(range));
    }

    private Color nextColor() {
        long used = lines.stream().filter(line -> line.style == Style.SOLID || line.style == Style.POINTS).count();
        return PlotStyle.SERIES.get((int) (used % PlotStyle.SERIES.size()));
    }

    private Line line(String name, double[] xs, double[] ys, Color color, Style style) {
        if (xs.length != ys.length) {
            throw new IllegalArgumentException(name + " has " + xs.length + " places and " + ys.length + " values");
        }
        int[] finite = IntStream.range(0, xs.length).filter(i -> Double.isFinite(ys[i]) && (x.logarithmic ? xs[i] > 0 : Double.isFinite(xs[i]))).toArray();
        return new Line(name, Arrays.stream(finite).mapToDouble(i -> xs[i]).toArray(), Arrays.stream(finite).mapToDouble(i -> ys[i]).toArray(), color, style);
    }

    /** Whether each point of a line is marked: where there are few, and they are measured and no corners. */
    boolean marked(Line line) {
        return line.style == Style.POINTS || line.style == Style.SOLID && line.x.length <= MOST_MARKED && line.x.length > 2 && x.range.isEmpty();
    }

    String title() {
        return title;
    }

    Axis x() {
        return x;
    }

    Axis y() {
        return y;
    }

    /** Those that have a point, what is faint first. */
    List<Line> lines() {
        List<Line> drawn = new ArrayList<>(lines.stream().filter(line -> line.x.length > 0).toList());
        drawn.sort((a, b) -> Boolean.compare(b.style == Style.FAINT, a.style == Style.FAINT));
        return drawn;
    }

    Optional<Published.Range> published() {
        return published;
    }

    @Override public String describe() {
        return description;
    }

    @Override public BufferedImage image() {
        return StaticLines.of(this);
    }

    @Override public List<Figure> figures() {
        return List.of(InteractiveLines.of(this));
    }
}
