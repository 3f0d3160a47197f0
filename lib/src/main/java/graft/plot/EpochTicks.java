package graft.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/** Which epochs are named below a plot: each of a few; of more the first and round ones, such as 1, 10, 20, 30 and 40. XChart's own choice differs from plot to plot, and its names touch. */
final class EpochTicks {
    private static final int FEW = 12;
    private static final int MOST_STEPS = 6;
    /** From the lowest place of a chart's lines to the line of text below it, in CSS pixels. */
    private static final int BELOW = 30;

    private EpochTicks() { }

    /** @param first 1, or 0 where the steps within an epoch are told apart */
    static List<Integer> of(int first, int last) {
        int step = last <= FEW ? 1 : IntStream.of(5, 10, 20, 50, 100, 200, 500, 1000).filter(one -> last / one <= MOST_STEPS).findFirst().orElse(last);
        return IntStream.concat(IntStream.of(first), IntStream.rangeClosed(1, last / step).map(k -> k * step)).distinct().boxed().toList();
    }

    /** Leaves room for epochs, to be {@link #draw}n, and none for XChart's. */
    static void reserve(XYChart chart) {
        chart.getStyler().setxAxisTickLabelsFormattingFunction(x -> String.valueOf(Math.round(x)));
        chart.getStyler().setXAxisTickLabelsColor(new Color(0, true));
    }

    /**
     * Names the epochs of a chart that has been painted.
     *
     * @param lowest what its vertical axis begins with
     */
    static void draw(Graphics2D g, XYChart chart, List<Integer> epochs, double lowest) {
        g.setFont(PlotStyle.font(12));
        g.setColor(PlotStyle.FAINT);
        for (int epoch : epochs) {
            double middle = chart.getScreenXFromChart(epoch) - g.getFontMetrics().stringWidth(String.valueOf(epoch)) / 2.0;
            g.drawString(String.valueOf(epoch), (float) middle, (float) chart.getScreenYFromChart(lowest) + BELOW);
        }
    }
}
