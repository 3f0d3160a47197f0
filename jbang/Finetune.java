///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//JAVA_OPTIONS -XX:+UseSerialGC
//DEPS graft:graft:0.1.0

import graft.backbone.Pretrained;
import graft.eval.Published;
import graft.run.Experiment;
import graft.run.Options;
import graft.train.Recipe;
import picocli.CommandLine.Option;

/** Any folder of pictures, any known backbone: five folds say how good it is, then the head is trained on all pictures. */
class Finetune {
    static class Choice extends Options {
        @Option(names = "--backbone", required = true, paramLabel = "NAME", description = "any that environment/jbang models lists, such as mobilenet_v2 or resnet50")
        String backbone;
    }

    static Recipe recipe(Choice options) {
        Pretrained published = Pretrained.of(options.backbone);
        return Recipe.of("finetune", options.requiredData("your folder of pictures: <class>/… or train/<class>/…"))
            .preparedFor(published).backbone(options.backbone, options.weights(published));
    }

    public static void main(String... arguments) {
        Experiment.run("finetune", "Trains a classifier of your own pictures on a pretrained backbone.",
            new Choice(), Finetune::recipe, Published.none(), arguments);
    }
}
