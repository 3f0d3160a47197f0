package graft.torch;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

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

    /** {@code x·sigmoid(x)}, also known as swish, Elfwing et al. 2017 (arXiv:1702.03118). */
    public Value silu() {
        return trace.write("silu", this);
    }

    /** {@code 1 / (1 + exp(−x))}. */
    public Value sigmoid() {
        return trace.write("sigmoid", this);
    }

    /** {@code x·hardsigmoid(x)}, Howard et al. 2019 (arXiv:1905.02244). */
    public Value hardswish() {
        return trace.write("hardswish", this);
    }

    /** {@code min(max(x/6 + 1/2, 0), 1)}. */
    public Value hardsigmoid() {
        return trace.write("hardsigmoid", this);
    }

    /** The product of two arrays, number by number; a side of length 1 is repeated. */
    public Value mul(Value other) {
        return trace.write("mul", this, other);
    }

    /** The sum of two arrays. */
    public Value add(Value other) {
        return trace.write("add", this, other);
    }

    /** The product of matrices, the last two dimensions of each. */
    public Value matmul(Value other) {
        return trace.write("matmul", this, other);
    }

    /** The Gaussian error linear unit, {@code x·Φ(x)}, in its exact form. */
    public Value gelu() {
        return trace.write("gelu", this);
    }

    /** The same numbers in another shape; one size may be −1. */
    public Value reshape(long... shape) {
        return trace.write("reshape", this, list(shape));
    }

    /** The dimensions in another order. */
    public Value permute(long... dims) {
        return trace.write("permute", this, list(dims));
    }

    /** The dimensions from {@code first} to {@code last} as one. */
    public Value flatten(long first, long last) {
        return trace.write("flatten", this, first, last);
    }

    /** One place of a dimension, which disappears. */
    public Value select(long dim, long index) {
        return trace.write("select", this, dim, index);
    }

    /** All {@code count} places of the first dimension, which disappears. */
    public List<Value> unbind(int count) {
        Value all = trace.write("unbind", this, 0L);
        return IntStream.range(0, count).mapToObj(i -> trace.write(Trace.ITEM, all, (long) i)).toList();
    }

    /** {@code length} places of a dimension from {@code start} on. */
    public Value narrow(long dim, long start, long length) {
        return trace.write("narrow", this, dim, start, length);
    }

    /** The rows of this table that {@code index}, a list of integers, names. */
    public Value rows(Value index) {
        return trace.write("index_select", this, 0L, index);
    }

    /** Rows and columns of {@code [batch, height, width, channels]} moved around by so many, those that leave coming in at the other side. */
    public Value roll(long rows, long columns) {
        return trace.write("roll", this, List.of(rows, columns), List.of(1L, 2L));
    }

    /** Zeros below and to the right of {@code [batch, height, width, channels]}. */
    public Value padBottomRight(long bottom, long right) {
        return trace.write("constant_pad_nd", this, List.of(0L, 0L, 0L, right, 0L, bottom));
    }

    /** Tokens {@code [batch, tokens, width]} behind one that is the same for all pictures, {@code [1, 1, width]}. */
    public Value prepend(Value token) {
        return trace.write(Trace.PREPEND, this, token);
    }

    /** The mean over the given dimensions, in float32 whatever the network computes in. */
    public Value mean(long... dims) {
        return trace.write("mean", float32(), list(dims));
    }

    /** The probabilities that logits {@code [batch, classes]} stand for. */
    public Value softmax() {
        return trace.write("softmax", this, 1L);
    }

    /** The natural logarithm. */
    public Value log() {
        return trace.write("log", this);
    }

    /** The same numbers in the order of their dimensions in memory. */
    public Value contiguous() {
        return trace.write("contiguous", this);
    }

    /** {@link LayerNorm} over the last dimension, of {@code width} numbers. */
    public Value layerNorm(long width, Module.Ref weight, Module.Ref bias, double epsilon) {
        return trace.write("layer_norm", this, List.of(width), weight, bias, epsilon);
    }

    /** {@code x·weightᵀ + bias} over the last dimension; the bias may be {@code null}. */
    public Value linear(Module.Ref weight, Module.Ref bias) {
        return trace.write("linear", this, weight, bias);
    }

    /** Every number times the same factor. */
    public Value times(double factor) {
        return trace.write("mul", this, factor);
    }

    /** The largest of each window of {@code kernel × kernel}. */
    public Value maxPool2d(long kernel, long stride, long padding) {
        return trace.write("max_pool2d", this, List.of(kernel, kernel), List.of(stride, stride), List.of(padding, padding), List.of(1L, 1L), false);
    }

    /** The mean over height and width, in float32 whatever the network computes in: {@code [batch, channels]}. */
    public Value globalAveragePool() {
        return trace.write("flatten", trace.write("adaptive_avg_pool2d", float32(), List.of(1L, 1L)), 1L, -1L);
    }

    /** The mean over a grid of {@code size × size} parts of the picture: {@code [batch, channels, size, size]}. */
    public Value adaptiveAveragePool2d(long size) {
        return trace.write("adaptive_avg_pool2d", this, List.of(size, size));
    }

    /** All but the batch in one dimension: {@code [batch, channels·height·width]}. */
    public Value flatten() {
        return trace.write("flatten", this, 1L, -1L);
    }

    /**
     * Sets the whole array of a picture to zero with the given probability, and scales the rest, while the module that says so is training: what
     * drops a residual block, Huang et al. 2016 (arXiv:1603.09382).
     */
    public Value stochasticDepth(double probability) {
        return probability == 0 || trace.frozen() ? this : trace.use() == Trace.Use.TRAINING ? mul(trace.write(Trace.PICTURE_MASK, this, probability))
            : trace.write(Trace.STOCHASTIC_DEPTH, this, probability, Trace.TRAINING);
    }

    /** Sets values to zero with the given probability, and scales the rest, while the module that says so is training. */
    public Value dropout(double probability) {
        return trace.frozen() ? this : dropped(probability);
    }

    /** The same for values that go into {@code next}, while that is training. */
    public Value dropout(double probability, Module next) {
        return trace.frozen(next) ? this : dropped(probability);
    }

    private Value dropped(double probability) {
        return probability == 0 ? this : trace.use() == Trace.Use.TRAINING ? mul(trace.write(Trace.DROPOUT_MASK, this, probability))
            : trace.write("dropout", this, probability, Trace.TRAINING);
    }

    /** Rows {@code [batch, numbers]} with others' behind each. */
    public Value beside(Value others) {
        return trace.write(Trace.BESIDE, this, others);
    }

    /** Whether the code that is being written is that of training steps. */
    public boolean inTrainingStep() {
        return trace.use() == Trace.Use.TRAINING;
    }

    /** The same numbers in the network's precision. */
    public Value inPrecision() {
        return trace.write(Trace.CAST, this);
    }

    /** The same numbers in float32. */
    public Value float32() {
        return trace.write(Trace.FLOAT32, this);
    }

    private static List<Long> list(long... values) {
        return LongStream.of(values).boxed().toList();
    }
}
