package graft.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files written by PyTorch 2.15 and safetensors 0.8; {@code make_fixtures.py} beside them is how. */
class StateDictTest {
    @TempDir Path folder;

    static Path fixture(String name) throws Exception {
        return Path.of(StateDictTest.class.getResource(name).toURI());
    }

    static JsonObject expected() throws Exception {
        return JsonParser.parseString(Files.readString(fixture("expected.json"))).getAsJsonObject();
    }

    static Stream<String> files() throws Exception {
        return expected().keySet().stream();
    }

    static void assertHolds(JsonArray expected, StateDict actual) {
        List<String> names = new ArrayList<>();
        for (JsonElement element : expected) {
            JsonObject entry = element.getAsJsonObject();
            String name = entry.get("name").getAsString();
            names.add(name);
            StateTensor tensor = actual.get(name);
            assertEquals(entry.get("dtype").getAsString(), tensor.dtype().name(), name);
            assertArrayEquals(entry.getAsJsonArray("shape").asList().stream().mapToLong(JsonElement::getAsLong).toArray(),
                    tensor.shape(), name);
            double[] values = entry.getAsJsonArray("values").asList().stream()
                    .mapToDouble(v -> Double.parseDouble(v.getAsString().replace("inf", "Infinity"))).toArray();
            assertEquals(values.length, tensor.count());
            float[] floats = tensor.toFloats();
            for (int i = 0; i < values.length; i++) {
                assertEquals((float) values[i], floats[i], name + " " + i);
                if (!tensor.dtype().floating()) {
                    assertEquals((long) values[i], tensor.toLongs()[i], name + " " + i);
                }
            }
        }
        // In another order perhaps: the safetensors library sorts by type and name.
        assertEquals(names.stream().sorted().toList(), actual.names().stream().sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("files")
    void readsWhatPythonWrote(String file) throws Exception {
        StateDict read = StateDict.read(fixture(file));
        assertHolds(expected().getAsJsonArray(file), read);
        if (file.endsWith(".pth")) {
            assertEquals(expected().getAsJsonArray(file).asList().stream()
                    .map(e -> e.getAsJsonObject().get("name").getAsString()).toList(), List.copyOf(read.names()));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatItWritesItReads(String file) throws Exception {
        StateDict read = StateDict.read(fixture(file));
        Path safetensors = folder.resolve("a.bin");
        read.writeSafetensors(safetensors, Map.of("format", "pt", "note", "ä"));
        StateDict again = StateDict.read(safetensors);
        assertHolds(expected().getAsJsonArray(file), again);
        assertEquals(List.copyOf(read.names()), List.copyOf(again.names()));
        Path pth = folder.resolve("b.bin");
        again.writePth(pth);
        assertHolds(expected().getAsJsonArray(file), StateDict.read(pth));
    }

    @ParameterizedTest
    @MethodSource("files")
    void anInterruptIsNoDamage(String file) {
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, () -> StateDict.read(fixture(file)));
        assertTrue(Thread.interrupted());
    }

    @Test
    void everyTensorOfAWrittenSafetensorsFileIsAligned() throws Exception {
        Path file = folder.resolve("a.safetensors");
        StateDict.read(fixture("every-type.safetensors")).writeSafetensors(file, Map.of());
        byte[] bytes = Files.readAllBytes(file);
        long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertEquals(0, header % 8);
        JsonObject json = JsonParser.parseString(new String(bytes, 8, (int) header)).getAsJsonObject();
        for (String name : json.keySet()) {
            JsonObject entry = json.getAsJsonObject(name);
            int size = StateDict.read(file).get(name).dtype().size();
            assertEquals(0, entry.getAsJsonArray("data_offsets").get(0).getAsLong() % size, name);
        }
    }

    @Test
    void valuesGivenAreCopiedAndCannotBeChanged() {
        float[] values = {1, 2};
        StateTensor tensor = StateTensor.of(values, 2);
        values[0] = 9;
        tensor.shape()[0] = 9;
        assertArrayEquals(new float[] {1, 2}, tensor.toFloats());
        assertTrue(tensor.bytes().isReadOnly());
        assertEquals(ByteOrder.LITTLE_ENDIAN, tensor.bytes().order());
        assertThrows(IllegalArgumentException.class, () -> StateTensor.of(values, 3));
        assertThrows(IllegalStateException.class, tensor::toLongs);
        StateDict dict = new StateDict("made").put("a", tensor);
        assertTrue(dict.contains("a"));
        assertFalse(dict.contains("b"));
        assertEquals("made has no entry b", assertThrows(InputException.class, () -> dict.get("b")).getMessage());
    }

    @Test
    void everyHalfIsConvertedExactly() {
        for (int bits = 0; bits < 0x10000; bits++) {
            int exponent = bits >> 10 & 31;
            int fraction = bits & 1023;
            double value = exponent == 31 ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                    : exponent == 0 ? Math.scalb(fraction, -24) : Math.scalb(1024 + fraction, exponent - 25);
            assertEquals((float) (bits < 0x8000 ? value : -value), HalfFloat.toFloat((short) bits), "0x" + Integer.toHexString(bits));
        }
    }

    @Test
    void whatCannotBeWrittenIsSaidAndLeavesNothing() throws Exception {
        StateDict dict = new StateDict("a").put("x", StateTensor.of(new float[] {1}, 1));
        Path notAFolder = Files.writeString(folder.resolve("text"), "");
        Path inside = notAFolder.resolve("a.pth");
        assertTrue(assertThrows(InputException.class, () -> dict.writePth(inside)).getMessage()
                .startsWith(inside + " cannot be written: "));
        Path file = folder.resolve("b.safetensors");
        Files.writeString(file, "before");
        StateDict broken = new StateDict("b").put("x", new StateTensor(DType.FLOAT32, new long[] {1}, () -> {
            throw new InputException("the disk is gone");
        }));
        assertThrows(InputException.class, () -> broken.writeSafetensors(file, Map.of()));
        assertThrows(InputException.class, () -> broken.writePth(file));
        assertEquals("before", Files.readString(file));
        assertEquals(2, Files.list(folder).count());
    }

    @Test
    void aFileOfAnotherKindIsNamed() throws Exception {
        Path missing = folder.resolve("missing.pth");
        assertEquals(missing + " does not exist",
                assertThrows(InputException.class, () -> StateDict.read(missing)).getMessage());
        assertEquals(folder + " is not a file", assertThrows(InputException.class, () -> StateDict.read(folder)).getMessage());
        Path text = Files.writeString(folder.resolve("page.pth"), "<html>not found</html>");
        assertEquals(text + " is neither a .safetensors file nor one that torch.save wrote",
                assertThrows(InputException.class, () -> StateDict.read(text)).getMessage());
        assertThrows(InputException.class, () -> StateDict.read(Files.createFile(folder.resolve("empty.pth"))));
    }

    /** The folder {@code shared} beside the checkout, which has real weights. */
    static Path shared(String file) {
        String named = System.getProperty("graft.shared");
        if (named != null && Files.exists(Path.of(named, "weights", file))) {
            return Path.of(named, "weights", file);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("shared/weights").resolve(file))) {
                return at.resolve("shared/weights").resolve(file);
            }
        }
        assumeTrue(false, "skipped: no ../shared/weights/" + file);
        return null;
    }

    @Test
    void realWeightsOfThreeFormatsAgree() {
        StateDict float32 = StateDict.read(shared("mobilenet_v2-3324e62d.pth"));
        StateDict int8 = StateDict.read(shared("mobilenet_v2_features_int8-a00c9c3d.safetensors"));
        assertEquals(314, float32.size());
        assertArrayEquals(new long[] {32, 3, 3, 3}, float32.get("features.0.0.weight").shape());
        int quantised = 0;
        for (String name : int8.names()) {
            assertFalse(name.endsWith("_scale"));
            StateTensor tensor = int8.get(name);
            assertArrayEquals(float32.get(name).shape(), tensor.shape(), name);
            float[] exact = float32.get(name).toFloats();
            float[] close = tensor.toFloats();
            if (name.matches(".*\\.(0|1|2)\\.weight") && tensor.shape().length == 4) {
                quantised++;
            }
            float largest = 0;
            float error = 0;
            for (int i = 0; i < exact.length; i++) {
                largest = Math.max(largest, Math.abs(exact[i]));
                error = Math.max(error, Math.abs(exact[i] - close[i]));
            }
            assertTrue(error <= largest / 100, name + " differs by " + error + " of " + largest);
        }
        assertTrue(quantised > 10);
    }

    @Test
    void realHalfPrecisionWeightsAreRead() {
        StateDict resnet = StateDict.read(shared("resnet50-c35ce055.safetensors"));
        StateTensor stem = resnet.get("conv1.weight");
        assertEquals(DType.FLOAT16, stem.dtype());
        assertArrayEquals(new long[] {64, 3, 7, 7}, stem.shape());
        double sum = 0;
        for (float value : resnet.get("fc.weight").toFloats()) {
            sum += value;
        }
        assertEquals(320, resnet.size());
        assertEquals(-73919.51433801651, sum, 1e-6); // as safetensors.torch.load_file gives it
    }
}
