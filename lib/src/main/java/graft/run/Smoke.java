package graft.run;

import graft.augment.Transforms;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.ImageFolder;
import graft.data.Split;
import graft.train.Recipe;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A recipe made small enough to run in seconds, on the same code path: three built-in pictures a class at 64 pixels, two epochs,
 * and in place of networks whose weights are not built in an untrained ResNet-18. Its figures mean nothing.
 */
final class Smoke {
    private static final int PIXELS = 64;
    private static final int PICTURES_A_CLASS = 3;

    private Smoke() { }

    static Recipe of(Recipe recipe) {
        Recipe small = recipe.data(ImageFolder.of("builtin:groceries12").first(PICTURES_A_CLASS))
            .split(Split.folds(PICTURES_A_CLASS)).epochs(2).batch(8)
            .train(Transforms.resize(PIXELS), Transforms.centerCrop(PIXELS))
            .evaluate(Transforms.resize(PIXELS), Transforms.centerCrop(PIXELS))
            .withoutBackbones();
        Set<String> names = new LinkedHashSet<>();
        for (Recipe.Member member : recipe.members()) {
            names.add(member.backbone().equals("mobilenet_v2") ? "mobilenet_v2" : "resnet18");
        }
        for (String name : names) {
            small = small.backbone(name, name.equals("mobilenet_v2") ? Weights.published(Pretrained.builtin(name)) : Weights.untrained(name, recipe.seed()));
        }
        return small;
    }
}
