package graft.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A module loaded to be trained, all of it or some: its parameters and buffers as arrays that can be changed, its forward pass in
 * training and in evaluation mode, and gradients. It begins in training mode. Several threads may ask for outputs and gradients
 * at once.
 */
public final class Network implements AutoCloseable {
    private static final Program GRADIENTS = Program.of("""
          def gradients(self: __torch__.Program, output: Tensor, gradient: Tensor, parameters: List[Tensor]) -> List[Tensor]:
            found = torch.grad([output], parameters, annotate(List[Optional[Tensor]], [gradient]))
            gradients = annotate(List[Tensor], [])
            for i in range(torch.len(found)):
              torch.append(gradients, unchecked_cast(Tensor, found[i]))
            return gradients
          def add(self: __torch__.Program, sums: List[Tensor], gradients: List[Tensor]) -> int:
            torch._foreach_add_(sums, gradients)
            return 0
        """, List.of());

    /** Gives arrays the memory of others. */
    private static final Program ADOPT = Program.of("""
          def adopt(self: __torch__.Program, arrays: List[Tensor], others: List[Tensor]) -> int:
            for i in range(torch.len(arrays)):
              if torch.eq(torch.dim(arrays[i]), 4):
                torch.set_(arrays[i], torch.clone(others[i], memory_format=2))
              else:
                torch.set_(arrays[i], others[i])
            return 0
        """, List.of());

    /** From so many parameters on, their gradients for a few pictures are not held at once, if it has blocks. */
    private static final long LARGE = 1 << 25;

    private final Program program;
    private final NDManager manager = Libtorch.manager();
    private final Map<String, NDArray> arrays = new LinkedHashMap<>();
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private final Chain chain;
    private final boolean mixes;
    private final long parameterCount;
    private boolean training = true;

    private Network(Program program, Map<String, Module.Entry> entries, Learned learned, ModuleCode code, boolean recompute, boolean mixes) {
        this.program = program;
        this.mixes = mixes;
        List<NDArray> all = program.runAll(manager, "state");
        entries.forEach((name, entry) -> {
            NDArray array = all.get(arrays.size());
            arrays.put(name, array);
            if (entry.trains() && learned.names().test(name)) {
                parameters.put(name, array);
            } else if (entry.trains()) {
                array.setRequiresGradient(false);
            }
        });
        List<String> names = List.copyOf(parameters.keySet());
        List<List<Integer>> blocks = code.segments().stream().map(segment -> segment.parameters().stream().map(names::indexOf).sorted().toList()).toList();
        chain = blocks.isEmpty() ? null : new Chain(program, List.copyOf(parameters.values()), blocks, recompute);
        parameterCount = parameters.values().stream().mapToLong(NDArray::size).sum();
    }

    /**
     * Compiles the module ({@link Archive}) and loads it, to train all of it.
     *
     * @throws graft.InputException if the state does not fit
     */
    public static Network load(Module module, StateDict state, Precision precision) {
        return load(module, state, precision, name -> true, false);
    }

    /**
     * The same to train the parameters of the given names. The others have no gradient and keep their numbers; parts that train nothing drop nothing,
     * and batch norms of which nothing trains neither use a batch's statistics nor average them.
     */
    public static Network load(Module module, StateDict state, Precision precision, Predicate<String> trains) {
        return load(module, state, precision, trains, false);
    }

    /**
     * The same, with a choice of how {@link BatchGradients} trains it.
     *
     * @param recompute whether the arrays within the blocks of transformers are computed a second time instead of being kept (activation checkpointing,
     *     Chen et al. 2016, arXiv:1604.06174): less memory, and a third more to compute
     */
    public static Network load(Module module, StateDict state, Precision precision, Predicate<String> trains, boolean recompute) {
        Learned learned = new Learned(trains);
        boolean mixes = learned.batchNormOf(module);
        ModuleCode code = new ModuleCode(module, precision, learned, recompute || !mixes && module.holdsBlocks() && learned.count(module) >= LARGE);
        Network network = new Network(Program.load(Archive.empty(module, code)), module.state(), learned, code, recompute, mixes);
        try {
            network.fill(module, state);
        } catch (RuntimeException failed) {
            network.close();
            throw failed;
        }
        return network;
    }

    /** Weights of convolutions lie channels last in memory: gradients then need no copies. */
    private void fill(Module module, StateDict state) {
        List<NDArray> to = new ArrayList<>();
        List<StateTensor> from = new ArrayList<>();
        module.state().forEach((name, entry) -> {
            if (entry.value() == null) {
                to.add(arrays.get(name));
                from.add(Archive.tensor(name, entry, state));
            }
        });
        try (NDManager loading = Libtorch.manager()) {
            ADOPT.run("adopt", Program.arrays(to), Program.arrays(NativeArray.of(loading, from)));
        }
    }

    /** What trains, by its state-dict name, in the order of {@link Module#state()}: the arrays themselves, not copies. */
    public Map<String, NDArray> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** How many numbers train. */
    public long parameterCount() {
        return parameterCount;
    }

    /** A copy of all parameters and buffers as they are now: what {@link Archive#write} and checkpoints store. */
    public StateDict state() {
        StateDict state = new StateDict("the network");
        arrays.forEach((name, array) -> {
            long[] shape = array.getShape().getShape();
            state.put(name, array.getDataType() == DataType.INT64 ? StateTensor.of(array.toLongArray(), shape) : StateTensor.of(array.toFloatArray(), shape));
        });
        return state;
    }

    /** Switches between training and evaluation: dropout drops and batch norms use, and average, the batch's statistics only in training. */
    public void train(boolean training) {
        program.train(training);
        this.training = training;
    }

    /** Whether a picture's output depends on the other pictures of its batch: batch norms that train make it so. */
    public boolean mixesPictures() {
        return training && mixes;
    }

    /**
     * The output for pictures, in the mode of {@link #train}, without what gradients would need.
     *
     * @param to the manager that owns the result
     * @param pictures float32 {@code [batch, 3, height, width]}, normalised
     */
    public NDArray forward(NDManager to, NDArray pictures) {
        return program.run(to, "forward", Program.array(pictures));
    }

    /**
     * The same, keeping what {@link #gradients} needs until the result is closed.
     *
     * @param seed decides what dropout and stochastic depth draw in training
     */
    public NDArray forwardToDifferentiate(NDManager to, NDArray pictures, long seed) {
        if (!training) {
            return program.differentiate(to, "forward", List.of(pictures)).get(0);
        }
        try (NDArray given = to.create(seed)) {
            return program.differentiate(to, "forward_training", List.of(pictures, given)).get(0);
        }
    }

    /**
     * The gradients of a loss by the parameters, in the order of {@link #parameters()}, from its gradient by the output. Nothing is
     * accumulated; can be called once for each output.
     *
     * @param to the manager that owns the results
     * @param output what {@link #forwardToDifferentiate} returned
     * @param gradient of the loss by {@code output}, of the same shape
     */
    public List<NDArray> gradients(NDManager to, NDArray output, NDArray gradient) {
        return gradients(to, output, gradient, List.copyOf(parameters.values()));
    }

    /** The gradients by some arrays. */
    static List<NDArray> gradients(NDManager to, NDArray output, NDArray gradient, List<NDArray> by) {
        return GRADIENTS.runAll(to, "gradients", Program.array(output), Program.array(gradient), Program.arrays(by));
    }

    /** Its training step block by block, or {@code null} where that is not how it trains. */
    Chain chain() {
        return training ? chain : null;
    }

    /**
     * The gradient of a loss by what the network is given, in the mode of {@link #train}.
     *
     * @param to the manager that owns the result
     * @param input owned by the caller; what {@link #forward} takes
     * @param loss gives the gradient of the loss by the outputs
     */
    public NDArray gradientByInput(NDManager to, NDArray input, UnaryOperator<NDArray> loss) {
        try (NDManager step = to.newSubManager()) {
            NDArray given = input.duplicate();
            given.attach(step);
            given.setRequiresGradient(true);
            NDArray output = program.differentiate(step, "forward", List.of(given)).get(0);
            return gradients(to, output, loss.apply(output), List.of(given)).get(0);
        }
    }

    /** Adds gradients to others. */
    public static void add(List<NDArray> sums, List<NDArray> gradients) {
        GRADIENTS.run("add", Program.arrays(sums), Program.arrays(gradients));
    }

    @Override
    public void close() {
        manager.close();
        program.close();
    }
}
