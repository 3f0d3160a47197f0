package graft.train;

import graft.Limits;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.util.Map;
import java.util.function.Function;

/**
 * Adam with decoupled weight decay, Loshchilov and Hutter 2019 (arXiv:1711.05101): {@code torch.optim.AdamW}, step for step.
 *
 * @param learningRate of the first step; a schedule changes it
 * @param beta1 decay of the mean of gradients, at least 0 and below 1
 * @param beta2 decay of the mean of squared gradients, at least 0 and below 1
 * @param epsilon added to the denominator
 * @param weightDecay how much of a parameter is taken away each step, times the learning rate
 * @param amsgrad whether to divide by the largest mean of squared gradients so far, Reddi et al. 2018 (arXiv:1904.09237)
 */
public record AdamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, boolean amsgrad) implements Optimizer {
    public AdamW {
        Limits.notNegative("the learning rate", learningRate);
        Limits.below1("beta1", beta1);
        Limits.below1("beta2", beta2);
        Limits.notNegative("epsilon", epsilon);
        Limits.notNegative("the weight decay", weightDecay);
    }

    @Override
    public AdamW learningRate(double value) {
        return new AdamW(value, beta1, beta2, epsilon, weightDecay, amsgrad);
    }

    public AdamW betas(double first, double second) {
        return new AdamW(learningRate, first, second, epsilon, weightDecay, amsgrad);
    }

    public AdamW epsilon(double value) {
        return new AdamW(learningRate, beta1, beta2, value, weightDecay, amsgrad);
    }

    public AdamW weightDecay(double value) {
        return new AdamW(learningRate, beta1, beta2, epsilon, value, amsgrad);
    }

    /** With the largest mean of squared gradients so far in the denominator. */
    public AdamW withAmsgrad() {
        return new AdamW(learningRate, beta1, beta2, epsilon, weightDecay, true);
    }

    @Override
    public OptimizerState start(NDManager manager, Map<String, NDArray> parameters, Function<String, ParameterSetting> settings) {
        return new AdamState(new AdamState.Options(beta1, beta2, epsilon, amsgrad, true), manager, parameters, settings);
    }

    @Override
    public String toString() {
        return "AdamW, learning rate " + learningRate + ", weight decay " + weightDecay + ", betas " + beta1 + " and " + beta2 + ", epsilon " + epsilon + (amsgrad ? ", amsgrad" : "");
    }
}
