package graft;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.resize;

import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.ImageFolder;
import graft.data.Split;
import graft.train.Recipe;

/** A recipe of the built-in pictures and weights that runs in a second or two: three pictures a class, 64 pixels, two epochs. */
public final class Small {
    private Small() { }

    public static ImageFolder pictures() {
        return ImageFolder.of("builtin:groceries12").first(3);
    }

    public static Recipe recipe() {
        return recipe(pictures());
    }

    public static Recipe recipe(ImageFolder data) {
        return withoutBackbone(data).backbone("mobilenet_v2", Weights.published(Pretrained.builtin("mobilenet_v2")));
    }

    public static Recipe withoutBackbone(ImageFolder data) {
        return Recipe.of("small", data).split(Split.folds(3)).epochs(2).batch(8)
            .train(resize(64), centerCrop(64)).evaluate(resize(64), centerCrop(64));
    }

    /** The same and an untrained ResNet-18, joined. */
    public static Recipe joined() {
        return recipe().backbone("resnet18", Weights.untrained("resnet18", 1));
    }
}
