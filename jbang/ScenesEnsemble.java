///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//JAVA_OPTIONS -XX:+UseSerialGC
//DEPS graft:graft:0.1.0

import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomResizedCrop;

import graft.backbone.Pretrained;
import graft.data.Split;
import graft.eval.Published;
import graft.run.Experiment;
import graft.run.Options;
import graft.run.Variants;
import graft.torch.Precision;
import graft.train.Ensemble;
import graft.train.Optimizer;
import graft.train.Recipe;
import graft.train.Trainable;

/**
 * Six scenes: ResNet-50 and MobileNetV2, frozen, a new last layer each; then both joined, concatenated logits to a linear layer.
 * Published: accuracy on training and test pictures 78 and 75 % (ResNet-50), 74 and 72 % (MobileNetV2), 83 and 81 % (joined).
 * The summary says what joining gains over the better network; --variants joins by means, too, and trains the networks whole. Reproduced: see notebooks/06-scenes-ensemble.ipynb.
 * Needs: six folders of pictures, 120 MB of weights, 1 GB of memory, two minutes on two cores.
 */
class ScenesEnsemble {
    static Recipe recipe(Options options) {
        return Recipe.of("scenes-ensemble", options.requiredData("the folder of the six scenes: train/<class>/… and test/<class>/…"))
            .backbone("resnet50", options.weights(Pretrained.of("resnet50")))
            .backbone("mobilenet_v2", options.weights(Pretrained.of("mobilenet_v2")));
    }

    /** Everything trains, on cropped and mirrored views and in bfloat16; a fifth of the pictures says which epoch is the best. */
    static Recipe fineTuned(Recipe recipe) {
        return recipe.trainable(Trainable.all()).train(randomResizedCrop(224, 0.5, 1), randomHorizontalFlip()).split(Split.stratified(0.2))
            .optimizer(Optimizer.adamW(1e-4).weightDecay(0.05)).epochs(5)
            .precision(Precision.BFLOAT16);
    }

    static Variants variants(Options options) {
        Recipe joined = recipe(options);
        Variants all = Variants.of("How to join, and what does it gain?").with("linear layer", joined, PUBLISHED)
            .with("mean of probabilities", joined.join(Ensemble.PROBABILITIES)).with("mean of logits", joined.join(Ensemble.LOGITS));
        for (Recipe.Member member : joined.members()) {
            all = all.with(member.backbone() + " alone", joined.withoutBackbones().backbone(member.backbone(), member.weights()), PUBLISHED);
        }
        return all.with("fine-tuned, mean of probabilities", fineTuned(joined.join(Ensemble.PROBABILITIES)));
    }

    static final Published PUBLISHED = Published.none()
        .train("accuracy", 0.83).test("accuracy", 0.81)
        .with("resnet50 · train", "accuracy", 0.78).with("resnet50 · test", "accuracy", 0.75)
        .with("mobilenet_v2 · train", "accuracy", 0.74).with("mobilenet_v2 · test", "accuracy", 0.72);

    public static void main(String... arguments) {
        Experiment.run("scenes-ensemble", "Reproduces the ensemble of ResNet-50 and MobileNetV2 on six scenes.",
            new Options(), ScenesEnsemble::recipe, ScenesEnsemble::variants, PUBLISHED, arguments);
    }
}
