package graft.train;

import graft.Limits;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.util.Map;
import java.util.function.Function;

/**
 * Adam, Kingma and Ba 2014 (arXiv:1412.6980): {@code torch.optim.Adam}, step for step. Its weight decay is an L2 penalty: it is added to the gradient, and scaled
 * with it.
 *
 * @param learningRate of the first step; a schedule changes it
 * @param beta1 decay of the mean of gradients, at least 0 and below 1
 * @param beta2 decay of the mean of squared gradients, at least 0 and below 1
 * @param epsilon added to the denominator
 * @param weightDecay times the parameter, is added to its gradient (L2)
 * @param amsgrad whether to divide by the largest mean of squared gradients so far, Reddi et al. 2018 (arXiv:1904.09237)
 */
public record Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, boolean amsgrad) implements Optimizer {
    public Adam {
        Limits.notNegative("the learning rate", learningRate);
        Limits.below1("beta1", beta1);
        Limits.below1("beta2", beta2);
        Limits.notNegative("epsilon", epsilon);
        Limits.notNegative("the weight decay", weightDecay);
    }

    @Override
    public Adam learningRate(double value) {
        return new Adam(value, beta1, beta2, epsilon, weightDecay, amsgrad);
    }

    public Adam betas(double first, double second) {
        return new Adam(learningRate, first, second, epsilon, weightDecay, amsgrad);
    }

    public Adam epsilon(double value) {
        return new Adam(learningRate, beta1, beta2, value, weightDecay, amsgrad);
    }

    public Adam weightDecay(double value) {
        return new Adam(learningRate, beta1, beta2, epsilon, value, amsgrad);
    }

    /** With the largest mean of squared gradients so far in the denominator. */
    public Adam withAmsgrad() {
        return new Adam(learningRate, beta1, beta2, epsilon, weightDecay, true);
    }

    @Override
    public OptimizerState start(NDManager manager, Map<String, NDArray> parameters, Function<String, ParameterSetting> settings) {
        return new AdamState(new AdamState.Options(beta1, beta2, epsilon, amsgrad, false), manager, parameters, settings);
    }

    @Override
    public String toString() {
        return "Adam, learning rate " + learningRate + ", weight decay " + weightDecay + ", betas " + beta1 + " and " + beta2 + ", epsilon " + epsilon + (amsgrad ? ", amsgrad" : "");
    }
}
