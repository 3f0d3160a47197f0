package graft.train;

import graft.Limits;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.util.Map;

/**
 * A second set of weights that follows the first slowly, and is often the better one: an exponential moving average over the steps, Polyak and Juditsky 1992. As
 * {@code torch.optim.swa_utils.AveragedModel} with {@code get_ema_multi_avg_fn}, and as timm's {@code ModelEmaV3} given the step.
 *
 * @param decay how much of the average is kept each step, at least 0 and below 1
 * @param warmup whether less is kept in the beginning: step {@code t} keeps at most {@code 1 − t^(−2/3)}, so that a short training does not end near its first weights
 */
public record Ema(double decay, boolean warmup) {
    public Ema {
        Limits.below1("the decay of averaged weights", decay);
    }

    /** Without warm-up. */
    public static Ema ema(double decay) {
        return new Ema(decay, false);
    }

    /** With warm-up. */
    public Ema withWarmup() {
        return new Ema(decay, true);
    }

    /**
     * Begins to average.
     *
     * @param manager the averages live as long as this manager, or until they are closed
     * @param parameters float32, by name; they are followed, not changed. Buffers need no average: the network's own belong to the averaged weights, as in torch
     */
    AveragedWeights start(NDManager manager, Map<String, NDArray> parameters) {
        return new AveragedWeights(this, manager, parameters);
    }

    /** How much is kept by an update, counted from 1. The first takes the parameters as they are. */
    double kept(long update) {
        return update == 1 ? 0 : warmup ? Math.min(decay, 1 - Math.pow(update, -2.0 / 3)) : decay;
    }

    @Override
    public String toString() {
        return "weights averaged with decay " + decay + (warmup ? ", warmed up" : "");
    }
}
