package graft.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.data.Image;
import graft.oracle.Formula;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code make_cases.py} had torchvision, Pillow and Keras make: tiny pictures, all interpolations, all colours, every operation of the automatic augmentations. */
class MoreCasesTest {
    private static JsonObject json() throws IOException {
        try (InputStream in = MoreCasesTest.class.getResourceAsStream("cases.json")) {
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8)).getAsJsonObject();
        }
    }

    static Stream<JsonObject> pillow() throws IOException {
        return json().getAsJsonArray("cases").asList().stream().map(JsonElement::getAsJsonObject);
    }

    static Stream<JsonObject> keras() throws IOException {
        return json().getAsJsonArray("keras").asList().stream().map(JsonElement::getAsJsonObject);
    }

    @ParameterizedTest
    @MethodSource("pillow")
    void everyPixelIsPillows(JsonObject one) throws IOException {
        Image image = input(one.get("input").getAsString());
        Arguments given = new Arguments(one.getAsJsonObject("arguments"));
        String operation = one.get("op").getAsString();
        Image result = operation.equals("apply") ? applied(image, given) : OracleTest.result(operation, image, given);
        CRC32 crc = new CRC32();
        crc.update(result.pixels());
        assertEquals(one.getAsJsonArray("size").get(0).getAsInt(), result.height());
        assertEquals(one.get("crc").getAsString(), String.format("%08x", crc.getValue()), one.toString());
    }

    private static Image applied(Image image, Arguments given) {
        Operation operation = Stream.of(Operation.values()).filter(each -> each.toString().equals(given.text("operation", ""))).findFirst().orElseThrow();
        return Operation.apply(image, List.of(new Operation.Step(operation, given.number("magnitude"))), given.interpolation(Interpolation.NEAREST),
            given.fill("fill", Fill.BLACK));
    }

    @ParameterizedTest
    @MethodSource("keras")
    void levelsAreKerassRounded(JsonObject one) throws IOException {
        Image image = input("21x30");
        JsonObject given = one.getAsJsonObject("arguments");
        Image result;
        if (one.get("layer").getAsString().equals("RandomZoom")) {
            PaddingMode mode = one.get("fill_mode").getAsString().equals("reflect") ? PaddingMode.SYMMETRIC : PaddingMode.EDGE;
            result = KerasRandomZoom.zoomed(image, given.get("height_zoom").getAsDouble(), given.get("width_zoom").getAsDouble(), mode);
        } else {
            result = KerasRandomContrast.contrasted(image, given.get("contrast_factor").getAsDouble());
        }
        JsonArray levels = one.getAsJsonArray("levels");
        assertEquals(levels.size(), result.pixels().length);
        for (int i = 0; i < levels.size(); i++) {
            assertEquals(levels.get(i).getAsDouble(), result.pixels()[i] & 255, 0.51, "value " + i);
        }
    }

    private static Image input(String name) throws IOException {
        if (name.endsWith(".png")) {
            return Oracle.image(name);
        }
        if (name.equals("colours")) {
            byte[] pixels = new byte[3 << 24];
            for (int colour = 0; colour < 1 << 24; colour++) {
                pixels[colour * 3] = (byte) (colour >> 16);
                pixels[colour * 3 + 1] = (byte) (colour >> 8);
                pixels[colour * 3 + 2] = (byte) colour;
            }
            return new Image(1 << 12, 1 << 12, pixels);
        }
        int height = Integer.parseInt(name.split("x")[0]);
        int width = Integer.parseInt(name.split("x")[1]);
        assertTrue(height > 0 && width > 0);
        return new Image(height, width, Formula.image(height, width, "image"));
    }
}
