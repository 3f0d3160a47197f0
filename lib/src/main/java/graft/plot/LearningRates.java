package graft.plot;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** Learning rates as plots: what a schedule gives over a training, and what a search for a good rate found. */
public final class LearningRates {
    /** Losses above the first by more than this factor are where training diverges, which would flatten all else. */
    private static final double DIVERGED = 1.5;

    private LearningRates() { }

    /**
     * A schedule over a training.
     *
     * @param rates of each step
     * @param stepsAnEpoch 1 where {@code rates} holds one an epoch
     */
    public static LinePlot schedule(String title, double[] rates, int stepsAnEpoch) {
        double[] epochs = IntStream.range(0, rates.length).mapToDouble(i -> stepsAnEpoch == 1 ? i + 1 : (double) i / stepsAnEpoch).toArray();
        double highest = Arrays.stream(rates).max().orElse(0);
        return LinePlot.of(title, "epoch", "learning rate").line("learning rate", epochs, rates)
            .described(String.format(Locale.ROOT, "%s: at most %.2g, %.2g at the end", title.isEmpty() ? "Learning rate" : title, highest, rates.length == 0 ? Double.NaN : rates[rates.length - 1]));
    }

    /**
     * A search for the learning rate: the loss while the rate rises, L. N. Smith 2015 (arXiv:1506.01186).
     *
     * @param rates rising, of each step
     * @param losses at each, smoothed
     * @param suggestion the rate to take; NaN if none could be found
     */
    public static LinePlot finder(String title, double[] rates, double[] losses, double suggestion) {
        double limit = losses.length == 0 ? 0 : DIVERGED * losses[0];
        int end = IntStream.range(0, losses.length).filter(i -> !(losses[i] <= limit)).findFirst().orElse(losses.length);
        double[] shown = Arrays.copyOf(losses, end);
        LinePlot plot = LinePlot.of(title, "learning rate", "loss").logarithmic().line("loss", Arrays.copyOf(rates, end), shown);
        if (!(suggestion > 0) || end == 0) {
            return plot.described((title.isEmpty() ? "Learning rates" : title) + ": none stands out");
        }
        double low = Arrays.stream(shown).min().orElse(0);
        double high = Arrays.stream(shown).max().orElse(1);
        String text = String.format(Locale.ROOT, "%.1e", suggestion);
        return plot.line("suggested: " + text, new double[] {suggestion, suggestion}, new double[] {low, high})
            .described((title.isEmpty() ? "Learning rates" : title) + ": " + text + " is suggested");
    }
}
