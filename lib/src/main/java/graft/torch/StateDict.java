package graft.torch;

import graft.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A model's named tensors, as PyTorch's {@code state_dict()} gives them, read from and written to {@code .safetensors}
 * and {@code .pth}. Reading maps the file and copies nothing; no code in a file is ever run.
 */
public final class StateDict {
    /** An int8 entry NAME with a float32 entry NAME_scale, one number for each output channel, stands for their product. */
    private static final String SCALE = "_scale";

    private final String source;
    private final Map<String, StateTensor> tensors;
    private final Map<String, String> metadata;

    /** An empty one. @param source what messages call it, such as the file's name */
    public StateDict(String source) {
        this(source, new LinkedHashMap<>(), Map.of());
    }

    private StateDict(String source, Map<String, StateTensor> tensors, Map<String, String> metadata) {
        this.source = source;
        this.tensors = tensors;
        this.metadata = metadata;
    }

    /**
     * Reads a {@code .safetensors} file or what {@code torch.save} wrote, in PyTorch 1.0 or any later one; which of them
     * it is shows in its first bytes, not in its name. A checkpoint may hold the state dict under {@code model},
     * {@code state_dict} or {@code model_ema}. Of a TorchScript archive ({@code torch.jit.save}, {@link Archive}) the tensors of the module are
     * read, by their paths, with those that are constants of the network.
     *
     * <p>An INT8 entry {@code NAME} that has a companion {@code NAME_scale} (FLOAT32, one number an output channel, the
     * first dimension) is given as FLOAT32, int8 × scale; the companion is not listed.
     *
     * @throws graft.InputException if the file is missing, of another kind, damaged, lies about sizes or asks for code
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     */
    public static StateDict read(Path file) {
        try (MappedFile mapped = MappedFile.open(file)) {
            Map<String, String> metadata = new LinkedHashMap<>();
            Map<String, StateTensor> tensors = switch (kind(mapped)) {
                case "zip" -> ZipCheckpoint.read(mapped, metadata);
                case "legacy" -> LegacyCheckpoint.read(mapped);
                case "safetensors" -> Safetensors.read(mapped, metadata);
                default -> throw new InputException("%s is neither a .safetensors file nor one that torch.save wrote"
                        .formatted(file));
            };
            return new StateDict(file.toString(), dequantised(tensors, file), metadata);
        }
    }

    private static String kind(MappedFile file) {
        if (file.size() < 9) {
            return "unknown";
        }
        ByteBuffer start = file.range(0, 9);
        if (start.getInt(0) == 0x04034b50) { // PK 3 4
            return "zip";
        }
        if (start.get(8) == '{') {
            return "safetensors";
        }
        return start.get(0) == (byte) 0x80 && start.get(1) >= 2 && start.get(1) <= 5 ? "legacy" : "unknown";
    }

    private static Map<String, StateTensor> dequantised(Map<String, StateTensor> stored, Path file) {
        Map<String, StateTensor> tensors = new LinkedHashMap<>(stored);
        stored.forEach((name, weight) -> {
            StateTensor scale = stored.get(name + SCALE);
            if (weight.dtype() != DType.INT8 || scale == null) {
                return;
            }
            long[] shape = weight.shape();
            if (scale.dtype() != DType.FLOAT32 || shape.length == 0 || scale.count() != shape[0]) {
                throw new InputException("%s is damaged: %s%s is %s, and %s needs FLOAT32 [%d]".formatted(
                        file, name, SCALE, scale, weight, shape.length == 0 ? 1 : shape[0]));
            }
            if (weight.count() > Integer.MAX_VALUE / Float.BYTES) {
                throw new InputException("%s holds %s with more than 2 GiB".formatted(file, name));
            }
            tensors.put(name, new StateTensor(DType.FLOAT32, shape, () -> product(weight, scale)));
            tensors.remove(name + SCALE);
        });
        return tensors;
    }

    private static ByteBuffer product(StateTensor weight, StateTensor scale) {
        ByteBuffer integers = weight.bytes();
        float[] scales = scale.toFloats();
        ByteBuffer bytes = ByteBuffer.allocate((int) weight.count() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = bytes.asFloatBuffer();
        for (int channel = 0; channel < scales.length; channel++) {
            for (long rest = weight.count() / scales.length; rest > 0; rest--) {
                floats.put(integers.get() * scales[channel]);
            }
        }
        return bytes;
    }

    /** Where it comes from: the file as it was named, for messages. */
    public String source() {
        return source;
    }

    /** The texts in the file beside the tensors: {@code __metadata__} of a {@code .safetensors} file, the extra files of a TorchScript archive. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** The names in their order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    /** @throws InputException if there is no such entry */
    public StateTensor get(String name) {
        StateTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new InputException("%s has no entry %s".formatted(source, name));
        }
        return tensor;
    }

    public boolean contains(String name) {
        return tensors.containsKey(name);
    }

    /** How many entries. */
    public int size() {
        return tensors.size();
    }

    /** Adds an entry behind the others, or replaces one in its place. */
    public StateDict put(String name, StateTensor tensor) {
        tensors.put(name, tensor);
        return this;
    }

    /** These entries, and of another those that are not among them: a network's numbers with some of them trained further. */
    public StateDict over(StateDict base) {
        StateDict all = new StateDict(base.source);
        all.tensors.putAll(base.tensors);
        all.tensors.putAll(tensors);
        return all;
    }

    /**
     * Writes a {@code .safetensors} file, beside {@code file} first.
     *
     * @param metadata texts to go with it, such as {@code format: pt}
     * @throws InputException if it cannot be written; nothing is left behind
     */
    public void writeSafetensors(Path file, Map<String, String> metadata) {
        Safetensors.write(file, tensors, metadata);
    }

    /**
     * Writes the bytes of a {@code .safetensors} file; an interrupt of the thread does not end that.
     *
     * @param metadata as above
     */
    public void writeSafetensors(OutputStream out, Map<String, String> metadata) throws IOException {
        Safetensors.write(out, tensors, metadata);
    }

    /**
     * Writes what {@code torch.load(file, weights_only=True)} reads, in the form of PyTorch 1.6 and later.
     *
     * @throws InputException if it cannot be written; nothing is left behind
     */
    public void writePth(Path file) {
        TorchPickle pickle = new TorchPickle();
        StoredZip zip = new StoredZip();
        zip.add("archive/data.pkl", pickle.write(tensors));
        zip.add("archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        int key = 0;
        for (StateTensor storage : pickle.storages()) {
            zip.add("archive/data/" + key++, storage::bytes);
        }
        zip.add("archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
        zip.write(file);
    }
}
