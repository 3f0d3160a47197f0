package graft.run;

import graft.Progress;
import graft.backbone.Weights;
import graft.train.Estimate;
import graft.train.Recipe;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a recipe will take of time, memory and money, from views and steps that are measured. */
final class Cost {
    private Cost() { }

    /**
     * @param pricePerHour of this machine, in whatever currency; NaN where nobody asked
     * @return a line for each backbone, and one for all
     */
    static String of(Recipe recipe, double pricePerHour, Progress progress) throws InterruptedException {
        // What was done until here, a run does too.
        double seconds = (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
        long memory = 0;
        List<String> lines = new ArrayList<>();
        for (Recipe.Member member : recipe.members()) {
            // Untrained weights take the same time, and a question about the cost downloads nothing.
            Recipe.Member measured = member.weights().here() ? member : new Recipe.Member(member.backbone(), Weights.untrained(member.backbone(), recipe.seed()));
            Estimate estimate = Estimate.of(recipe, measured, progress);
            seconds += estimate.seconds();
            memory = Math.max(memory, estimate.peak() + estimate.features());
            lines.add(line(member, estimate) + (member.weights().here() ? "" : " · its weights are downloaded first"));
        }
        lines.add(String.format(Locale.ROOT, "about %s and %.1f GB of memory", time(seconds), memory / 1e9)
            + (Double.isNaN(pricePerHour) ? "" : String.format(Locale.ROOT, " · %.2f at %s an hour", seconds / 3600 * pricePerHour, number(pricePerHour))));
        return String.join(System.lineSeparator(), lines);
    }

    private static String line(Recipe.Member member, Estimate estimate) {
        String views = estimate.views() == 0 ? "" : String.format(Locale.ROOT, " · %,d views at %.0f pictures/s, features of %.0f MB", estimate.views(), 1 / estimate.viewSeconds(),
            Math.ceil(estimate.features() / 1e6));
        return String.format(Locale.ROOT, "%-16s %,d parameters, %,d trainable%s · %,d steps at %.4g ms", member.backbone(), estimate.parameters(), estimate.trainable(), views,
            estimate.steps(), estimate.stepSeconds() * 1000);
    }

    private static String time(double seconds) {
        long whole = (long) Math.ceil(seconds);
        return whole < 120 ? whole + " s" : whole < 7200 ? (whole + 30) / 60 + " min" : String.format(Locale.ROOT, "%.1f h", whole / 3600.0);
    }

    private static String number(double value) {
        return value == Math.rint(value) && value < 1e15 ? Long.toString((long) value) : Double.toString(value);
    }
}
