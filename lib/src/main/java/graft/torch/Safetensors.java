package graft.torch;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import graft.AtomicFile;
import graft.InputException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;

/**
 * The safetensors format: eight bytes with the header's length, the header (JSON: type, shape and place of each
 * tensor), then the tensors. Specification: github.com/huggingface/safetensors, whose rules are all enforced here: the
 * header has at most 100 MB, and the tensors fill what follows it without gap or overlap.
 */
final class Safetensors {
    private static final long MAX_HEADER = 100_000_000;
    private static final int MAX_DIMENSIONS = 64;
    /** So many bytes are written at once. */
    private static final int BLOCK = 1 << 16;
    private static final Map<String, DType> DTYPES = new HashMap<>();

    static {
        for (DType dtype : DType.values()) {
            DTYPES.put(dtype.safetensors(), dtype);
        }
    }

    private record Entry(String name, DType dtype, long[] shape, long begin, long end) { }

    /** What a header may not say; the message is the reason. */
    private static final class Lie extends Exception {
        private static final long serialVersionUID = 1L;

        Lie(String reason, Object... arguments) {
            super(reason.formatted(arguments));
        }
    }

    private Safetensors() { }

    /**
     * The entries in the order of the header.
     *
     * @param metadata where the header's {@code __metadata__} is put
     * @throws InputException if the file breaks a rule of the format
     */
    static Map<String, StateTensor> read(MappedFile file, Map<String, String> metadata) {
        try {
            long length = file.size() < 8 ? -1 : file.range(0, 8).getLong();
            if (length < 2 || length > MAX_HEADER || length > file.size() - 8) {
                throw new Lie("its header claims %s bytes and the file has %d", Long.toUnsignedString(length), file.size());
            }
            List<Entry> entries = header(file, length, metadata);
            check(entries, file.size() - 8 - length);
            Map<String, StateTensor> tensors = new LinkedHashMap<>();
            for (Entry entry : entries) {
                tensors.put(entry.name, new StateTensor(entry.dtype, entry.shape, file.elements(8 + length + entry.begin, entry.end - entry.begin)));
            }
            return tensors;
        } catch (CancellationException interrupted) {
            throw interrupted;
        } catch (Lie lie) {
            throw damaged(file, lie.getMessage(), lie);
        } catch (CharacterCodingException wrong) {
            throw damaged(file, "its header is not UTF-8", wrong);
        } catch (IOException | JsonParseException | IllegalStateException | NumberFormatException wrong) {
            throw damaged(file, "its header is not the JSON that it should be", wrong);
        }
    }

    private static InputException damaged(MappedFile file, String reason, Exception cause) {
        return new InputException("%s is damaged or not a safetensors file: %s".formatted(file.name(), reason), cause);
    }

    private static List<Entry> header(MappedFile file, long length, Map<String, String> metadata) throws IOException, Lie {
        Map<String, Entry> entries = new LinkedHashMap<>();
        try (JsonReader json = new JsonReader(new InputStreamReader(
                file.cursor(8, 8 + length), StandardCharsets.UTF_8.newDecoder()))) {
            json.setStrictness(Strictness.STRICT);
            json.beginObject();
            boolean described = false;
            while (json.hasNext()) {
                String name = json.nextName();
                boolean twice;
                if (name.equals("__metadata__")) {
                    twice = described;
                    described = true;
                    readMetadata(json, metadata);
                } else {
                    twice = entries.put(name, entry(name, json)) != null;
                }
                if (twice) {
                    throw new Lie("its header names %s twice", name);
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new Lie("something follows the JSON object in its header");
            }
        }
        return new ArrayList<>(entries.values());
    }

    private static void readMetadata(JsonReader json, Map<String, String> metadata) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            metadata.put(json.nextName(), json.nextString());
        }
        json.endObject();
    }

    private static Entry entry(String name, JsonReader json) throws IOException, Lie {
        DType dtype = null;
        long[] shape = null;
        long[] offsets = null;
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            switch (key) {
                case "dtype" -> {
                    String type = json.nextString();
                    dtype = DTYPES.get(type);
                    if (dtype == null) {
                        throw new Lie("%s has the type %s, of which nothing is known here", name, type);
                    }
                }
                case "shape" -> shape = numbers(name, json);
                case "data_offsets" -> offsets = numbers(name, json);
                default -> throw new Lie("%s has an unknown property %s", name, key);
            }
        }
        json.endObject();
        if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
            throw new Lie("%s lacks its type, its shape or its two offsets", name);
        }
        return new Entry(name, dtype, shape, offsets[0], offsets[1]);
    }

    private static long[] numbers(String name, JsonReader json) throws IOException, Lie {
        long[] numbers = new long[MAX_DIMENSIONS];
        int count = 0;
        json.beginArray();
        while (json.hasNext()) {
            if (count == MAX_DIMENSIONS) {
                throw new Lie("%s has more than %d dimensions", name, MAX_DIMENSIONS);
            }
            if (json.peek() != JsonToken.NUMBER) {
                throw new Lie("the shape and the offsets of %s are not all numbers", name);
            }
            numbers[count] = json.nextLong();
            if (numbers[count++] < 0) {
                throw new Lie("%s has a negative size or offset", name);
            }
        }
        json.endArray();
        return Arrays.copyOf(numbers, count);
    }

    /** Each entry is as long as its shape says, and together they fill {@code size} bytes in a row. */
    private static void check(List<Entry> entries, long size) throws Lie {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long position = 0;
        for (Entry entry : sorted) {
            if (entry.end > size) {
                throw new Lie("%s should end at byte %d of the data, of which there are %d", entry.name, entry.end, size);
            }
            if (entry.begin != position || entry.end < entry.begin) {
                throw new Lie("%s should begin at byte %d of the data, not at %d, for all to lie in a row",
                        entry.name, position, entry.begin);
            }
            if (length(entry) != entry.end - entry.begin) {
                throw new Lie("%s %s does not fill the %d bytes that it is given",
                        entry.name, Arrays.toString(entry.shape), entry.end - entry.begin);
            }
            position = entry.end;
        }
        if (position != size) {
            throw new Lie("%d bytes at its end belong to no tensor", size - position);
        }
    }

    private static long length(Entry entry) throws Lie {
        try {
            long length = Math.multiplyExact(StateTensor.count(entry.shape), entry.dtype.size());
            if (length <= Integer.MAX_VALUE) {
                return length;
            }
        } catch (ArithmeticException overflow) {
            // said below
        }
        throw new Lie("%s %s has more than 2 GiB", entry.name, Arrays.toString(entry.shape));
    }

    /** Writes a file, beside it first. */
    static void write(Path file, Map<String, StateTensor> tensors, Map<String, String> metadata) {
        AtomicFile.write(file, out -> write(out, tensors, metadata));
    }

    /**
     * Writes entries in the order given; their data are sorted by element size, so that every tensor is aligned, and
     * the header is padded with spaces for the same reason.
     */
    static void write(OutputStream out, Map<String, StateTensor> tensors, Map<String, String> metadata) throws IOException {
        List<String> inPlace = new ArrayList<>(tensors.keySet());
        inPlace.sort(Comparator.comparingInt(name -> -tensors.get(name).dtype().size()));
        Map<String, Long> begins = new HashMap<>();
        long position = 0;
        for (String name : inPlace) {
            begins.put(name, position);
            position += bytes(tensors.get(name));
        }
        JsonObject header = new JsonObject();
        if (!metadata.isEmpty()) {
            JsonObject strings = new JsonObject();
            new TreeMap<>(metadata).forEach(strings::addProperty); // equal input gives equal bytes, whatever map it comes in
            header.add("__metadata__", strings);
        }
        tensors.forEach((name, tensor) -> header.add(name, describe(tensor, begins.get(name))));
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded.length).array());
        out.write(padded);
        byte[] block = new byte[BLOCK];
        for (String name : inPlace) {
            ByteBuffer bytes = tensors.get(name).bytes();
            while (bytes.hasRemaining()) {
                int count = Math.min(BLOCK, bytes.remaining());
                bytes.get(block, 0, count);
                out.write(block, 0, count);
            }
        }
    }

    private static long bytes(StateTensor tensor) {
        return tensor.count() * tensor.dtype().size();
    }

    private static JsonObject describe(StateTensor tensor, long begin) {
        JsonArray shape = new JsonArray();
        Arrays.stream(tensor.shape()).forEach(shape::add);
        JsonArray offsets = new JsonArray();
        offsets.add(begin);
        offsets.add(begin + bytes(tensor));
        JsonObject entry = new JsonObject();
        entry.addProperty("dtype", tensor.dtype().safetensors());
        entry.add("shape", shape);
        entry.add("data_offsets", offsets);
        return entry;
    }
}
