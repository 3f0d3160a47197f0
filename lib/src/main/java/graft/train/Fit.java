package graft.train;

import graft.InputException;
import graft.Progress;
import graft.backbone.Backbone;
import graft.backbone.Pretrained;
import graft.data.Split;
import graft.torch.StateDict;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What training by a recipe gives: for each backbone its weights and its heads, and for two or more of them the layer that joins
 * them.
 *
 * @param folds who learned from what
 * @param bodies the backbones' weights, without their heads, by name
 * @param members the heads by the backbone's name, in the recipe's order
 * @param result the only member, or all of them joined
 */
public record Fit(List<Split.Fold> folds, Map<String, StateDict> bodies, Map<String, Trained> members, Trained result) {
    /** Trains everything that the recipe describes. */
    public static Fit of(Recipe recipe, Progress progress) throws InterruptedException {
        if (recipe.members().isEmpty()) {
            throw new InputException("the recipe " + recipe.name() + " names no backbone; add one with backbone(\"mobilenet_v2\", …)");
        }
        List<Split.Fold> folds = recipe.split().of(recipe.data().train(), recipe.data().classes().size(), recipe.seed());
        Map<String, StateDict> bodies = new LinkedHashMap<>();
        for (Recipe.Member member : recipe.members()) {
            Backbone backbone = member.create(1);
            if (bodies.put(member.backbone(), member.weights().load(backbone, false, progress)) != null) {
                throw new InputException("the recipe " + recipe.name() + " names " + member.backbone() + " twice; once is enough");
            }
        }
        Map<String, Trained> trained = new LinkedHashMap<>();
        for (Recipe.Member member : recipe.members()) {
            Backbone backbone = member.create(recipe.data().classes().size());
            Pretrained preprocessing = member.weights().preprocessing();
            try (Features features = new Features(backbone, bodies.get(member.backbone()), recipe.precision(), preprocessing.mean(), preprocessing.std())) {
                trained.put(member.backbone(), Trained.backbone(recipe, features, folds, progress));
            }
        }
        List<Trained> members = new ArrayList<>(trained.values());
        Trained result = members.size() == 1 ? members.get(0) : Trained.joined(recipe, members, folds, progress);
        return new Fit(folds, bodies, trained, result);
    }
}
