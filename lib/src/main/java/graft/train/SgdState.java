package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import graft.torch.Program;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The velocities of {@link Sgd}: a parameter's {@code momentum_buffer} begins as its first gradient, undampened. Without momentum there are none. */
final class SgdState extends OptimizerState {
    private static final String VELOCITY = "momentum_buffer";

    private final Sgd options;

    SgdState(Sgd options, NDManager manager, Map<String, NDArray> parameters, Function<String, ParameterSetting> settings) {
        super(options.momentum() == 0 ? List.of() : List.of(VELOCITY), manager, parameters, settings);
        this.options = options;
    }

    @Override
    void update(List<Integer> members, IValue changed, IValue gradients, boolean first, double rate, double decay) {
        IValue velocities = options.momentum() == 0 ? Program.arrays(List.of()) : remembered(VELOCITY, members);
        PROGRAM.run("sgd", changed, gradients, velocities, IValue.from(first), IValue.from(rate), IValue.from(options.momentum()), IValue.from(options.dampening()),
            IValue.from(options.nesterov()), IValue.from(decay));
    }
}
