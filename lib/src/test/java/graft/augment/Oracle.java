package graft.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.data.Image;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Results of torchvision 0.29.2 on Pillow 13.0.0, copied from the reference values' {@code oracle/transforms} (made by its {@code make_transforms.py}):
 * its index, the pictures that it names, and magnitudes and policies.
 */
final class Oracle {
    private static final String FOLDER = "/oracle/transforms/";

    private Oracle() { }

    static List<JsonObject> cases() throws IOException {
        return json("index.json").getAsJsonArray("cases").asList().stream().map(JsonElement::getAsJsonObject).toList();
    }

    static JsonObject json(String name) throws IOException {
        try (InputStream in = Oracle.class.getResourceAsStream(FOLDER + name)) {
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8)).getAsJsonObject();
        }
    }

    static List<JsonObject> cases(String operation) throws IOException {
        return cases().stream().filter(one -> one.get("op").getAsString().equals(operation) && one.get("backend").getAsString().equals("pil")).toList();
    }

    static Image image(String name) throws IOException {
        try (InputStream in = Oracle.class.getResourceAsStream(FOLDER + name)) {
            BufferedImage picture = ImageIO.read(in);
            byte[] pixels = new byte[picture.getWidth() * picture.getHeight() * 3];
            for (int i = 0; i < pixels.length / 3; i++) {
                int colour = picture.getRGB(i % picture.getWidth(), i / picture.getWidth());
                pixels[i * 3] = (byte) (colour >> 16);
                pixels[i * 3 + 1] = (byte) (colour >> 8);
                pixels[i * 3 + 2] = (byte) colour;
            }
            return new Image(picture.getHeight(), picture.getWidth(), pixels);
        }
    }

    static void assertSame(Image expected, Image result, String what) {
        assertEquals(expected.toString(), result.toString(), what);
        assertEquals(0, Difference.of(expected, result).most(), "largest difference in grey levels, " + what);
    }
}
