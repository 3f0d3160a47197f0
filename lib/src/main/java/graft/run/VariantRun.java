package graft.run;

import graft.eval.Metrics;
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
 * @param published what was documented of the accuracy on them
 * @param bestEpoch counted from 1; of several folds, of their mean; empty for several backbones
 * @param seconds that it took; NaN for one of several backbones, which are not timed one by one
 */
record VariantRun(long seed, String recipe, String set, Metrics metrics, Predictions predictions, Optional<Published.Range> published, OptionalInt bestEpoch,
                  double seconds, Path folder) {
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
        all.put(hash, new VariantRun(recipe.seed(), hash, set, said.metrics().get(set), said.predictions().get(set), published, best, seconds, run.folder()));
    }
}
