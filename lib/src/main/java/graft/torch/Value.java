package graft.torch;

import java.util.List;

/**
 * Stands for an array while a module is compiled: every call writes one operator of libtorch down. Shapes in the comments
 * are {@code [batch, channels, height, width]} unless they say otherwise.
 */
public final class Value {
    private final Trace trace;
    private final String op;
    private final List<Object> operands;

    Value(Trace trace, String op, List<Object> operands) {
        this.trace = trace;
        this.op = op;
        this.operands = operands;
    }

    Trace trace() {
        return trace;
    }

    /** libtorch's name of the operator that makes this value. */
    String op() {
        return op;
    }

    /** What it is made of: values, entries of modules, numbers, lists of integers, {@code null} for None. */
    List<Object> operands() {
        return operands;
    }

    /** {@code max(x, 0)}. */
    public Value relu() {
        return trace.write("relu", this);
    }

    /** {@code min(max(x, 0), 6)}. */
    public Value relu6() {
        return trace.write("relu6", this);
    }

    /** The sum of two arrays. */
    public Value add(Value other) {
        return trace.write("add", this, other);
    }

    /** The largest of each window of {@code kernel × kernel}. */
    public Value maxPool2d(long kernel, long stride, long padding) {
        return trace.write("max_pool2d", this, List.of(kernel, kernel), List.of(stride, stride), List.of(padding, padding), List.of(1L, 1L), false);
    }

    /** The mean over height and width, in float32 whatever the network computes in: {@code [batch, channels]}. */
    public Value globalAveragePool() {
        return trace.write("flatten", trace.write("adaptive_avg_pool2d", float32(), List.of(1L, 1L)), 1L, -1L);
    }

    /** Sets values to zero with the given probability, and scales the rest, while training. */
    public Value dropout(double probability) {
        return trace.write("dropout", this, probability, Trace.TRAINING);
    }

    /** The same numbers in float32. */
    public Value float32() {
        return trace.write(Trace.FLOAT32, this);
    }
}
