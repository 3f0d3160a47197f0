package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.util.Map;
import java.util.function.Function;

/**
 * How parameters follow their gradients. The options are those of {@code torch.optim}, under its names and with its defaults, and so are the steps: ten of
 * them from the same weights and gradients give the same parameters (float32, 1e-6).
 */
public sealed interface Optimizer permits Sgd, Adam, AdamW {
    /** Of the first step; a schedule changes it. */
    double learningRate();

    /** Of parameters that have no setting of their own. */
    double weightDecay();

    /** The same optimizer with another learning rate. */
    Optimizer learningRate(double value);

    /**
     * Begins a training: nothing is remembered of any parameter.
     *
     * @param manager the state lives as long as this manager, or until it is closed
     * @param parameters float32, by name; changed in place by every step
     * @param settings asked once for each name
     */
    OptimizerState start(NDManager manager, Map<String, NDArray> parameters, Function<String, ParameterSetting> settings);

    /** Begins a training in which all parameters are treated alike. */
    default OptimizerState start(NDManager manager, Map<String, NDArray> parameters) {
        return start(manager, parameters, name -> new ParameterSetting(1, weightDecay()));
    }

    /** Stochastic gradient descent, without momentum and weight decay. */
    static Sgd sgd(double learningRate) {
        return new Sgd(learningRate, 0, 0, false, 0);
    }

    /** Adam with betas 0.9 and 0.999, epsilon 1e-8, without weight decay. */
    static Adam adam(double learningRate) {
        return new Adam(learningRate, 0.9, 0.999, 1e-8, 0, false);
    }

    /** AdamW with betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.01. */
    static AdamW adamW(double learningRate) {
        return new AdamW(learningRate, 0.9, 0.999, 1e-8, 0.01, false);
    }
}
