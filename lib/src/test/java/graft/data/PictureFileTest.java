package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    static String reason(Path file) {
        return assertThrows(UnreadablePictureException.class, () -> PictureFile.read(file)).getMessage();
    }
}
