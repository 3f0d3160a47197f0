///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//JAVA_OPTIONS -XX:+UseSerialGC
//DEPS graft:graft:0.1.0

import static graft.augment.Transforms.*;

import graft.augment.BatchTransform;
import graft.augment.CutMix;
import graft.augment.MixUp;
import graft.augment.Transform;
import graft.backbone.Pretrained;
import graft.data.Split;
import graft.eval.Published;
import graft.run.ChosenBackbones;
import graft.run.Experiment;
import graft.run.Variants;
import graft.train.Loss;
import graft.train.Optimizer;
import graft.train.Recipe;
import graft.train.Trainable;

/**
 * DeiT with its distillation token in two stages: first the head, then everything, layers near the input at lower rates. It learns from the labels and from a CNN, which is trained
 * on the same pictures first; compared with that CNN alone. Published: the recipe, no figures. Reproduced, with what each part adds: see notebooks/05-deit-two-stage.ipynb.
 * --backbone DEIT --backbone CNN take others; a DeiT without a distillation token has one head that learns from both.
 * Not said and chosen here: DeiT's size, 20 % of each class for validation, all numbers. Learning rate, weight decay, label smoothing, MixUp, CutMix and RandAugment are DeiT's
 * paper's; the rest is ours.
 */
class DeitTwoStage {
    static final String DEIT = "deit_small_distilled_patch16_224";
    static final String CNN = "resnet50";

    static Recipe recipe(ChosenBackbones options) {
        Pretrained deit = Pretrained.of(options.inPlaceOf(DEIT, CNN).get(0));
        return cnn(options).preparedFor(deit).withoutBackbones().backbone(deit.backbone(), options.weights(deit))
            .train(randomResizedCrop(224, 0.3, 1), randomHorizontalFlip(), randAugment(2, 9), autoAugment())
            .mix(new MixUp(0.8), new CutMix(1))
            .teacher(cnn(options))
            .loss(Loss.hardDistillation().labels(Loss.crossEntropy().labelSmoothing(0.1)))
            .dropout(0.1)
            .trainable(Trainable.all().from(2).layerDecay(0.75))
            .optimizer(Optimizer.adamW(5e-4).weightDecay(0.05)).epochs(6);
    }

    /** Transfer learning with a CNN: frozen, a new last layer. It is what DeiT is compared with, and its teacher. */
    static Recipe cnn(ChosenBackbones options) {
        Pretrained cnn = Pretrained.of(options.inPlaceOf(DEIT, CNN).get(1));
        return Recipe.of("deit-two-stage", options.requiredData("your folder of pictures: <class>/… or train/<class>/…")).split(Split.stratified(0.2))
            .preparedFor(cnn).backbone(cnn.backbone(), options.weights(cnn));
    }

    static Variants variants(ChosenBackbones options) {
        Recipe all = recipe(options);
        Transform crop = randomResizedCrop(224, 0.3, 1);
        return Variants.of("What does each part of the recipe add?").with("all of it", all)
            .with("frozen", all.trainable(Trainable.head()))
            .with("unfrozen from the first epoch", all.trainable(Trainable.all().layerDecay(0.75)))
            .with("one learning rate", all.trainable(Trainable.all().from(2)))
            .with("no MixUp and CutMix", all.mix(new BatchTransform[0]))
            .with("no RandAugment", all.train(crop, randomHorizontalFlip(), autoAugment()))
            .with("no AutoAugment", all.train(crop, randomHorizontalFlip(), randAugment(2, 9)))
            .with("no label smoothing", all.loss(Loss.hardDistillation()))
            .with("no dropout", all.dropout(0))
            .with("no distillation", all.withoutTeacher().loss(Loss.crossEntropy().labelSmoothing(0.1)))
            .with("the CNN alone", cnn(options));
    }

    public static void main(String... arguments) {
        Experiment.run("deit-two-stage", "Trains a DeiT in two stages with a CNN as its teacher, and shows what each part of the recipe adds.",
            new ChosenBackbones(), DeitTwoStage::recipe, DeitTwoStage::variants, Published.none(), arguments);
    }
}
