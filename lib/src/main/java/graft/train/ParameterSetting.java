package graft.train;

import graft.Limits;

/**
 * How the steps of one parameter differ from those of others: what parameter groups are in PyTorch.
 *
 * @param learningRate a factor on the rate of the step, as timm's {@code lr_scale}; 1 for the rate itself
 * @param weightDecay instead of the optimizer's
 */
public record ParameterSetting(double learningRate, double weightDecay) {
    public ParameterSetting {
        Limits.notNegative("a parameter's factor on the learning rate", learningRate);
        Limits.notNegative("a parameter's weight decay", weightDecay);
    }
}
