package graft.run;

import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomResizedCrop;

import graft.Small;
import graft.augment.CutMix;
import graft.augment.MixUp;
import graft.backbone.Weights;
import graft.data.Split;
import graft.eval.Published;
import graft.train.Ema;
import graft.train.Optimizer;
import graft.train.Recipe;
import graft.train.Schedule;
import graft.train.Trainable;

/** A short script that trains an untrained MobileNetV2, with all that has a state or draws, in a JVM of its own that may be killed. */
final class KilledRun {
    private KilledRun() { }

    /** Four epochs of three steps; stages begin to train one after the other, and the best epoch is kept. */
    static Recipe recipe() {
        return Small.withoutBackbone(Small.pictures().first(2)).backbone("mobilenet_v2", Weights.untrained("mobilenet_v2", 1))
            .split(Split.stratified(0.5)).epochs(4).batch(4).trainable(Trainable.gradual(1, 2))
            .train(randomResizedCrop(32), randomHorizontalFlip()).mix(new MixUp(0.4), new CutMix(1))
            .optimizer(Optimizer.adamW(1e-3)).schedule(Schedule.cosine().everyStep()).ema(Ema.ema(0.9));
    }

    public static void main(String... arguments) {
        Experiment.run("killed", "Is killed.", new Options(), options -> recipe(), Published.none(), arguments);
    }
}
