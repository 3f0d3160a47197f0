package graft.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What one run of {@link Module#forward} wrote down, in order.
 */
class Trace {
    /** What the code is for. */
    enum Use {
        /** Inference with weights that no longer change: calls of children are followed, so that the whole network becomes one list of operators that can be fused. */
        FROZEN,
        /** The archive's {@code forward}, in training and in evaluation mode: a call of a child stays a call. */
        FORWARD,
        /** Training steps: as {@link #FORWARD}, but what is drawn comes from a generator that is handed down. */
        TRAINING
    }

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
    /** The operator that gives the same numbers in the network's precision. */
    static final String CAST = "cast";
    /** The operator {@code linear}, in float32 whatever the network computes in. */
    static final String LINEAR_FLOAT32 = "linear_float32";
    /** The operator {@code conv2d}, in float32 whatever the network computes in. */
    static final String CONVOLUTION_FLOAT32 = "convolution_float32";
    /** Drops all of a picture in training; not an operator of libtorch. */
    static final String STOCHASTIC_DEPTH = "stochastic_depth";
    /** Ones, each zero with a probability and scaled otherwise, in an array of another's shape; its operands are that array and the probability. */
    static final String DROPOUT_MASK = "dropout_mask";
    /** The same with one number for each picture. */
    static final String PICTURE_MASK = "picture_mask";
    /** One array of a list. */
    static final String ITEM = "item";

    /** The operator that stands for an entry of a module; its operand is the reference. */
    static final String ENTRY = "entry";
    /** Joins the rows of two arrays. */
    static final String BESIDE = "beside";
    /** Puts a token before the tokens of every picture. */
    static final String PREPEND = "prepend";
    /** Repeats an array until it has as many rows as another; its operands are the array, its rows and the other. */
    static final String REPEAT_FOR = "repeat_for";

    private final Use use;
    private final Learned learned;
    private final List<Value> values = new ArrayList<>();
    /** The module whose code is being written; {@code null} where all of them become one list of operators. */
    private Module at;

    Trace(Use use) {
        this(use, Learned.ALL, null);
    }

    /** @param at the module whose code is being written */
    Trace(Use use, Learned learned, Module at) {
        this.use = use;
        this.learned = learned;
        this.at = at;
    }

    Use use() {
        return use;
    }

    Value input() {
        return new Value(this, INPUT, List.of());
    }

    Value call(Module module, Value x) {
        return use == Use.FROZEN ? module.forward(x) : write(CALL, module, x);
    }

    /** The operators of a child in the place of its call. */
    Value inline(Module module, Value x) {
        Module before = at;
        at = module;
        Value result = module.forward(x);
        at = before;
        return result;
    }

    /** Whether the module whose code is being written learns nothing. */
    boolean frozen() {
        return at != null && frozen(at);
    }

    /** Whether a module learns nothing. */
    boolean frozen(Module module) {
        return learned.nothingOf(module);
    }

    Value write(String op, Object... operands) {
        Value value = new Value(this, op, Collections.unmodifiableList(Arrays.asList(operands)));
        values.add(value);
        return value;
    }

    /** Counts a batch in training. */
    void count(Module.Ref counter) {
        if (use != Use.FROZEN) {
            write(COUNT, counter);
        }
    }

    /** Every value but the inputs, in the order written. */
    List<Value> values() {
        return values;
    }
}
