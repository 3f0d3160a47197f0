package graft.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns a flat trace into the steps of an inference program: dropout and casts to float32 from float32 disappear, a batch norm is folded into the convolution
 * before it, and an activation or the sum of a residual connection becomes part of the convolution that it follows. All of it
 * is exact: the same sums, taken in one pass over memory instead of three.
 */
final class Fusion {
    /** A step of the program; {@code result} is the value that it makes. */
    sealed interface Step permits Operator, Convolution, Linear {
        Value result();
    }

    /** An operator of libtorch as it was written. */
    record Operator(Value result) implements Step { }

    /**
     * A linear layer with the activation that follows it.
     *
     * @param linear the operator; its second operand is an entry
     * @param result {@code linear} itself where no GELU follows
     */
    record Linear(Value linear, Value result) implements Step {
        boolean gelu() {
            return result != linear;
        }
    }

    /** A convolution with what was fused into it: {@code activation(norm(conv(x)) + other)}. */
    static final class Convolution implements Step {
        final Value convolution;
        Value norm;
        Value other;
        Value activation;
        private Value result;

        private Convolution(Value convolution) {
            this.convolution = convolution;
            this.result = convolution;
        }

        @Override
        public Value result() {
            return result;
        }
    }

    /** What does nothing in inference. */
    private static final Set<String> DROPS = Set.of("dropout", Trace.STOCHASTIC_DEPTH);
    /** The operators that can follow a convolution within its own kernel. */
    private static final Set<String> ACTIVATIONS = Set.of("relu", "relu6", "silu", "hardswish", "hardsigmoid", "sigmoid", "gelu");
    /** Operators whose result is an array of its own, never a view of an operand. */
    private static final Set<String> FRESH = Set.of("conv2d", "linear", "batch_norm", "mul", "add", "adaptive_avg_pool2d", "max_pool2d",
        "relu", "relu6", "silu", "hardswish", "hardsigmoid", "sigmoid", "gelu");

    private final Map<Value, Value> sameAs = new HashMap<>();
    private final Map<Value, Integer> uses = new HashMap<>();
    private final Map<Value, Step> steps = new LinkedHashMap<>();

    private Fusion() { }

    /** The steps that make {@code result} in a network of this precision, in an order in which they can run. */
    static Fusion of(Trace trace, Value result, Precision precision) {
        Fusion fusion = new Fusion();
        List<Value> values = needed(trace, result);
        for (Value value : values) {
            if (DROPS.contains(value.op()) || value.op().equals(Trace.FLOAT32) && precision == Precision.FLOAT32) {
                fusion.sameAs.put(value, fusion.resolve(value.operands().get(0)));
            }
        }
        fusion.use(result);
        for (Value value : values) {
            if (!fusion.sameAs.containsKey(value)) {
                value.operands().forEach(fusion::use);
            }
        }
        for (Value value : values) {
            if (!fusion.sameAs.containsKey(value)) {
                fusion.place(value);
            }
        }
        return fusion;
    }

    /** What a result is made of, in order. libtorch's own removal of what nothing uses crashed on such code. */
    private static List<Value> needed(Trace trace, Value result) {
        Set<Value> found = new HashSet<>(Set.of(result));
        List<Value> needed = new ArrayList<>();
        for (int i = trace.values().size() - 1; i >= 0; i--) {
            Value value = trace.values().get(i);
            if (found.contains(value)) {
                needed.add(value);
                value.operands().stream().filter(Value.class::isInstance).forEach(operand -> found.add((Value) operand));
            }
        }
        Collections.reverse(needed);
        return needed;
    }

    List<Step> steps() {
        return new ArrayList<>(steps.values());
    }

    /** The value that an operand stands for once what changes nothing is gone; {@code null} if it is no value. */
    Value resolve(Object operand) {
        return operand instanceof Value value ? sameAs.getOrDefault(value, value) : null;
    }

    /**
     * Whether a step may overwrite an operand: it is an array made by the program, in the network's precision, that nothing looks at
     * through a view.
     *
     * @param operand one that nothing needs after the step
     */
    boolean overwritable(Object operand) {
        Value value = resolve(operand);
        return value != null && steps.containsKey(value) && FRESH.contains(value.op())
            && steps.values().stream().filter(Operator.class::isInstance).map(Step::result)
                .filter(user -> user.operands().stream().anyMatch(used -> used instanceof Value && resolve(used) == value)).allMatch(user -> FRESH.contains(user.op()));
    }

    private void use(Object operand) {
        if (operand instanceof Value) {
            uses.merge(resolve(operand), 1, Integer::sum);
        }
    }

    private void place(Value value) {
        Convolution before = convolutionBefore(value, 0);
        if (value.op().equals("conv2d")) {
            steps.put(value, new Convolution(value));
        } else if (value.op().equals("batch_norm") && before != null && before.result == before.convolution) {
            before.norm = value;
            move(before, value);
        } else if (ACTIVATIONS.contains(value.op()) && before != null && fuses(before, value.op())) {
            before.activation = value;
            move(before, value);
        } else if (value.op().equals("add") && addable(before)) {
            before.other = resolve(value.operands().get(1));
            move(before, value);
        } else if (value.op().equals("add") && addable(convolutionBefore(value, 1))) {
            before = convolutionBefore(value, 1);
            before.other = resolve(value.operands().get(0));
            move(before, value);
        } else if (value.op().equals("linear") && value.operands().get(1) instanceof Module.Ref) {
            steps.put(value, new Linear(value, value));
        } else if (value.op().equals("gelu") && onlyUse(value, 0) instanceof Linear linear && !linear.gelu()) {
            steps.remove(linear.linear);
            steps.put(value, new Linear(linear.linear, value));
        } else {
            steps.put(value, new Operator(value));
        }
    }

    /** oneDNN's kernels know no activation but relu after a sum. */
    private static boolean fuses(Convolution before, String activation) {
        return before.activation == null && (before.other == null || activation.equals("relu"));
    }

    private static boolean addable(Convolution convolution) {
        return convolution != null && convolution.activation == null && convolution.other == null;
    }

    /** The convolution whose only use is this operand. */
    private Convolution convolutionBefore(Value value, int operand) {
        return onlyUse(value, operand) instanceof Convolution convolution ? convolution : null;
    }

    /** The step whose only use is this operand. */
    private Step onlyUse(Value value, int operand) {
        Value x = value.operands().isEmpty() ? null : resolve(value.operands().get(operand));
        return x != null && uses.get(x) == 1 ? steps.get(x) : null;
    }

    private void move(Convolution convolution, Value result) {
        steps.remove(convolution.result);
        convolution.result = result;
        steps.put(result, convolution);
    }
}
