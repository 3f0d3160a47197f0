package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OrientationTest {
    /** A big-endian TIFF whose only entry is orientation 6. */
    private static final String TIFF = "MM\0*\0\0\0\b\0\1\1\22\0\3\0\0\0\1\0\6\0\0\0\0\0\0";

    @Test void theExifPrefixMayBeThere() {
        assertEquals(6, of(TIFF));
        assertEquals(6, of("Exif\0\0" + TIFF));
    }

    @Test void manyPrefixesAreDamageAndNoMore() {
        assertEquals(1, of("Exif\0\0".repeat(200_000) + TIFF));
    }

    private static int of(String block) {
        byte[] bytes = block.getBytes(StandardCharsets.ISO_8859_1);
        return Orientation.of(bytes, 0, bytes.length);
    }
}
