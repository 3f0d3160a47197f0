package graft.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ZIP files whose directory lies. */
class HostileZipTest {
    @TempDir Path folder;
    private Path file;
    private byte[] good;

    @BeforeEach
    void write() throws Exception {
        file = folder.resolve("a.pth");
        new StateDict("a").put("w", StateTensor.of(new float[] {1, 2, 3}, 3))
                .put("v", StateTensor.of(new float[] {4, 5, 6}, 3)).writePth(file);
        good = Files.readAllBytes(file);
        assertEquals(2, StateDict.read(file).size());
    }

    private String refusal(byte[] content) throws Exception {
        Files.write(file, content);
        String message = assertThrows(InputException.class, () -> StateDict.read(file)).getMessage();
        assertTrue(message.startsWith(file + " "), message);
        return message.substring(file.toString().length() + 1);
    }

    /** Where the central directory's header of an entry starts. */
    private int header(String name) {
        return new String(good, StandardCharsets.ISO_8859_1).lastIndexOf(name) - 46;
    }

    private byte[] with(int at, int value) {
        byte[] changed = good.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return changed;
    }

    @Test
    void aFileCutAnywhereIsRefused() throws Exception {
        for (int length = 9; length < good.length; length += 5) {
            assertTrue(refusal(Arrays.copyOf(good, length)).startsWith("is damaged or incomplete"), "cut at " + length);
        }
    }

    @Test
    void entriesThatOverlapOrLieOutside() throws Exception {
        int header = header("archive/data/1");
        int other = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(header("archive/data/0") + 42);
        for (byte[] lie : new byte[][] {
            with(header + 42, other), with(header + 42, -2), with(header + 42, good.length - 4)}) {
            assertTrue(refusal(lie).startsWith("is damaged"));
        }
        byte[] longer = with(header + 20, 0x7fffffff);
        ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN).putInt(header + 24, 0x7fffffff);
        assertTrue(refusal(longer).startsWith("is damaged"));
        byte[] over = with(header("archive/data/0") + 20, 20);
        ByteBuffer.wrap(over).order(ByteOrder.LITTLE_ENDIAN).putInt(header("archive/data/0") + 24, 20);
        assertEquals("is damaged: its entry archive/data/1 overlaps another or lies outside of the file", refusal(over));
    }

    @Test
    void anEntryShorterThanItsTensor() throws Exception {
        byte[] shorter = with(header("archive/data/0") + 20, 8);
        ByteBuffer.wrap(shorter).order(ByteOrder.LITTLE_ENDIAN).putInt(header("archive/data/0") + 24, 8);
        assertEquals("is damaged: w should have 3 stored elements, and the entry data/0 has 8 bytes", refusal(shorter));
    }

    @Test
    void twoEntriesOfOneName() throws Exception {
        byte[] twice = good.clone();
        twice[header("archive/data/1") + 46 + 13] = '0';
        assertEquals("is damaged: it has two entries archive/data/0", refusal(twice));
    }

    @Test
    void otherZipFiles() throws Exception {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(compressed)) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(new byte[1000]);
        }
        assertEquals("is not as torch.save writes it: its entry archive/data.pkl is compressed or encrypted",
                refusal(compressed.toByteArray()));
        ByteArrayOutputStream photos = new ByteArrayOutputStream();
        new StoredZip().add("photos/1.jpg", new byte[10]).write(photos);
        assertEquals("is a ZIP file, but not one that torch.save wrote: it has no data.pkl", refusal(photos.toByteArray()));
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        new StoredZip().add("a/data.pkl", new byte[10]).add("b/data.pkl", new byte[10]).write(two);
        assertEquals("is a ZIP file, but not one that torch.save wrote: it has more than one data.pkl", refusal(two.toByteArray()));
        ByteArrayOutputStream big = new ByteArrayOutputStream();
        new StoredZip().add("a/data.pkl", new byte[10]).add("a/byteorder", "big".getBytes()).write(big);
        assertTrue(refusal(big.toByteArray()).startsWith("was written on a big-endian machine"));
    }

    @Test
    void noBitChangedBringsAnythingButASentence() throws Exception {
        for (int i = 0; i < good.length; i++) {
            byte[] changed = good.clone();
            changed[i] ^= (byte) (1 << i % 8);
            Files.write(file, changed);
            try {
                StateDict.read(file).get("w").toFloats();
            } catch (InputException sentence) {
                assertTrue(sentence.getMessage().startsWith(file + " "));
            }
        }
    }
}
