package graft.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that lie. */
class HostileSafetensorsTest {
    @TempDir Path folder;

    private Path file(long claimed, String header, int data) throws Exception {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(claimed < 0 ? json.length : claimed).put(json);
        return Files.write(folder.resolve("a.safetensors"), bytes.array());
    }

    private String refusal(Path file) {
        String message = assertThrows(InputException.class, () -> StateDict.read(file)).getMessage();
        String start = file + " is damaged or not a safetensors file: ";
        assertTrue(message.startsWith(start), message);
        return message.substring(start.length());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'a': {'dtype': 'F32', 'shape': [3], 'data_offsets': [0, 12]} | a should end at byte 12 of the data, of which there are 8",
        "'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]} | 4 bytes at its end belong to no tensor",
        "'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [4, 8]} | a should begin at byte 0 of the data, not at 4, for all to lie in a row",
        "'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]}, 'b': {'dtype': 'F32', 'shape': [1], 'data_offsets': [4, 8]} | b should begin at byte 8 of the data, not at 4, for all to lie in a row",
        "'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [8, 0]} | a should begin at byte 0 of the data, not at 8, for all to lie in a row",
        "'a': {'dtype': 'F32', 'shape': [3], 'data_offsets': [0, 8]} | a [3] does not fill the 8 bytes that it is given",
        "'a': {'dtype': 'F16', 'shape': [2], 'data_offsets': [0, 8]} | a [2] does not fill the 8 bytes that it is given",
        "'a': {'dtype': 'F32', 'shape': [-2], 'data_offsets': [0, 8]} | a has a negative size or offset",
        "'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [-8, 0]} | a has a negative size or offset",
        "'a': {'dtype': 'F32', 'shape': [4294967296, 4294967296], 'data_offsets': [0, 8]} | a [4294967296, 4294967296] has more than 2 GiB",
        "'a': {'dtype': 'F64', 'shape': [2305843009213693953], 'data_offsets': [0, 8]} | a [2305843009213693953] has more than 2 GiB",
        "'a': {'dtype': 'F4', 'shape': [2], 'data_offsets': [0, 8]} | a has the type F4, of which nothing is known here",
        "'a': {'dtype': 'F32', 'shape': [2]} | a lacks its type, its shape or its two offsets",
        "'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8, 9]} | a lacks its type, its shape or its two offsets",
        "'a': {'dtype': 'F32', 'shape': ['2'], 'data_offsets': [0, 8]} | the shape and the offsets of a are not all numbers",
        "'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8], 'x': 1} | a has an unknown property x",
        "'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]}, 'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]} | its header names a twice",
        "'__metadata__': {}, '__metadata__': {} | its header names __metadata__ twice",
        "'a': {'dtype': 'F32', 'shape': [1.5], 'data_offsets': [0, 8]} | its header is not the JSON that it should be",
        "'a': {'dtype': 'F32', 'shape': [99999999999999999999], 'data_offsets': [0, 8]} | its header is not the JSON that it should be",
        "'a': {'dtype': 'F32', 'shape': 2, 'data_offsets': [0, 8]} | its header is not the JSON that it should be",
        "'a': 1 | its header is not the JSON that it should be",
        "'__metadata__': {'a': {}} | its header is not the JSON that it should be"})
    void aLieIsNamed(String header, String reason) throws Exception {
        assertEquals(reason, refusal(file(-1, "{" + header.replace('\'', '"') + "}", 8)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1000, 100_000_001, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE})
    void aHeadersLengthThatCannotBe(long length) throws Exception {
        Path file = file(Math.max(0, length), "{}      ", 0);
        if (length < 0) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[7] = (byte) 0x80;
            Files.write(file, bytes);
        }
        assertEquals("its header claims " + Long.toUnsignedString(length) + " bytes and the file has 16", refusal(file));
    }

    @Test
    void whatIsNotJsonAsItShouldBe() throws Exception {
        refusal(file(-1, "{\"a\":" + "[".repeat(1_000_000), 0));
        refusal(file(-1, "{\"__metadata__\":" + "{\"a\":".repeat(1_000_000), 0));
        refusal(file(-1, "{\"a", 0));
        refusal(file(-1, "{} {}", 0));
        refusal(file(-1, "{'a': 1}", 0));
        assertEquals("a has more than 64 dimensions",
                refusal(file(-1, "{\"a\":{\"shape\":[" + "1,".repeat(100_000) + "1]}}", 0)));
        Path file = file(-1, "{\"x\":1}", 0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[10] = (byte) 0xff;
        Files.write(file, bytes);
        assertEquals("its header is not UTF-8", refusal(file));
    }

    @Test
    void aFileCutAnywhereIsRefused() throws Exception {
        byte[] good = Files.readAllBytes(StateDictTest.fixture("every-type.safetensors"));
        Path file = folder.resolve("cut.safetensors");
        for (int length = 9; length < good.length; length += 3) {
            Files.write(file, java.util.Arrays.copyOf(good, length));
            refusal(file);
        }
    }

    @Test
    void aScaleThatDoesNotFit() throws Exception {
        Path file = file(-1, """
                {"w":{"dtype":"I8","shape":[2,2],"data_offsets":[12,16]},"w_scale":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", 16);
        assertEquals(file + " is damaged: w_scale is FLOAT32 [3], and INT8 [2, 2] needs FLOAT32 [2]",
                assertThrows(InputException.class, () -> StateDict.read(file)).getMessage());
    }
}
