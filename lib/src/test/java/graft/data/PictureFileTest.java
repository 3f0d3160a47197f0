package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of picture file against what Pillow reads from it ({@code make_odd.py} beside the resources). */
class PictureFileTest {
    static final Path ODD = Resources.path("odd");

    static List<String> pictures() throws IOException {
        try (Stream<Path> files = Files.list(ODD)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".rgb.png"))
                .map(name -> name.substring(0, name.length() - ".rgb.png".length())).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void readsWhatPillowReads(String name) throws IOException {
        Image expected = expected(name);
        Image read = PictureFile.read(ODD.resolve(name));
        assertEquals(expected.toString(), read.toString());
        int most = 0;
        for (int i = 0; i < read.pixels().length; i++) {
            most = Math.max(most, Math.abs((read.pixels()[i] & 255) - (expected.pixels()[i] & 255)));
        }
        assertEquals(0, most, "largest difference in grey levels");
    }

    /** Read by the JDK alone, so that the expectation does not pass through the code under test. */
    static Image expected(String name) throws IOException {
        var picture = ImageIO.read(ODD.resolve(name + ".rgb.png").toFile());
        byte[] pixels = new byte[picture.getWidth() * picture.getHeight() * 3];
        for (int i = 0; i < pixels.length / 3; i++) {
            int colour = picture.getRGB(i % picture.getWidth(), i / picture.getWidth());
            pixels[i * 3] = (byte) (colour >> 16);
            pixels[i * 3 + 1] = (byte) (colour >> 8);
            pixels[i * 3 + 2] = (byte) colour;
        }
        return new Image(picture.getHeight(), picture.getWidth(), pixels);
    }

    @ParameterizedTest
    @CsvSource({"truncated.jpg", "no-end.jpg", "truncated.png", "truncated.gif", "truncated.bmp", "truncated.webp"})
    void truncated(String name) {
        assertEquals("ends too early (truncated)", reason(ODD.resolve(name)));
    }

    @Test
    void noPictures(@TempDir Path folder) throws IOException {
        assertEquals("is not a picture (it is text); JPEG, PNG, GIF, BMP or WebP would be right", reason(ODD.resolve("text.jpg")));
        assertEquals("is empty", reason(ODD.resolve("empty.jpg")));
        assertEquals("does not exist", reason(folder.resolve("missing.jpg")));
    }

    @Test
    void bombIsRefusedByItsHeader() {
        assertEquals("is too large: 20000×20000 pixels, the limit is 178 megapixels", reason(ODD.resolve("bomb.png")));
    }

    /** Bytes changed and ends cut off at random: a picture, or a reason, and nothing else. */
    @Test
    void damagedFilesEndInAReason(@TempDir Path folder) throws IOException {
        Random random = new Random(11);
        Path file = folder.resolve("damaged");
        int refused = 0;
        for (String name : pictures()) {
            byte[] whole = Files.readAllBytes(ODD.resolve(name));
            for (int i = 0; i < 12; i++) {
                byte[] damaged = i % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
                for (int change = 0; change < i && damaged.length > 0; change++) {
                    int header = Math.min(damaged.length, change % 2 == 0 ? 64 : damaged.length);
                    damaged[random.nextInt(header)] = (byte) random.nextInt(256);
                }
                Files.write(file, damaged);
                try {
                    PictureFile.read(file);
                } catch (UnreadablePictureException e) {
                    refused++;
                    assertFalse(e.getMessage().contains("\n"), e.getMessage());
                }
            }
        }
        assertTrue(refused > 200, refused + " of the damaged files were refused");
    }

    @Test
    void sizesAreCheckedBeforeAnythingIsDecoded(@TempDir Path folder) throws IOException {
        byte[] jpeg = Files.readAllBytes(ODD.resolve("ycbcr-444.jpg"));
        int frame = 0;
        while ((jpeg[frame] & 255) != 0xff || (jpeg[frame + 1] & 255) != 0xc0) {
            frame++;
        }
        for (int i = 5; i < 9; i++) {
            jpeg[frame + i] = (byte) 0xf0;
        }
        assertEquals("is too large: 61680×61680 pixels, the limit is 178 megapixels", reason(Files.write(folder.resolve("a.jpg"), jpeg)));
        byte[] gif = Files.readAllBytes(ODD.resolve("placed.gif"));
        Arrays.fill(gif, 6, 10, (byte) 0xff);
        assertEquals("is too large: 65535×65535 pixels, the limit is 178 megapixels", reason(Files.write(folder.resolve("c.gif"), gif)));
    }

    static String reason(Path file) {
        return assertThrows(UnreadablePictureException.class, () -> PictureFile.read(file)).getMessage();
    }
}
