package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import graft.torch.Program;

import java.util.ArrayList;
import java.util.List;

/**
 * Adam with decoupled weight decay, Loshchilov and Hutter 2019 (arXiv:1711.05101): {@code torch.optim.AdamW}, step for step. All
 * parameters are updated in one native call.
 *
 * @param learningRate of the first step; a schedule changes it
 * @param beta1 decay of the mean of gradients, 0 to 1
 * @param beta2 decay of the mean of squared gradients, 0 to 1
 * @param epsilon added to the denominator
 * @param weightDecay how much of a parameter is taken away each step, times the learning rate
 */
public record AdamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
    private static final String STEP = """
          def step(self: __torch__.Program, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor], lr: float, beta1: float, beta2: float, eps: float, decay: float) -> int:
            torch._foreach_add_(t, 1)
            torch._fused_adamw_(p, g, m, v, annotate(List[Tensor], []), t, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
            return 0
        """;

    /** PyTorch's defaults: betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.01. */
    public static AdamW adamw(double learningRate) {
        return new AdamW(learningRate, 0.9, 0.999, 1e-8, 0.01);
    }

    public AdamW weightDecay(double value) {
        return new AdamW(learningRate, beta1, beta2, epsilon, value);
    }

    @Override
    public String toString() {
        return "AdamW, learning rate " + learningRate + ", weight decay " + weightDecay + ", betas " + beta1 + " and " + beta2 + ", epsilon " + epsilon;
    }

    /** The state of one training: what the optimizer remembers of each parameter. */
    public final class State implements AutoCloseable {
        private final Program program = Program.of(STEP, List.of());
        private final List<NDArray> parameters;
        private final List<NDArray> means = new ArrayList<>();
        private final List<NDArray> squares = new ArrayList<>();
        private final List<NDArray> steps = new ArrayList<>();

        /** Starts at step zero. The state lives as long as {@code manager}. */
        public State(NDManager manager, List<NDArray> parameters) {
            this.parameters = List.copyOf(parameters);
            for (NDArray parameter : parameters) {
                means.add(manager.zeros(parameter.getShape()));
                squares.add(manager.zeros(parameter.getShape()));
                steps.add(manager.create(0f));
            }
        }

        /** Updates the parameters in place. */
        public void step(List<NDArray> gradients, double rate) {
            program.run("step", Program.arrays(parameters), Program.arrays(gradients), Program.arrays(means), Program.arrays(squares), Program.arrays(steps),
                IValue.from(rate), IValue.from(beta1), IValue.from(beta2), IValue.from(epsilon), IValue.from(weightDecay));
        }

        @Override
        public void close() {
            program.close();
        }
    }
}
