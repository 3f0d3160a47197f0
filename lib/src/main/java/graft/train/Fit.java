package graft.train;

import graft.InputException;
import graft.Progress;
import graft.data.Picture;
import graft.data.Split;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What training by a recipe gives: each backbone trained, and for two or more of them the layer that joins them.
 *
 * @param folds who learned from what
 * @param members by the backbone's name, in the recipe's order
 * @param result the only member, or all of them joined
 */
public record Fit(List<Split.Fold> folds, Map<String, Trained> members, Trained result) {
    /**
     * Trains everything that the recipe describes.
     *
     * @param checkpoints a folder in which unfinished trainings are kept and looked for, or {@code null} for none
     */
    public static Fit of(Recipe recipe, Path checkpoints, Progress progress) throws InterruptedException {
        return of(recipe, checkpoints, null, progress);
    }

    /**
     * The same with features that other trainings may have computed, and may ask for after this one.
     *
     * @param shared {@code null} for none
     */
    public static Fit of(Recipe recipe, Path checkpoints, SharedFeatures shared, Progress progress) throws InterruptedException {
        if (recipe.members().isEmpty()) {
            throw new InputException("the recipe " + recipe.name() + " names no backbone; add one with backbone(\"mobilenet_v2\", …)");
        }
        List<Split.Fold> folds = recipe.split().of(recipe.data().train(), recipe.data().classes().size(), recipe.seed());
        Map<String, Trained> trained = new LinkedHashMap<>();
        for (Recipe.Member member : recipe.members()) {
            if (trained.containsKey(member.backbone())) {
                throw new InputException("the recipe " + recipe.name() + " names " + member.backbone() + " twice; once is enough");
            }
            try (BackboneTrainee trainee = BackboneTrainee.load(recipe, member, progress)) {
                trained.put(member.backbone(), Trained.backbone(recipe, shared == null ? trainee : trainee.with(shared), folds, checkpoints == null ? null : checkpoints.resolve(member.backbone()), progress));
            }
        }
        List<Trained> members = new ArrayList<>(trained.values());
        Trained result = members.size() == 1 ? members.get(0) : Trained.joined(recipe, members, folds, progress);
        return new Fit(folds, trained, result);
    }

    /** Searches for a learning rate of the recipe's only backbone, in a short training of what trains in its first epoch; nothing of it is kept. */
    public static LearningRateFinder.Found learningRates(Recipe recipe, LearningRateFinder finder, Progress progress) throws InterruptedException {
        List<Picture> pictures = recipe.data().train();
        Position at = new Position();
        try (BackboneTrainee trainee = BackboneTrainee.load(recipe, recipe.members().get(0), progress);
             Phase phase = new Phase(recipe, trainee, recipe.trainable().firstStage(0, trainee.stages()), pictures, at, note -> { })) {
            Deque<int[]> steps = new ArrayDeque<>();
            return finder.run(rate -> {
                if (steps.isEmpty()) {
                    steps.addAll(Steps.of(pictures.size(), recipe.batch * recipe.accumulate, recipe.seed(), at.epoch, phase.mixesPictures()));
                }
                return phase.step(steps.remove(), at, rate);
            }, progress);
        }
    }

    /**
     * Trains the recipe's only backbone once, and judges other pictures after each epoch; nothing is chosen by them.
     *
     * @return the figures of each epoch, those of {@code watched} as validation
     */
    public static History watched(Recipe recipe, List<Picture> train, List<Picture> watched, Progress progress) throws InterruptedException {
        try (BackboneTrainee trainee = BackboneTrainee.load(recipe, recipe.members().get(0), progress);
             Progress.Task task = progress.start("training", (long) recipe.epochs() * train.size(), "pictures")) {
            return new Training(recipe, trainee, "", null, task).run(train, new Training.Validation(watched, false)).history();
        }
    }
}
