package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import graft.InputException;
import graft.torch.Program;
import graft.torch.StateDict;
import graft.torch.StateTensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What an optimizer remembers of each parameter during one training. Parameters with equal settings are updated together, by libtorch's fused kernels: a
 * handful of native calls a step. Every parameter counts its own steps: one that begins to train later than others is treated as if the training began then.
 */
public abstract sealed class OptimizerState implements AutoCloseable permits SgdState, AdamState {
    /** What counts a parameter's steps. */
    static final String STEP = "step";

    /** libtorch's fused kernels walk through the memory of arrays, so that what belongs to a parameter has to lie in the order in which it lies. */
    static final Program PROGRAM = Program.of("""
          def alike(self: __torch__.Program, p: List[Tensor], g: List[Tensor]) -> List[Tensor]:
            alike = annotate(List[Tensor], [])
            for i in range(torch.len(p)):
              a = p[i]
              b = g[i]
              if (torch.is_contiguous(a) and torch.is_contiguous(b)) or (torch.dim(a) == 4 and torch.is_contiguous(a, memory_format=2) and torch.is_contiguous(b, memory_format=2)):
                torch.append(alike, b)
              else:
                torch.append(alike, torch.copy_(torch.empty_like(a), b))
            return alike
          def zeros(self: __torch__.Program, p: List[Tensor]) -> List[Tensor]:
            zeros = annotate(List[Tensor], [])
            for i in range(torch.len(p)):
              torch.append(zeros, torch.zeros_like(p[i]))
            return zeros
          def copy(self: __torch__.Program, to: List[Tensor], values: List[Tensor]) -> int:
            torch._foreach_copy_(to, values)
            return 0
          def adam(self: __torch__.Program, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], most: List[Tensor], t: List[Tensor], decoupled: bool, lr: float, beta1: float, beta2: float, eps: float, decay: float, amsgrad: bool) -> int:
            torch._foreach_add_(t, 1)
            h = self.alike(p, g)
            if decoupled:
              torch._fused_adamw_(p, h, m, v, most, t, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=amsgrad, maximize=False)
            else:
              torch._fused_adam_(p, h, m, v, most, t, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=amsgrad, maximize=False)
            return 0
          def sgd(self: __torch__.Program, p: List[Tensor], g: List[Tensor], b: List[Tensor], first: bool, lr: float, momentum: float, dampening: float, nesterov: bool, decay: float) -> int:
            torch._fused_sgd_(p, self.alike(p, g), b, weight_decay=decay, momentum=momentum, lr=lr, dampening=dampening, nesterov=nesterov, maximize=False, is_first_step=first)
            return 0
        """, List.of());

    /** Parameters with equal settings, by their places in the map. */
    private record Group(ParameterSetting setting, List<Integer> members) { }

    private final NDManager manager;
    private final List<String> names;
    private final List<NDArray> parameters;
    private final List<Group> groups = new ArrayList<>();
    /** By torch's name of what is remembered, such as {@code exp_avg}; an array for each parameter that had a step. */
    private final Map<String, NDArray[]> remembered = new LinkedHashMap<>();
    private final boolean[] begun;

    /** @param kinds what is remembered of each parameter; {@code step} is one number, all others have the parameter's shape */
    OptimizerState(List<String> kinds, NDManager parent, Map<String, NDArray> parameters, Function<String, ParameterSetting> settings) {
        this.manager = parent.newSubManager();
        this.names = List.copyOf(parameters.keySet());
        this.parameters = List.copyOf(parameters.values());
        this.begun = new boolean[names.size()];
        kinds.forEach(kind -> remembered.put(kind, new NDArray[begun.length]));
        Map<ParameterSetting, List<Integer>> members = new LinkedHashMap<>();
        for (int i = 0; i < begun.length; i++) {
            members.computeIfAbsent(settings.apply(names.get(i)), setting -> new ArrayList<>()).add(i);
        }
        members.forEach((setting, which) -> groups.add(new Group(setting, which)));
    }

    /**
     * Changes the parameters in place.
     *
     * @param gradients in the order of the parameters, of their shapes; not changed
     * @param learningRate of this step; each parameter's own factor is applied to it
     */
    public final void step(List<NDArray> gradients, double learningRate) {
        if (gradients.size() != begun.length) {
            throw new IllegalArgumentException(gradients.size() + " gradients for " + begun.length + " parameters");
        }
        for (Group group : groups) {
            for (boolean first : new boolean[] {false, true}) {
                List<Integer> members = group.members().stream().filter(i -> begun[i] != first).toList();
                if (!members.isEmpty()) {
                    if (first) {
                        begin(members);
                    }
                    List<NDArray> changed = members.stream().map(parameters::get).toList();
                    List<NDArray> by = members.stream().map(gradients::get).toList();
                    update(members, Program.arrays(changed), Program.arrays(by), first, learningRate * group.setting().learningRate(), group.setting().weightDecay());
                }
            }
        }
    }

    /**
     * Changes some parameters.
     *
     * @param members their places in the map
     * @param first whether it is their first step, before which all that is remembered of them is zero
     */
    abstract void update(List<Integer> members, IValue changed, IValue gradients, boolean first, double rate, double decay);

    /** What is remembered of some parameters. */
    final IValue remembered(String kind, List<Integer> members) {
        NDArray[] all = remembered.get(kind);
        return Program.arrays(members.stream().map(i -> all[i]).toList());
    }

    private void begin(List<Integer> members) {
        List<NDArray> like = members.stream().map(parameters::get).toList();
        remembered.forEach((kind, all) -> {
            List<NDArray> zeros = kind.equals(STEP) ? like.stream().map(one -> manager.create(0f)).toList() : PROGRAM.runAll(manager, "zeros", Program.arrays(like));
            for (int k = 0; k < zeros.size(); k++) {
                all[members.get(k)] = zeros.get(k);
            }
        });
        members.forEach(i -> begun[i] = true);
    }

    /** Copies of everything that is remembered, as {@code KIND/NAME}: {@code exp_avg/head.weight}. A parameter without a step has no entries. */
    public final Map<String, StateTensor> state() {
        Map<String, StateTensor> state = new LinkedHashMap<>();
        remembered.forEach((kind, all) -> {
            for (int i = 0; i < all.length; i++) {
                if (begun[i]) {
                    state.put(kind + "/" + names.get(i), StateTensor.of(all[i].toFloatArray(), all[i].getShape().getShape()));
                }
            }
        });
        return state;
    }

    /**
     * The inverse of {@link #state()}: what follows has the same bits as if training had never stopped. A parameter of which nothing was saved begins anew:
     * it did not train so far. Entries for parameters that do not train now, and all others, are left alone.
     *
     * @throws InputException if what was saved of a parameter is incomplete or of another shape
     */
    public final void restore(StateDict saved) {
        List<Integer> members = new ArrayList<>();
        for (int i = 0; i < begun.length; i++) {
            forget(i);
            if (complete(i, saved)) {
                members.add(i);
            }
        }
        if (members.isEmpty()) {
            return;
        }
        begin(members);
        try (NDManager loading = manager.newSubManager()) {
            remembered.forEach((kind, all) -> {
                List<NDArray> values = new ArrayList<>();
                for (int i : members) {
                    StateTensor tensor = saved.get(kind + "/" + names.get(i));
                    values.add(loading.create(tensor.toFloats(), new Shape(tensor.shape())));
                }
                PROGRAM.run("copy", remembered(kind, members), Program.arrays(values));
            });
        }
    }

    private void forget(int parameter) {
        if (begun[parameter]) {
            remembered.values().forEach(all -> {
                all[parameter].close();
                all[parameter] = null;
            });
            begun[parameter] = false;
        }
    }

    private boolean complete(int parameter, StateDict saved) {
        String name = names.get(parameter);
        List<String> missing = remembered.keySet().stream().filter(kind -> !saved.contains(kind + "/" + name)).toList();
        if (missing.size() == remembered.size()) {
            return false;
        }
        if (!missing.isEmpty()) {
            throw new InputException(saved.source() + " has no entry " + missing.get(0) + "/" + name + ", which this optimizer needs; it was saved by another one, so start again with that");
        }
        for (String kind : remembered.keySet()) {
            long[] shape = kind.equals(STEP) ? new long[0] : parameters.get(parameter).getShape().getShape();
            StateTensor tensor = saved.get(kind + "/" + name);
            if (!Arrays.equals(shape, tensor.shape())) {
                throw new InputException(saved.source() + " has " + kind + "/" + name + " as " + tensor + ", and FLOAT32 " + Arrays.toString(shape) + " would be right");
            }
        }
        return true;
    }

    @Override
    public final void close() {
        manager.close();
    }
}
