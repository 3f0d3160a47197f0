package graft.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What one run of {@link Module#forward} wrote down, in order. A nested trace keeps a call of a child as a call; a flat one
 * follows it, so that the whole network becomes one list of operators that can be fused.
 */
final class Trace {
    /** The operand that stands for {@code self.training}. */
    static final Object TRAINING = new Object();
    /** The operator of a value that comes from outside. */
    static final String INPUT = "input";
    /** The operator that applies a child; its operands are the child and its argument. */
    static final String CALL = "call";
    /** Adds one to a counter of batches; not a value. */
    static final String COUNT = "count";
    /** The operator that gives the same numbers in float32. */
    static final String FLOAT32 = "float32";
    /** The operator {@code linear}, in float32 whatever the network computes in. */
    static final String LINEAR_FLOAT32 = "linear_float32";
    /** Drops all of a picture in training; not an operator of libtorch. */
    static final String STOCHASTIC_DEPTH = "stochastic_depth";

    /** The operator that stands for an entry of a module; its operand is the reference. */
    static final String ENTRY = "entry";
    /** Puts a token before the tokens of every picture. */
    static final String PREPEND = "prepend";
    /** Repeats an array until it has as many rows as another; its operands are the array, its rows and the other. */
    static final String REPEAT_FOR = "repeat_for";

    private final boolean flat;
    private final List<Value> values = new ArrayList<>();

    Trace(boolean flat) {
        this.flat = flat;
    }

    Value input() {
        return new Value(this, INPUT, List.of());
    }

    Value call(Module module, Value x) {
        return flat ? module.forward(x) : write(CALL, module, x);
    }

    Value write(String op, Object... operands) {
        Value value = new Value(this, op, Collections.unmodifiableList(Arrays.asList(operands)));
        values.add(value);
        return value;
    }

    /** Counts a batch in training. A flat trace never trains. */
    void count(Module.Ref counter) {
        if (!flat) {
            write(COUNT, counter);
        }
    }

    /** Every value but the inputs, in the order written. */
    List<Value> values() {
        return values;
    }
}
