package graft.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A network that no longer trains, compiled for speed: one flat list of operators, fused ({@link Fusion}), weights stored in the
 * precision that they are used in, channels last. It takes pictures as bytes and normalises them itself.
 */
public final class FrozenProgram implements AutoCloseable {
    private final Program program;
    private final List<LoadCode> loads;
    /** Of one row; null before the first run. */
    private volatile long[] shape;

    private FrozenProgram(Program program, List<LoadCode> loads) {
        this.program = program;
        this.loads = loads;
    }

    /**
     * Compiles a network and gives it its weights.
     *
     * @param body what to compute, usually {@code network::of}; run once
     * @param state holds every entry that {@code body} uses; others are left alone
     * @param mean subtracted from each colour, in units of the colour range
     * @param std divides each colour afterwards
     */
    public static FrozenProgram compile(UnaryOperator<Value> body, StateDict state, Precision precision, List<Float> mean, List<Float> std) {
        return compile(body, state, precision, mean, std, FusedKernels.available(precision));
    }

    /** @param fused whether to use oneDNN's fused kernels, which not every machine has, or libtorch's plain operators */
    static FrozenProgram compile(UnaryOperator<Value> body, StateDict state, Precision precision, List<Float> mean, List<Float> std, boolean fused) {
        Trace trace = new Trace(Trace.Use.FROZEN);
        Value input = trace.input();
        Value result = body.apply(input);
        FrozenCode code = new FrozenCode(Fusion.of(trace, result, precision), precision, fused);
        String methods = code.write(input, result, mean, std);
        FrozenProgram compiled = new FrozenProgram(Program.of(methods, code.attributes()), code.loads());
        try {
            compiled.load(state);
        } catch (RuntimeException failed) {
            compiled.close();
            throw failed;
        }
        return compiled;
    }

    /** Takes other weights, which hold the same entries; not while another thread runs it. */
    public void load(StateDict state) {
        for (LoadCode load : loads) {
            load.run(program, state);
        }
    }

    /**
     * Runs the network on the thread that calls; several may call at once, and share its weights.
     *
     * @param pixels unsigned bytes {@code [count, height, width, 3]} in a direct buffer, from its beginning
     * @return {@code [count][outputs]}, float32; each row in the order of its {@link #shape()}
     */
    public float[][] run(ByteBuffer pixels, int count, int height, int width) {
        ByteBuffer all = pixels.slice(0, Math.multiplyExact(Math.multiplyExact(height, width), 3 * count));
        try (NDManager step = Libtorch.manager()) {
            NDArray bytes = step.create(all, new Shape(count, height, width, 3), DataType.UINT8);
            NDArray result = program.run(step, "forward", Program.array(bytes));
            float[] flat = result.toFloatArray();
            int outputs = flat.length / count;
            if (shape == null) {
                shape = result.getShape().slice(1).getShape();
            }
            float[][] rows = new float[count][];
            for (int i = 0; i < count; i++) {
                rows[i] = Arrays.copyOfRange(flat, i * outputs, (i + 1) * outputs);
            }
            return rows;
        }
    }

    /**
     * The shape of one picture's outputs: {@code [1000]}, {@code [channels, height, width]}.
     *
     * @throws IllegalStateException before the first run
     */
    public long[] shape() {
        if (shape == null) {
            throw new IllegalStateException("the shape of outputs is known after the first run");
        }
        return shape.clone();
    }

    @Override
    public void close() {
        program.close();
    }
}
