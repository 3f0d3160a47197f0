package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import graft.InputException;
import graft.Limits;

import java.util.Map;
import java.util.function.Function;

/**
 * Stochastic gradient descent with momentum: {@code torch.optim.SGD}, step for step. Its velocity adds up gradients, and the rate is applied to it (Sutskever et al.
 * 2013 have the rate within), so that a schedule acts on all of it at once.
 *
 * @param learningRate of the first step; a schedule changes it
 * @param momentum how much of the velocity is kept each step, at least 0 and below 1; 0 for none
 * @param dampening how much of a gradient is kept out of the velocity, 0 to 1
 * @param nesterov whether the gradient is taken as if the momentum had been applied already
 * @param weightDecay times the parameter, is added to its gradient (L2)
 */
public record Sgd(double learningRate, double momentum, double dampening, boolean nesterov, double weightDecay) implements Optimizer {
    public Sgd {
        Limits.notNegative("the learning rate", learningRate);
        Limits.below1("the momentum", momentum);
        Limits.share("the dampening", dampening);
        Limits.notNegative("the weight decay", weightDecay);
        if (nesterov && (momentum == 0 || dampening != 0)) {
            throw new InputException("Nesterov's momentum needs a momentum above 0 and no dampening; here they are " + momentum + " and " + dampening);
        }
    }

    @Override
    public Sgd learningRate(double value) {
        return new Sgd(value, momentum, dampening, nesterov, weightDecay);
    }

    public Sgd momentum(double value) {
        return new Sgd(learningRate, value, dampening, nesterov, weightDecay);
    }

    public Sgd dampening(double value) {
        return new Sgd(learningRate, momentum, value, nesterov, weightDecay);
    }

    /** With Nesterov's momentum; set the momentum first. */
    public Sgd withNesterov() {
        return new Sgd(learningRate, momentum, dampening, true, weightDecay);
    }

    public Sgd weightDecay(double value) {
        return new Sgd(learningRate, momentum, dampening, nesterov, value);
    }

    @Override
    public OptimizerState start(NDManager manager, Map<String, NDArray> parameters, Function<String, ParameterSetting> settings) {
        return new SgdState(this, manager, parameters, settings);
    }

    @Override
    public String toString() {
        return "SGD, learning rate " + learningRate + ", " + (nesterov ? "Nesterov's momentum " : "momentum ") + momentum + (dampening == 0 ? "" : ", dampening " + dampening)
            + ", weight decay " + weightDecay;
    }
}
