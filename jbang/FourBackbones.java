///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//JAVA_OPTIONS -XX:+UseSerialGC
//DEPS graft:graft:0.1.0

import static graft.augment.Transforms.*;

import graft.backbone.Head;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.Split;
import graft.eval.Published;
import graft.run.ChosenBackbones;
import graft.run.Experiment;
import graft.run.Variants;
import graft.train.Ensemble;
import graft.train.Optimizer;
import graft.train.Recipe;
import graft.train.Schedule;
import picocli.CommandLine.Option;

import java.util.List;

/**
 * Six scenes: four frozen backbones, each under a head with a hidden layer. resnetv2_101, with timm's weights, stands for Keras' ResNet101V2.
 * Published, precision, recall, F1 and AUC: ResNet50 .7306 .7280 .7262 .9441, ResNet101V2 .7003 .6997 .6979 .9333, EfficientNetB0 .0494 .1673 .0761 .7283, VGG16 .8863
 * .8857 .8856 .9881. The third is at chance; --variants shows what scaling its pictures twice does (the third of --backbone, or
 * the last), --as-published does it. Reproduced: see notebooks/04-four-backbones.ipynb.
 */
class FourBackbones {
    static class Choice extends ChosenBackbones {
        @Option(names = "--as-published", description = "EfficientNet's pictures are scaled to 0 … 1 twice, as they probably were")
        boolean asPublished;

        List<String> names() {
            return backbones("resnet50", "resnetv2_101", "efficientnet_b0", "vgg16");
        }

        Weights prepared(String name) {
            Weights weights = weights(Pretrained.of(name));
            return asPublished && name.startsWith("efficientnet") ? weights.dividedBy(255) : weights;
        }
    }

    static Recipe recipe(Choice options) {
        Recipe recipe = Recipe.of("four-backbones", options.requiredData("the folder of the six scenes: train/<class>/… and test/<class>/…")).split(Split.stratified(0.2))
            .train(padToSquare(), resize(256), randomCrop(224), kerasRandomZoom(0.1), randomRotation(10), randomHorizontalFlip(), kerasRandomContrast(0.1))
            .evaluate(padToSquare(), resize(224))
            .head(Head.batchNorm(256, 0.2, 2e-4))
            .optimizer(Optimizer.adam(1e-3)).schedule(Schedule.constant()).epochs(100).patience(10)
            .join(Ensemble.PROBABILITIES);
        for (String name : options.names()) {
            recipe = recipe.backbone(name, options.prepared(name));
        }
        return recipe;
    }

    static Variants variants(Choice options) {
        Recipe plain = recipe(options).withoutBackbones();
        String third = options.names().get(Math.min(2, options.names().size() - 1));
        Weights weights = options.weights(Pretrained.of(third));
        return Variants.of("What if pictures are scaled to 0 … 1 twice?")
            .with(third, plain.backbone(third, weights), PUBLISHED).with(third + ", scaled twice", plain.backbone(third, weights.dividedBy(255)), PUBLISHED);
    }

    static final List<String> METRICS = List.of("precision", "recall", "f1", "auc");
    static final Published PUBLISHED = Published.none()
        .with("resnet50 · test", METRICS, 0.7306, 0.7280, 0.7262, 0.9441).with("resnetv2_101 · test", METRICS, 0.7003, 0.6997, 0.6979, 0.9333)
        .with("efficientnet_b0 · test", METRICS, 0.0494, 0.1673, 0.0761, 0.7283).with("vgg16 · test", METRICS, 0.8863, 0.8857, 0.8856, 0.9881);

    public static void main(String... arguments) {
        Experiment.run("four-backbones", "Reproduces four frozen backbones on six scenes, and looks for what went wrong with the third.",
            new Choice(), FourBackbones::recipe, FourBackbones::variants, PUBLISHED, arguments);
    }
}
