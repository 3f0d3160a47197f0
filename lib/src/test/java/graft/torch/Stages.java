package graft.torch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the parts of a module give on the way: for tests that want to know where a network goes wrong, not only that it does. */
public final class Stages {
    /** A part's output: its shape, the mean of its numbers, the mean of their absolute values, and the first of them. */
    public record Stage(List<Long> shape, double mean, double meanAbsolute, double first) { }

    private Stages() { }

    /** The outputs of all parts that are called, by their paths, for one picture in evaluation mode and float32. */
    public static Map<String, Stage> of(Module module, StateDict state, ByteBuffer pixels, int size, List<Float> mean, List<Float> std) {
        Map<String, Value> parts = new LinkedHashMap<>();
        try (FrozenProgram program = FrozenProgram.compile(input -> watched(module, input, parts), state, Precision.FLOAT32, mean, std)) {
            float[] numbers = program.run(pixels, 1, size, size)[0];
            Map<String, Stage> stages = new LinkedHashMap<>();
            int at = 0;
            for (String path : parts.keySet()) {
                List<Long> shape = new ArrayList<>();
                for (int rank = (int) numbers[at++]; rank > 0; rank--) {
                    shape.add((long) numbers[at++]);
                }
                stages.put(path, new Stage(shape, numbers[at++], numbers[at++], numbers[at++]));
            }
            return stages;
        }
    }

    /** Rank, shape and the three numbers of each part, one part after the other. */
    private static Value watched(Module module, Value input, Map<String, Value> parts) {
        Watch watch = new Watch(input.trace(), parts);
        module.of(watch.write("contiguous", input));
        parts.remove("");
        List<String> paths = new ArrayList<>(parts.keySet());
        Value all = null;
        for (int i = paths.size() - 1; i >= 0; i--) {
            Value value = parts.get(paths.get(i));
            Value flat = watch.write("reshape", value, List.of(-1L));
            all = before(watch, watch.write("select", flat, 0L, 0L), all);
            all = before(watch, watch.write("mean", watch.write("abs", flat), List.of(0L)), all);
            all = before(watch, watch.write("mean", flat, List.of(0L)), all);
            all = before(watch, watch.write("tensor", watch.write("size", value)), all);
            all = before(watch, watch.write("tensor", watch.write("dim", value)), all);
        }
        return all;
    }

    /** Some numbers and then others: {@code [1, numbers, 1]}. */
    private static Value before(Trace trace, Value numbers, Value others) {
        Value row = trace.write("mul", trace.write("reshape", numbers, List.of(1L, -1L, 1L)), 1.0);
        return others == null ? row : trace.write(Trace.PREPEND, others, row);
    }

    /** Writes into another trace, and remembers what each part gave. */
    private static final class Watch extends Trace {
        private final Trace into;
        private final Map<String, Value> parts;

        Watch(Trace into, Map<String, Value> parts) {
            super(Use.FROZEN);
            this.into = into;
            this.parts = parts;
        }

        @Override
        Value write(String op, Object... operands) {
            Value value = new Value(this, op, Collections.unmodifiableList(Arrays.asList(operands)));
            into.values().add(value);
            return value;
        }

        @Override
        Value call(Module module, Value x) {
            Value result = super.call(module, x);
            parts.put(module.path(), result);
            return result;
        }
    }
}
