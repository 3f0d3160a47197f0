package graft.plot;

import graft.eval.Metrics;
import graft.eval.RocCurve;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** {@link RocCurve ROC curves} of a classifier: each class against the rest, and their mean. */
public final class RocCurves {
    /** With more classes than this only the best and the worst are named. */
    private static final int MOST_NAMED = 6;
    private static final int NAMED_OF_MANY = 2;

    private RocCurves() { }

    /** @param title which model on which set, such as {@code resnet50 · test}; may be empty */
    public static LinePlot of(String title, Metrics metrics) {
        List<RocCurve> curves = metrics.roc();
        RocCurve mean = RocCurve.mean(curves);
        LinePlot plot = LinePlot.of(title, "false positive rate", "true positive rate").unitSquare().described(String.format(Locale.ROOT,
            "ROC curves%s: mean area %.3f over %d classes", title.isEmpty() ? "" : ", " + title, mean.area(), curves.stream().filter(RocCurve::defined).count()));
        List<Integer> byArea = IntStream.range(0, curves.size()).filter(c -> curves.get(c).defined()).boxed().sorted(Comparator.comparing(c -> -curves.get(c).area())).toList();
        boolean many = byArea.size() > MOST_NAMED;
        for (int i = 0; i < byArea.size(); i++) {
            RocCurve curve = curves.get(byArea.get(i));
            String name = named(metrics.classes().get(byArea.get(i)), curve);
            boolean shown = !many || i < NAMED_OF_MANY || i >= byArea.size() - NAMED_OF_MANY;
            plot = shown ? plot.line(name, curve.falsePositiveRate(), curve.truePositiveRate(), PlotStyle.SERIES.get(many && i > NAMED_OF_MANY ? i - byArea.size() + 2 * NAMED_OF_MANY : i))
                : plot.faint(name, curve.falsePositiveRate(), curve.truePositiveRate());
        }
        plot = plot.line(named("mean", mean), mean.falsePositiveRate(), mean.truePositiveRate(), PlotStyle.TEXT); // above all others
        return plot.faint("chance", RocCurve.CHANCE.falsePositiveRate(), RocCurve.CHANCE.truePositiveRate());
    }

    private static String named(String name, RocCurve curve) {
        return name + String.format(Locale.ROOT, " %.3f", curve.area());
    }
}
