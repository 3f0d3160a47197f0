package graft.run;

import com.google.gson.JsonObject;
import graft.eval.Interval;
import graft.eval.Metrics;
import graft.eval.Published;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A run's result in a few lines of text. */
final class Summary {
    /** Of more classes that are recognised equally well only the number is told. */
    private static final int MOST_NAMED = 4;

    private Summary() { }

    static String of(Run run) {
        StringBuilder text = new StringBuilder();
        if (run.members().size() > 1) {
            run.members().forEach((name, member) -> text.append(figures(run, name, name + " · ", member)).append('\n'));
            text.append(figures(run, "joined", "", run.result())).append('\n');
            text.append(String.format("joined, against %s: %s on the %s pictures%n", run.bestMember(), run.gain(), run.result().best()));
        }
        String set = run.result().best();
        Metrics metrics = run.result().metrics().get(set);
        if (run.members().size() == 1) {
            run.result().of("validation").filter(validation -> validation != metrics).ifPresent(validation -> text.append(accuracy(run, "validation", validation)).append('\n'));
            String others = others(run.published().sets().get(set), set, metrics).strip();
            text.append(others).append(others.isEmpty() ? "" : "\n");
        }
        text.append(accuracy(run, set, metrics));
        if (metrics.classes().size() > 2) {
            text.append('\n').append(bestAndWorst(metrics));
        }
        return text.toString();
    }

    private static String accuracy(Run run, String set, Metrics metrics) {
        Interval interval = metrics.accuracyInterval();
        String published = run.members().size() > 1 ? "" : run.published().figure(set, "accuracy").map(range -> "; published " + percent(range)).orElse("");
        return String.format(Locale.ROOT, "%s accuracy %.1f %%  (95 %%: %.1f to %.1f%s)", set, 100 * metrics.accuracy(), 100 * interval.low(), 100 * interval.high(), published);
    }

    /** A model's accuracy on every set, with what was published of it in brackets, and whatever else was published. */
    private static String figures(Run run, String name, String prefix, Evaluation evaluation) {
        String others = evaluation.metrics().entrySet().stream().map(set -> others(run.published().sets().get(prefix + set.getKey()), set.getKey(), set.getValue())).collect(Collectors.joining());
        return evaluation.metrics().entrySet().stream()
            .map(set -> percent(set.getKey(), set.getValue().accuracy()) + run.published().figure(prefix + set.getKey(), "accuracy").map(range -> " (published " + percent(range) + ")").orElse(""))
            .collect(Collectors.joining("   ", String.format(Locale.ROOT, "%-14s ", name), others));
    }

    /** What was published but accuracies, beside what came out: {@code precision 0.912 (published 0.731)}. */
    private static String others(Map<String, Published.Range> published, String set, Metrics metrics) {
        JsonObject here = metrics.toJson();
        String figures = published == null ? "" : published.entrySet().stream()
            .filter(figure -> !figure.getKey().equals("accuracy") && here.has(figure.getKey()) && !here.get(figure.getKey()).isJsonNull())
            .map(figure -> String.format(Locale.ROOT, "%s %.3f (published %s)", figure.getKey(), here.get(figure.getKey()).getAsDouble(), decimals(figure.getValue())))
            .collect(Collectors.joining("   "));
        return figures.isEmpty() ? "" : System.lineSeparator() + "               " + set + ": " + figures;
    }

    private static String decimals(Published.Range range) {
        return String.format(Locale.ROOT, range.low() == range.high() ? "%.3f" : "%.3f to %.3f", range.low(), range.high());
    }

    private static String percent(String set, double value) {
        return String.format(Locale.ROOT, "%s %.1f %%", set, 100 * value);
    }

    private static String percent(Published.Range range) {
        return range.low() == range.high() ? String.format(Locale.ROOT, "%.1f %%", 100 * range.low()) : String.format(Locale.ROOT, "%.1f to %.1f %%", 100 * range.low(), 100 * range.high());
    }

    /** {@code best: kiwi, carrots     worst: satsumas (4 of 10 taken for lemon)}; the best by the share found of them, the very best and whoever comes second. */
    static String bestAndWorst(Metrics metrics) {
        List<Metrics.ClassMetrics> byRecall = metrics.perClass().stream().filter(one -> one.support() > 0)
            .sorted(Comparator.comparingDouble(Metrics.ClassMetrics::recall).reversed()).toList();
        double lowest = byRecall.get(byRecall.size() - 1).recall();
        if (lowest == 1) {
            return "every class is right every time";
        }
        double second = byRecall.get(Math.min(1, byRecall.size() - 1)).recall();
        List<String> best = byRecall.stream().filter(one -> one.recall() >= second && one.recall() > lowest).map(Metrics.ClassMetrics::name).toList();
        String others = best.size() > MOST_NAMED ? " and " + (best.size() - MOST_NAMED) + " others" : "";
        String named = best.isEmpty() ? "" : "best: " + best.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")) + others + "     ";
        Metrics.ClassMetrics worst = byRecall.stream().filter(one -> one.recall() == lowest).findFirst().orElseThrow();
        int truth = metrics.classes().indexOf(worst.name());
        int[] row = metrics.confusion()[truth];
        int taken = truth == 0 ? 1 : 0;
        for (int k = 0; k < row.length; k++) {
            if (k != truth && row[k] > row[taken]) {
                taken = k;
            }
        }
        return named + "worst: " + worst.name() + " (" + row[taken] + " of " + worst.support() + " taken for " + metrics.classes().get(taken) + ")";
    }
}
