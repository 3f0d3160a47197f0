package graft.torch;

import graft.InputException;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Compiles a module and its numbers to a TorchScript archive ({@code .pt}) that has the module's own structure: nested
 * objects, parameters and buffers under their state-dict names, training and evaluation mode. Graft trains it through DJL, and
 * plain PyTorch opens it with {@code torch.jit.load}.
 *
 * <p>Its {@code forward} takes normalised pictures, float32 {@code [batch, 3, height, width]}, and returns what the module
 * returns. Parameters are float32 in every precision; under {@link Precision#BFLOAT16} the inputs and weights of convolutions
 * and linear layers are cast where they are used, as {@code torch.autocast} does. The module starts in training mode, because
 * that is where DJL believes a loaded module to be.
 */
public final class Archive {
    private Archive() { }

    /**
     * Writes the archive beside {@code file} and moves it into place. Equal input gives equal bytes.
     *
     * @param state holds every entry of the module; counters of batches may be missing, and other entries are left out
     * @throws InputException if an entry is missing or has another shape or type, or if the file cannot be written
     */
    public static void write(Module module, StateDict state, Precision precision, Path file) {
        zip(module, state, precision, false).write(file);
    }

    /** What {@link #write} writes. */
    static byte[] bytes(Module module, StateDict state, Precision precision) {
        return Program.bytes(zip(module, state, precision, false));
    }

    /**
     * The archive with what training needs: methods {@code state}, which returns the arrays of {@link Module#state()} in their order, and
     * {@code forward_training}, which takes a seed for all that is drawn.
     */
    static byte[] withState(Module module, StateDict state, Precision precision) {
        return Program.bytes(zip(module, state, precision, true));
    }

    private static StoredZip zip(Module module, StateDict state, Precision precision, boolean withState) {
        ModuleCode code = new ModuleCode(module, precision, withState);
        TorchPickle.Obj root = object(module, "", state, code);
        String text = withState ? code.text() + code.trainingMethods() : code.text();
        return Program.zip(code.className(module).toLowerCase(Locale.ROOT), text, root);
    }

    private static TorchPickle.Obj object(Module module, String prefix, StateDict state, ModuleCode code) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        module.entries().forEach((name, entry) -> {
            StateTensor tensor = tensor(prefix + name, entry, state);
            attributes.put(name, entry.trains() ? parameter(tensor) : tensor);
        });
        attributes.putAll(module.constants());
        attributes.put("training", true);
        module.children().forEach((name, child) -> attributes.put(name, object(child, prefix + name + ".", state, code)));
        return TorchPickle.object("__torch__." + code.className(module), attributes);
    }

    /** Four dimensions make the weight of a convolution, which lies channels last in memory: gradients then need no copies. */
    private static TorchPickle.Parameter parameter(StateTensor tensor) {
        long[] shape = tensor.shape();
        if (shape.length != 4) {
            return new TorchPickle.Parameter(tensor);
        }
        int in = (int) shape[1];
        int area = (int) (shape[2] * shape[3]);
        float[] values = tensor.toFloats();
        float[] moved = new float[values.length];
        for (int i = 0; i < moved.length; i++) {
            int pixel = i / in;
            moved[i] = values[(pixel / area * in + i % in) * area + pixel % area];
        }
        return new TorchPickle.Parameter(StateTensor.of(moved, moved.length), shape, new long[] {(long) in * area, 1, in * shape[3], in});
    }

    private static StateTensor tensor(String name, Module.Entry entry, StateDict state) {
        long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
        if (entry.value() != null) {
            return entry.value();
        }
        if (entry.type() == DType.INT64 && !state.contains(name)) {
            return StateTensor.of(new long[Math.toIntExact(entry.count())], shape);
        }
        StateTensor stored = state.get(name);
        if (!Arrays.equals(stored.shape(), shape) || entry.type().floating() != stored.dtype().floating()) {
            throw new InputException("%s holds %s as %s where %s %s is wanted".formatted(state.source(), name, stored, entry.type(), entry.shape()));
        }
        if (stored.dtype() == entry.type()) {
            return stored;
        }
        return entry.type() == DType.INT64 ? StateTensor.of(stored.toLongs(), shape) : StateTensor.of(stored.toFloats(), shape);
    }
}
