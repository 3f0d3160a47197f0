package graft.torch;

import graft.InputException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Compiles a module and its numbers to a TorchScript archive ({@code .pt}) that has the module's own structure: nested
 * objects, parameters and buffers under their state-dict names, training and evaluation mode. Graft trains it through DJL, and
 * plain PyTorch opens it with {@code torch.jit.load}.
 *
 * <p>Its {@code forward} takes normalised pictures, float32 {@code [batch, 3, height, width]}, and returns what the module
 * returns. Parameters are float32 in every precision; under {@link Precision#BFLOAT16} the inputs and weights of convolutions
 * and linear layers are cast where they are used, as {@code torch.autocast} does. A file is for use elsewhere and in
 * evaluation mode; what is compiled to be trained here starts in training mode, because that is where DJL believes a loaded module to be.
 */
public final class Archive {
    private Archive() { }

    /**
     * Writes the archive beside {@code file} and moves it into place. Equal input gives equal bytes.
     *
     * @param state holds every entry of the module; counters of batches may be missing, and other entries are left out
     * @param extra texts that go with it, by their names: {@code torch.jit.load(file, _extra_files={"NAME": ""})} reads them
     * @throws InputException if an entry is missing or has another shape or type, or if the file cannot be written
     */
    public static void write(Module module, StateDict state, Precision precision, Map<String, String> extra, Path file) {
        full(module, state, precision, extra).write(file);
    }

    /** What {@link #write} writes without extra texts. */
    static byte[] bytes(Module module, StateDict state, Precision precision) {
        return Program.bytes(full(module, state, precision, Map.of()));
    }

    /**
     * What training needs, before it is given its numbers: parameters have their shapes and no memory to speak of. Methods more than
     * {@link #write} writes are {@code state}, which returns the arrays of {@link Module#state()} in their order, and
     * {@code forward_training}, which takes a seed for all that is drawn.
     *
     * @param code of the module, for training
     */
    static byte[] empty(Module module, ModuleCode code) {
        StateTensor zero = StateTensor.of(new float[1], 1);
        return Program.bytes(zip(module, code, code.text() + code.trainingMethods(), true, (name, entry) -> {
            long[] shape = shape(entry);
            return entry.value() != null ? entry.value() : entry.trains() ? new TorchPickle.Parameter(zero, shape, new long[shape.length]) : zeros(entry);
        }));
    }

    private static StoredZip full(Module module, StateDict state, Precision precision, Map<String, String> extra) {
        ModuleCode code = new ModuleCode(module, precision);
        StoredZip zip = zip(module, code, code.text(), false, (name, entry) -> {
            StateTensor tensor = tensor(name, entry, state);
            return entry.trains() ? parameter(tensor) : tensor;
        });
        extra.forEach((name, text) -> zip.add(folder(module, code) + "/extra/" + name, text.getBytes(StandardCharsets.UTF_8)));
        return zip;
    }

    /** @param attributes what the archive holds for an entry of the state dict, by its name */
    private static StoredZip zip(Module module, ModuleCode code, String text, boolean training, BiFunction<String, Module.Entry, Object> attributes) {
        return Program.zip(folder(module, code), text, object(module, "", training, attributes, code));
    }

    private static String folder(Module module, ModuleCode code) {
        return code.className(module).toLowerCase(Locale.ROOT);
    }

    private static TorchPickle.Obj object(Module module, String prefix, boolean training, BiFunction<String, Module.Entry, Object> attributes, ModuleCode code) {
        Map<String, Object> all = new LinkedHashMap<>();
        module.entries().forEach((name, entry) -> all.put(name, attributes.apply(prefix + name, entry)));
        all.putAll(module.constants());
        all.put("training", training);
        module.children().forEach((name, child) -> all.put(name, object(child, prefix + name + ".", training, attributes, code)));
        return TorchPickle.object("__torch__." + code.className(module), all);
    }

    /** Four dimensions make the weight of a convolution, which lies channels last in memory: gradients then need no copies. */
    private static TorchPickle.Parameter parameter(StateTensor tensor) {
        long[] shape = tensor.shape();
        if (shape.length != 4) {
            return new TorchPickle.Parameter(tensor);
        }
        StateTensor moved = new StateTensor(DType.FLOAT32, new long[] {tensor.count()}, () -> channelsLast(tensor));
        return new TorchPickle.Parameter(moved, shape, new long[] {shape[1] * shape[2] * shape[3], 1, shape[1] * shape[3], shape[1]});
    }

    private static ByteBuffer channelsLast(StateTensor tensor) {
        int in = (int) tensor.shape()[1];
        int area = (int) (tensor.shape()[2] * tensor.shape()[3]);
        float[] values = tensor.toFloats();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            int pixel = i / in;
            bytes.putFloat(values[(pixel / area * in + i % in) * area + pixel % area]);
        }
        return bytes.flip();
    }

    private static StateTensor zeros(Module.Entry entry) {
        int count = Math.toIntExact(entry.count());
        return entry.type() == DType.INT64 ? StateTensor.of(new long[count], shape(entry)) : StateTensor.of(new float[count], shape(entry));
    }

    private static long[] shape(Module.Entry entry) {
        return entry.shape().stream().mapToLong(Long::longValue).toArray();
    }

    /** An entry's numbers in the type that the module declares. @throws InputException if they are missing or have another shape or type */
    static StateTensor tensor(String name, Module.Entry entry, StateDict state) {
        long[] shape = shape(entry);
        if (entry.value() != null) {
            return entry.value();
        }
        if (entry.type() == DType.INT64 && !state.contains(name)) {
            return zeros(entry);
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
