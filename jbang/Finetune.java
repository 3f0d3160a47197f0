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
import graft.train.Optimizer;
import graft.train.Recipe;
import graft.train.Schedule;
import picocli.CommandLine.Option;

/**
 * Any folder of pictures, any known backbone. Frozen, unless told otherwise: five folds say how good it is, then the head is trained on all pictures. With
 * --trainable all or last:N the backbone trains too, on cropped and mirrored views, and a fifth of the pictures says which epoch is the best.
 */
class Finetune {
    static class Choice extends Options {
        @Option(names = "--backbone", required = true, paramLabel = "NAME", description = "any that environment/jbang models lists, such as mobilenet_v2 or resnet50")
        String backbone;

        @Option(names = "--lr", paramLabel = "RATE", description = "learning rate: 1e-3 for a head alone, 1e-4 otherwise, unless said")
        Double learningRate;

        @Option(names = "--batch", paramLabel = "N", description = "pictures a step, 32 unless said")
        int batch = 32;
    }

    static Recipe recipe(Choice options) {
        Pretrained published = Pretrained.of(options.backbone);
        Recipe recipe = Recipe.of("finetune", options.requiredData("your folder of pictures: <class>/… or train/<class>/…"))
            .preparedFor(published).backbone(options.backbone, options.weights(published)).batch(options.batch);
        if (options.trainsBackbone()) {
            recipe = recipe.train(randomResizedCrop(published.crop(), 0.5, 1), randomHorizontalFlip()).split(Split.stratified(0.2))
                .optimizer(Optimizer.adamW(1e-4).weightDecay(0.05)).schedule(Schedule.cosine().afterWarmup(1, 0.1)).epochs(10).patience(5);
        }
        return options.learningRate == null ? recipe : recipe.optimizer(recipe.optimizer().learningRate(options.learningRate));
    }

    public static void main(String... arguments) {
        Experiment.run("finetune", "Trains a classifier of your own pictures on a pretrained backbone.",
            new Choice(), Finetune::recipe, Published.none(), arguments);
    }
}
