package graft.train;

import graft.augment.Pipeline;

import java.util.stream.Collectors;

/** A recipe as a person reads it: a line for each part, and the hash. */
final class RecipeText {
    private RecipeText() { }

    static String of(Recipe recipe) {
        StringBuilder text = new StringBuilder();
        line(text, "recipe", recipe.name + ", " + recipe.hash());
        line(text, "data", recipe.data.toString());
        line(text, "split", recipe.split.toString());
        line(text, "train", steps(recipe.train));
        line(text, "evaluate", steps(recipe.evaluate));
        if (recipe.test != null) {
            line(text, "test", steps(recipe.test));
        }
        recipe.members.forEach(member -> line(text, "backbone", member.backbone() + ", " + member.weights().name()));
        if (recipe.members.size() > 1) {
            line(text, "joined", recipe.join.toString());
        }
        line(text, "head", recipe.head.toString());
        line(text, "trainable", recipe.trainable.toString());
        line(text, "optimizer", recipe.optimizer + (recipe.decay == DecayRule.ALL ? "" : "; " + recipe.decay.text()));
        recipe.rules.forEach(rule -> line(text, "parameters", rule.toString()));
        line(text, "schedule", recipe.schedule.toString());
        line(text, "loss", recipe.loss.toString());
        if (recipe.teacher != null) {
            line(text, "teacher", recipe.teacher.backbone() + ", " + recipe.teacher.weights().name() + (recipe.lesson == null ? "" : ", of " + recipe.lesson.members.get(0).weights().name()));
        }
        if (!recipe.mixing.isEmpty()) {
            line(text, "mixing", recipe.mixing.stream().map(Object::toString).collect(Collectors.joining(" or ")));
        }
        if (recipe.clipping != null) {
            line(text, "clipping", recipe.clipping.toString());
        }
        if (recipe.dropPath != null) {
            line(text, "drop path", recipe.dropPath.toString());
        }
        if (recipe.dropout != null) {
            line(text, "dropout", recipe.dropout.toString());
        }
        if (recipe.ema != null) {
            line(text, "ema", recipe.ema.toString());
        }
        if (recipe.patience > 0) {
            line(text, "patience", recipe.patience + " epochs");
        }
        line(text, "epochs", recipe.epochs + ", batch " + recipe.batch + (recipe.accumulate > 1 ? " × " + recipe.accumulate : ""));
        line(text, "seed", Long.toString(recipe.seed));
        line(text, "precision", recipe.precision.toString());
        if (recipe.shrunkFrom != null) {
            line(text, "smoke", "a small form of " + recipe.name + ", " + recipe.shrunkFrom);
        }
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append(String.format("%-12s%s%n", what, value));
    }

    private static String steps(Pipeline pipeline) {
        return pipeline.transforms().stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
