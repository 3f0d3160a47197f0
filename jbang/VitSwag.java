///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//JAVA_OPTIONS -XX:+UseSerialGC
//DEPS graft:graft:0.1.0

import static graft.augment.Keyword.translate;
import static graft.augment.Transforms.*;

import graft.augment.Transform;
import graft.backbone.Pretrained;
import graft.data.Split;
import graft.eval.Published;
import graft.run.Experiment;
import graft.run.StandIn;
import graft.run.Variants;
import graft.train.Optimizer;
import graft.train.Recipe;
import graft.train.Schedule;

import java.util.stream.Stream;

/**
 * Frozen ViT-L/16 with SWAG weights at 512 pixels, a linear head, five folds. 100 classes, 10 pictures each.
 * Published: training 90–98 %, validation 72.5–78 %, contest 79.3 % (55.5 % with IMAGENET1K_V1); random erasing made it worse.
 * Reproduced: see notebooks/02-vit-swag.ipynb.
 * Needs: 100 classes × 10 pictures, 1.2 GB of weights, 4 GB of memory, and hours on two cores.
 */
class VitSwag {
    static Recipe recipe(StandIn options) {
        return recipe(options, options.backbone("vit_l_16", "IMAGENET1K_SWAG_E2E_V1"));
    }

    /** @param more transforms after those of the report */
    static Recipe recipe(StandIn options, Pretrained published, Transform... more) {
        int size = published.crop();
        return Recipe.of("vit-swag", options.requiredData("100 classes of 10 pictures: train/<class>/… and test/…"))
            .backbone(published.backbone(), options.weights(published))
            .split(Split.folds(5))
            .train(Stream.concat(Stream.of(resize(size), randomCrop(size), randomHorizontalFlip(0.4), randAugment(2, 7), randomRotation(10),
                colorJitter(0.2, 0.2, 0.5, 0.2), randomAffine(15, translate(0.1, 0.1))), Stream.of(more)).toArray(Transform[]::new))
            .evaluate(resize(size), centerCrop(size))
            .test(resize(size, size))
            .optimizer(Optimizer.adamW(5e-4).weightDecay(1e-4)).schedule(Schedule.cosine(6))
            .epochs(9).batch(32);
    }

    static Variants variants(StandIn options) {
        Pretrained published = options.backbone("vit_l_16", "IMAGENET1K_SWAG_E2E_V1");
        Recipe plain = recipe(options, published).train(resize(published.crop()), centerCrop(published.crop()));
        Variants variants = Variants.of("Does random erasing, or augmentation, hurt" + (options.standsIn() ? "?" : ", and what are the SWAG weights worth?"))
            .with("as published", recipe(options), PUBLISHED)
            .with("random erasing", recipe(options, published, randomErasing()))
            .with("no augmentation", plain);
        return options.standsIn() ? variants : variants.with("IMAGENET1K_V1", recipe(options, Pretrained.of("vit_l_16", "IMAGENET1K_V1")));
    }

    static final Published PUBLISHED = Published.none().with("train", "accuracy", 0.90, 0.98).with("validation", "accuracy", 0.725, 0.78).test("accuracy", 0.793);

    public static void main(String... arguments) {
        Experiment.run("vit-swag", "Reproduces a linear head on a frozen ViT-L/16 with SWAG weights.",
            new StandIn(), VitSwag::recipe, VitSwag::variants, PUBLISHED, arguments);
    }
}
