package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import graft.torch.Program;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The moments of {@link Adam} and {@link AdamW}: means of gradients and of their squares, and how many steps they are made of. */
final class AdamState extends OptimizerState {
    private static final String MEAN = "exp_avg";
    private static final String SQUARE = "exp_avg_sq";
    private static final String LARGEST = "max_exp_avg_sq";

    /** What both have. @param decoupled whether weight decay is kept out of the gradient */
    record Options(double beta1, double beta2, double epsilon, boolean amsgrad, boolean decoupled) { }

    private final Options options;

    AdamState(Options options, NDManager manager, Map<String, NDArray> parameters, Function<String, ParameterSetting> settings) {
        super(options.amsgrad() ? List.of(STEP, MEAN, SQUARE, LARGEST) : List.of(STEP, MEAN, SQUARE), manager, parameters, settings);
        this.options = options;
    }

    @Override
    void update(List<Integer> members, IValue changed, IValue gradients, boolean first, double rate, double decay) {
        IValue largest = options.amsgrad() ? remembered(LARGEST, members) : Program.arrays(List.of());
        PROGRAM.run("adam", changed, gradients, remembered(MEAN, members), remembered(SQUARE, members), largest, remembered(STEP, members),
            IValue.from(options.decoupled()), IValue.from(rate), IValue.from(options.beta1()), IValue.from(options.beta2()), IValue.from(options.epsilon()),
            IValue.from(decay), IValue.from(options.amsgrad()));
    }
}
