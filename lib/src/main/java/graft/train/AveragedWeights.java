package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import graft.InputException;
import graft.torch.DType;
import graft.torch.Program;
import graft.torch.StateDict;
import graft.torch.StateTensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The averages of {@link Ema} during one training. Before the first update they are the parameters as they were in the beginning. */
final class AveragedWeights implements AutoCloseable {
    private static final Program PROGRAM = Program.of("""
          def copies(self: __torch__.Program, p: List[Tensor]) -> List[Tensor]:
            copies = annotate(List[Tensor], [])
            for i in range(torch.len(p)):
              torch.append(copies, torch.clone(torch.detach(p[i])))
            return copies
          def follow(self: __torch__.Program, averages: List[Tensor], p: List[Tensor], weight: float) -> int:
            torch._foreach_lerp_(averages, p, weight)
            return 0
          def copy(self: __torch__.Program, to: List[Tensor], values: List[Tensor]) -> int:
            torch._foreach_copy_(to, values)
            return 0
        """, List.of());

    /** Names in a saved state, those of torch's {@code AveragedModel}. */
    private static final String UPDATES = "n_averaged";
    static final String AVERAGE = "module.";

    private final Ema ema;
    private final NDManager manager;
    private final Map<String, NDArray> parameters;
    private final List<NDArray> averages;
    private long updates;

    AveragedWeights(Ema ema, NDManager parent, Map<String, NDArray> parameters) {
        this.ema = ema;
        this.manager = parent.newSubManager();
        this.parameters = new LinkedHashMap<>(parameters);
        this.averages = PROGRAM.runAll(manager, "copies", current());
    }

    private IValue current() {
        return Program.arrays(new ArrayList<>(parameters.values()));
    }

    /** Follows the parameters: to be called after each step. */
    void update() {
        PROGRAM.run("follow", Program.arrays(averages), current(), IValue.from(1 - ema.kept(++updates)));
    }

    /** Copies of the averages, by the names of the parameters: what evaluation puts in the place of the network's own. */
    Map<String, StateTensor> weights() {
        Map<String, StateTensor> weights = new LinkedHashMap<>();
        for (String name : parameters.keySet()) {
            NDArray average = averages.get(weights.size());
            weights.put(name, StateTensor.of(average.toFloatArray(), average.getShape().getShape()));
        }
        return weights;
    }

    /** The averages as {@code module.NAME}, and how many updates they had, {@code n_averaged}. */
    Map<String, StateTensor> state() {
        Map<String, StateTensor> state = new LinkedHashMap<>();
        state.put(UPDATES, StateTensor.of(new long[] {updates}));
        weights().forEach((name, weight) -> state.put(AVERAGE + name, weight));
        return state;
    }

    /**
     * The inverse of {@link #state()}, to the bit. A parameter of which nothing was saved did not train so far; its average begins as it is now.
     *
     * @throws InputException if the number of updates is missing, or an average has another shape
     */
    void restore(StateDict saved) {
        List<NDArray> to = new ArrayList<>();
        try (NDManager loading = manager.newSubManager()) {
            List<NDArray> values = new ArrayList<>();
            int place = 0;
            for (Map.Entry<String, NDArray> parameter : parameters.entrySet()) {
                NDArray average = averages.get(place++);
                String name = AVERAGE + parameter.getKey();
                to.add(average);
                if (saved.contains(name)) {
                    StateTensor tensor = saved.get(name);
                    if (!Arrays.equals(average.getShape().getShape(), tensor.shape())) {
                        throw new InputException(saved.source() + " has " + name + " as " + tensor + ", and FLOAT32 " + Arrays.toString(average.getShape().getShape()) + " would be right");
                    }
                    values.add(loading.create(tensor.toFloats(), new Shape(tensor.shape())));
                } else {
                    values.add(parameter.getValue());
                }
            }
            StateTensor count = saved.get(UPDATES);
            if (count.dtype() != DType.INT64 || count.count() != 1) {
                throw new InputException(saved.source() + " has " + UPDATES + " as " + count + ", and INT64 [] would be right");
            }
            updates = count.toLongs()[0];
            PROGRAM.run("copy", Program.arrays(to), Program.arrays(values));
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
