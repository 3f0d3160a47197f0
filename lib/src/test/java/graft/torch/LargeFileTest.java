package graft.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files beyond 2 and 4 GiB; they are sparse, so that they take little room on the disk. */
class LargeFileTest {
    private static final long GIB = 1L << 30;

    @TempDir Path folder;

    /** Leaves a hole wherever a whole block is zero. */
    private static final class Sparse extends OutputStream {
        private final RandomAccessFile file;

        Sparse(RandomAccessFile file) {
            this.file = file;
        }

        @Override
        public void write(int single) throws IOException {
            file.write(single);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] != 0) {
                    file.write(bytes, offset, length);
                    return;
                }
            }
            file.seek(file.getFilePointer() + length);
        }
    }

    @Test
    void safetensorsBeyondFourGib() throws Exception {
        long[] sizes = {3 * GIB / 2, 3 * GIB / 2, 3 * GIB / 2, 12};
        StringBuilder header = new StringBuilder("{");
        long position = 0;
        for (int i = 0; i < sizes.length; i++) {
            header.append("%s\"t%d\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}".formatted(
                    i == 0 ? "" : ",", i, sizes[i] / 4, position, position + sizes[i]));
            position += sizes[i];
        }
        byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("large.safetensors");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            ByteBuffer start = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
            out.write(start.putLong(json.length).put(json).array());
            out.setLength(out.length() + position);
            out.seek(out.length() - 12);
            out.write(ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).putFloat(2).putFloat(3).array());
            out.seek(8 + json.length + 3 * GIB - 4);
            out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(7).array());
        }
        StateDict dict = StateDict.read(file);
        assertArrayEquals(new float[] {1, 2, 3}, dict.get("t3").toFloats());
        assertEquals(7, dict.get("t1").bytes().getFloat((int) (3 * GIB / 2 - 4)));
        assertEquals(0, dict.get("t2").bytes().getFloat(0));
    }

    /** What ZIP calls ZIP64: entries beyond 4 GiB. */
    @Test
    void pthBeyondFourGib() throws Exception {
        int part = 512 << 20;
        ByteBuffer zeros = ByteBuffer.allocateDirect(part);
        Map<String, StateTensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < 9; i++) {
            tensors.put("zeros" + i, new StateTensor(DType.UINT8, new long[] {part}, () -> zeros));
        }
        tensors.put("last", StateTensor.of(new float[] {1, 2, 3}, 3));
        TorchPickle pickle = new TorchPickle();
        StoredZip zip = new StoredZip().add("large/data.pkl", pickle.write(tensors));
        for (int k = 0; k < pickle.storages().size(); k++) {
            zip.add("large/data/" + k, pickle.storages().get(k)::bytes);
        }
        Path file = folder.resolve("large.pth");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            zip.add("large/version", new byte[] {'3', '\n'}).write(new Sparse(out));
            out.setLength(out.getFilePointer());
        }
        StateDict dict = StateDict.read(file);
        assertEquals(10, dict.size());
        assertArrayEquals(new float[] {1, 2, 3}, dict.get("last").toFloats());
        assertEquals(part, dict.get("zeros8").bytes().remaining());
        assertEquals(0, dict.get("zeros8").bytes().get(part - 1));
    }

    @Test
    void legacyBeyondTwoGib() throws Exception {
        Path file = folder.resolve("legacy.pth");
        byte[] small = Files.readAllBytes(StateDictTest.fixture("legacy-large.pth"));
        long large = 2_500_000_000L;
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            // The fixture ends where the numbers of its first storage, 2,500,000,000 bytes, would begin.
            out.write(small);
            out.seek(small.length + large);
            out.write(ByteBuffer.allocate(8 + 12).order(ByteOrder.LITTLE_ENDIAN).putLong(3).putFloat(1).putFloat(2).putFloat(3).array());
        }
        StateDict dict = StateDict.read(file);
        assertArrayEquals(new float[] {1, 2, 3}, dict.get("last").toFloats());
        assertArrayEquals(new long[] {1_000_000_000}, dict.get("half").shape());
        assertEquals(0, dict.get("half").bytes().get(999_999_999));
    }
}
