package graft.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.data.ImageFolder;
import graft.torch.Libtorch;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What a person may get wrong, or an attacker right: each ends in one sentence and status 2 (see {@link Console#refused}), and leaves no run behind. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class BadInputTest {
    @TempDir Path folder;
    private Path data;
    private Path out;

    @BeforeEach
    void twoClassesOfThree() throws IOException {
        data = folder.resolve("data");
        out = folder.resolve("run");
        for (String name : new String[] {"kiwi", "lemon"}) {
            Files.createDirectories(data.resolve(name));
            for (int i = 0; i < 3; i++) {
                Files.copy(ImageFolder.of("builtin:groceries12").root().resolve("train").resolve(name).resolve(i + ".jpg"), data.resolve(name).resolve(i + ".jpg"));
            }
        }
    }

    private void assertRefused(String sentence, String... more) {
        String[] arguments = Arrays.copyOf(new String[] {"--data", data.toString(), "--out", out.toString()}, 4 + more.length);
        System.arraycopy(more, 0, arguments, 4, more.length);
        String refused = Console.quickstart(arguments).refused();
        assertTrue(refused.contains(sentence), refused);
        assertTrue(Files.notExists(out), "a folder is left behind");
    }

    @Test
    void aDataFolder() throws IOException {
        Files.createDirectories(data.resolve("pear"));
        assertRefused(data.resolve("pear") + " is a class without pictures");
        Files.delete(data.resolve("pear"));
        Files.move(data.resolve("lemon"), folder.resolve("lemon"));
        assertRefused(data + " has one class only, kiwi");
        data = folder.resolve("nowhere");
        assertRefused(data + " does not exist");
    }

    @Test
    void unreadablePictures() throws IOException {
        Files.writeString(data.resolve("kiwi/text.jpg"), "this is text\n");
        assertRefused("kiwi/text.jpg is not a picture (it is text)");
        byte[] jpeg = Files.readAllBytes(data.resolve("lemon/0.jpg"));
        Files.write(data.resolve("lemon/0.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
        assertRefused("has 2 files that are no readable pictures: kiwi/text.jpg is not a picture (it is text); JPEG, PNG, GIF, BMP or WebP would be right; lemon/0.jpg ends too early (truncated)");
        Console skipped = Console.quickstart("--data", data.toString(), "--out", out.toString(), "--skip-unreadable");
        assertEquals(0, skipped.status(), skipped.err());
        assertTrue(skipped.err().contains("5 training") && skipped.err().contains("2 unreadable left out"), skipped.err());
    }

    @Test
    void variantsHaveNoPrice() {
        Options options = new Options();
        assertEquals("--price-per-hour 3.0 belongs to --dry-run; give that too, or leave the price out", Console.script(options, () -> Experiment.compare("x", options, all -> {
            throw new AssertionError("refused before anything is read");
        }), "--variants", "--price-per-hour", "3").refused());
    }

    /** libtorch itself, asked for four exabytes. */
    @Test
    void moreThanTheMemoryHolds() {
        assertTrue(Console.script(new Options(), () -> {
            try (NDManager manager = Libtorch.manager()) {
                return (int) manager.zeros(new Shape(1L << 60)).size();
            }
        }).refused().startsWith("there is not enough memory for what libtorch computes"));
    }

    @Test
    void aDecompressionBomb() throws IOException {
        Files.write(data.resolve("kiwi/bomb.png"), png(20_000, 20_000));
        assertRefused("kiwi/bomb.png is too large: 20000×20000 pixels");
    }

    /** A whole PNG of one colour: a few hundred KB that become more than a GB. */
    private static byte[] png(int width, int height) throws IOException {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(pixels, new Deflater(1))) {
            byte[] row = new byte[1 + 3 * width];
            for (int y = 0; y < height / 100; y++) { // the first hundredth of it is bomb enough for a test
                deflate.write(row);
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        chunk(png, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0}).array());
        chunk(png, "IDAT", pixels.toByteArray());
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(content);
        DataOutputStream out = new DataOutputStream(png);
        out.writeInt(content.length);
        out.writeBytes(type);
        out.write(content);
        out.writeInt((int) crc.getValue());
    }

    private void assertWeightsRefused(Path file, String sentence) {
        assertRefused(sentence, "--weights", "mobilenet_v2=" + file);
    }

    @Test
    void weightsThatDoNotFit() {
        Path other = folder.resolve("other.safetensors");
        new StateDict("other").put("conv1.weight", StateTensor.of(new float[64 * 3 * 49], 64, 3, 7, 7)).writeSafetensors(other, Map.of());
        assertWeightsRefused(other, other + " do not fit mobilenet_v2: 260 of its 314 entries are missing (the first: features.0.0.weight); 1 are unexpected (the first: conv1.weight)");
    }

    @Test
    void truncatedWeights() throws IOException {
        StateDict state = new StateDict("some").put("a", StateTensor.of(new float[5000], 5000));
        Path safetensors = folder.resolve("some.safetensors");
        state.writeSafetensors(safetensors, Map.of());
        Files.write(safetensors, Arrays.copyOf(Files.readAllBytes(safetensors), 10_000));
        assertWeightsRefused(safetensors, safetensors + " is damaged or not a safetensors file: a should end at byte 20000 of the data");
        Path pth = folder.resolve("some.pth");
        state.writePth(pth);
        Files.write(pth, Arrays.copyOf(Files.readAllBytes(pth), 10_000));
        assertWeightsRefused(pth, pth + " is damaged or incomplete");
        Files.write(pth, new byte[0]);
        assertWeightsRefused(pth, pth + " is neither a .safetensors file nor one that torch.save wrote");
    }

    @Test
    void weightsThatTryToRunSomething() throws IOException {
        Path mark = folder.resolve("mark");
        byte[] pickle = ("cposix\nsystem\n(Vtouch " + mark + "\ntR.").getBytes(StandardCharsets.UTF_8);
        Path legacy = Files.write(folder.resolve("legacy.pth"), pickle);
        Path zip = folder.resolve("zip.pth");
        try (ZipOutputStream entries = new ZipOutputStream(Files.newOutputStream(zip))) {
            entries.putNextEntry(new ZipEntry("archive/data.pkl"));
            entries.write(pickle);
        }
        for (Path file : new Path[] {legacy, zip}) {
            assertWeightsRefused(file, file.toString());
            assertFalse(Files.exists(mark));
        }
    }

    @Test
    void aHeaderThatLies() throws IOException {
        byte[] header = "{\"features.0.0.weight\":{\"dtype\":\"F32\",\"shape\":[1099511627776],\"data_offsets\":[0,4398046511104]}}".getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("lie.safetensors");
        Files.write(file, ByteBuffer.allocate(8 + header.length + 64).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header).array());
        assertWeightsRefused(file, file + " is damaged or not a safetensors file: features.0.0.weight should end at byte 4398046511104 of the data, of which there are 64");
        Files.write(file, ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 62).put(header).array());
        assertWeightsRefused(file, "its header claims 4611686018427387904 bytes");
    }
}
