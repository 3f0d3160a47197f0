package graft.train;

import graft.torch.StateDict;

import java.nio.file.Path;
import java.util.Map;

/** Where a training stands: all that the next step depends on, beside the recipe. */
final class Position {
    /** Epochs that are over. */
    int epoch;
    /** Steps of the present epoch that are done. */
    int step;
    /** The loss of the present epoch's pictures so far, summed. */
    double loss;
    /** How many of them were right. */
    long hits;
    /** How many there were. */
    long seen;
    History history = new History();
    /** How many pictures pass through the network together, as measured or as memory ran out; 0 before the first step. */
    int microBatch;
    /** The first stage that trained with it. */
    int microBatchFrom;
    /** What has trained so far, as it is now. */
    StateDict network = new StateDict("the network");
    StateDict optimizer = new StateDict("the optimizer");
    /** The state of the averaged weights, where the recipe averages them. */
    StateDict averaged = new StateDict("the averaged weights");
    /** What the best epoch left; empty where the last one is kept. */
    StateDict best = new StateDict("the best epoch");

    /** Where the checkpoint in a folder stands; the beginning where there is none. */
    static Position read(Path folder, Recipe recipe) {
        Position at = new Position();
        Checkpoint.read(folder, recipe.hash()).ifPresent(saved -> {
            at.epoch = saved.epoch();
            at.step = saved.step();
            at.loss = saved.numbers().get("loss");
            at.hits = saved.numbers().get("hits").longValue();
            at.seen = saved.numbers().get("seen").longValue();
            at.history = saved.history();
            at.microBatch = saved.numbers().getOrDefault("micro-batch", 0.0).intValue();
            at.microBatchFrom = saved.numbers().getOrDefault("micro-batch from", 0.0).intValue();
            at.network = saved.tensors().get("network");
            at.optimizer = saved.tensors().get("optimizer");
            at.averaged = saved.tensors().get("ema");
            at.best = saved.tensors().get("best");
        });
        return at;
    }

    void write(Path folder, Recipe recipe) {
        Map<String, Double> numbers = Map.of("loss", loss, "hits", (double) hits, "seen", (double) seen,
            "micro-batch", (double) microBatch, "micro-batch from", (double) microBatchFrom);
        new Checkpoint(recipe.hash(), epoch, step, numbers, history, history.best(), epoch >= recipe.epochs(),
            Map.of("network", network, "optimizer", optimizer, "ema", averaged, "best", best)).write(folder);
    }

    /** A step is over. */
    void add(double moreLoss, long moreHits, int pictures) {
        loss += moreLoss;
        hits += moreHits;
        seen += pictures;
        step++;
    }

    /** The present epoch is over. */
    void next(History.Epoch figures) {
        history.add(figures);
        epoch++;
        step = 0;
        loss = 0;
        hits = 0;
        seen = 0;
    }

    /** What a training that keeps its last epoch ends with. */
    StateDict last() {
        StateDict averages = new StateDict(averaged.source());
        averaged.names().stream().filter(name -> name.startsWith(AveragedWeights.AVERAGE))
            .forEach(name -> averages.put(name.substring(AveragedWeights.AVERAGE.length()), averaged.get(name)));
        return averages.over(network);
    }
}
