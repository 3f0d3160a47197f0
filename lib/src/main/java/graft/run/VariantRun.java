package graft.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.eval.Interval;
import graft.eval.Paired;
import graft.eval.Predictions;
import graft.eval.Published;
import graft.train.Recipe;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A run as a table of {@link Variants} needs it, without its weights: those lie in its folder.
 *
 * @param recipe the hash
 * @param set the pictures that say most
 * @param answers of each of them that has a label, whether it was told right, by id
 * @param published what was documented of the accuracy on them
 * @param bestEpoch counted from 1; of several folds, of their mean; empty for several backbones
 * @param seconds that it took; NaN for one of several backbones, which are not timed one by one
 */
record VariantRun(long seed, String recipe, String set, Map<String, Boolean> answers, double loss, Optional<Published.Range> published, OptionalInt bestEpoch, double seconds, Path folder) {
    /**
     * What need not be trained again once a run is over, by the hash of the recipe: the run, and of several backbones each alone. They are trained one by
     * one, so that each is what it would be in a run of its own.
     */
    static Map<String, VariantRun> of(Run run) {
        Map<String, VariantRun> all = new LinkedHashMap<>();
        OptionalInt best = run.members().size() > 1 ? OptionalInt.empty() : bestEpoch(run, run.bestMember());
        add(all, run, run.recipe(), run.result(), "", best, run.took().seconds());
        if (run.members().size() > 1) {
            for (Recipe.Member member : run.recipe().members()) {
                Recipe alone = run.recipe().withoutBackbones().backbone(member.backbone(), member.weights());
                add(all, run, alone, run.members().get(member.backbone()), member.backbone() + " · ", bestEpoch(run, member.backbone()), Double.NaN);
            }
        }
        return all;
    }

    private static OptionalInt bestEpoch(Run run, String backbone) {
        return OptionalInt.of(run.curveHistories().get(backbone).best() + 1);
    }

    /** @param documented what the names of its documented sets begin with */
    private static void add(Map<String, VariantRun> all, Run run, Recipe recipe, Evaluation said, String documented, OptionalInt best, double seconds) {
        String set = said.best();
        String hash = recipe.hash();
        Optional<Published.Range> published = run.published().figure(documented + set, "accuracy");
        all.put(hash, new VariantRun(recipe.seed(), hash, set, answers(said.predictions().get(set)), said.metrics().get(set).loss(), published, best, seconds, run.folder()));
    }

    private static Map<String, Boolean> answers(Predictions said) {
        Map<String, Boolean> answers = new LinkedHashMap<>();
        for (int i = 0; i < said.count(); i++) {
            if (said.label(i) >= 0) {
                answers.put(said.ids().get(i), said.predicted(i) == said.label(i));
            }
        }
        return answers;
    }

    private long hits() {
        return answers.values().stream().filter(right -> right).count();
    }

    /** 0 to 1. */
    double accuracy() {
        return (double) hits() / answers.size();
    }

    /** Wilson's, of the accuracy. */
    Interval interval() {
        return Interval.wilson(hits(), answers.size());
    }

    /** By how much it is better than another, picture by picture; empty if they were asked about different pictures. */
    Optional<Paired> against(VariantRun other) {
        return answers.keySet().equals(other.answers.keySet()) ? Optional.of(Paired.of(answers, other.answers, 0)) : Optional.empty();
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("seed", seed);
        json.addProperty("recipe", recipe);
        json.addProperty("set", set);
        JsonObject each = new JsonObject();
        answers.forEach(each::addProperty);
        json.add("answers", each);
        json.addProperty("loss", loss);
        JsonArray range = new JsonArray();
        published.ifPresent(documented -> {
            range.add(documented.low());
            range.add(documented.high());
        });
        json.add("published", range);
        json.addProperty("best epoch", bestEpoch.orElse(0));
        json.addProperty("seconds", Double.isNaN(seconds) ? -1 : seconds);
        json.addProperty("folder", folder.getFileName().toString());
        return json;
    }

    /**
     * The inverse of {@link #toJson}.
     *
     * @param variants the folder in which the run's own lies
     * @throws RuntimeException of Gson's if it is of another form
     */
    static VariantRun fromJson(JsonObject json, Path variants) {
        Map<String, Boolean> answers = new LinkedHashMap<>();
        json.getAsJsonObject("answers").asMap().forEach((id, right) -> answers.put(id, right.getAsBoolean()));
        JsonArray range = json.getAsJsonArray("published");
        JsonElement best = json.get("best epoch");
        double seconds = json.get("seconds").getAsDouble();
        return new VariantRun(json.get("seed").getAsLong(), json.get("recipe").getAsString(), json.get("set").getAsString(), answers, json.get("loss").getAsDouble(),
            range.isEmpty() ? Optional.empty() : Optional.of(new Published.Range(range.get(0).getAsDouble(), range.get(1).getAsDouble())),
            best.getAsInt() == 0 ? OptionalInt.empty() : OptionalInt.of(best.getAsInt()), seconds < 0 ? Double.NaN : seconds, variants.resolve(json.get("folder").getAsString()));
    }
}
