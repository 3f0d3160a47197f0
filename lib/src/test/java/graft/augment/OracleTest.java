package graft.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.data.Image;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OracleTest {
    static List<JsonObject> cases() throws IOException {
        return Oracle.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void every(JsonObject one) throws IOException {
        Image expected = Oracle.image(one.get("result").getAsString());
        Image result = result(one.get("op").getAsString(), Oracle.image(one.get("input").getAsString()), new Arguments(one.getAsJsonObject("arguments")), one);
        assertEquals(expected.toString(), result.toString());
        int most = 0; int over = 0; int diff = 0;
        for (int i = 0; i < expected.pixels().length; i++) {
            int d = Math.abs((expected.pixels()[i] & 255) - (result.pixels()[i] & 255));
            most = Math.max(most, d);
            over += d > 1 ? 1 : 0;
            diff += d > 0 ? 1 : 0;
        }
        System.out.println("CASE " + one.get("backend").getAsString() + " " + one.get("op").getAsString() + " " + one.get("arguments") + " max " + most + " >0 " + 100.0 * diff / expected.pixels().length + "% >1 " + 100.0 * over / expected.pixels().length + "%");
    }

    static Image result(String op, Image image, Arguments given, JsonObject one) {
        Interpolation i = given.interpolation(Interpolation.NEAREST);
        return switch (op) {
            case "resize" -> new Resize(given.side("size", 0), given.isList("size") ? given.side("size", 1) : 0, i).apply(image, null);
            case "resized_crop" -> Resample.resize(image, new Resample.Box(given.integer("top"), given.integer("left"), given.integer("height"), given.integer("width")),
                given.side("size", 0), given.side("size", 1), new Resample.Box(0, 0, given.side("size", 0), given.side("size", 1)), i);
            case "center_crop" -> new CenterCrop(given.side("output_size", 0), given.side("output_size", 1)).apply(image, null);
            case "pad" -> new Pad(given.element("padding", 0), given.element("padding", 1), given.element("padding", 2), given.element("padding", 3),
                given.fill("fill", Fill.BLACK), PaddingMode.of(given.text("padding_mode", "constant"))).apply(image, null);
            case "hflip" -> Functional.hflip(image);
            case "vflip" -> Functional.vflip(image);
            case "rotate" -> Functional.rotate(image, given.number("angle"), i, given.truth("expand", false), null, given.fill("fill", Fill.BLACK));
            case "affine" -> Functional.affine(image, given.number("angle"), given.point("translate"), given.number("scale"), given.point("shear"), i, Fill.BLACK, null);
            case "adjust_brightness" -> Functional.adjustBrightness(image, given.number("brightness_factor"));
            case "adjust_contrast" -> Functional.adjustContrast(image, given.number("contrast_factor"));
            case "adjust_saturation" -> Functional.adjustSaturation(image, given.number("saturation_factor"));
            case "adjust_sharpness" -> Functional.adjustSharpness(image, given.number("sharpness_factor"));
            case "adjust_hue" -> Functional.adjustHue(image, given.number("hue_factor"));
            case "adjust_gamma" -> Functional.adjustGamma(image, given.number("gamma"));
            case "autocontrast" -> Functional.autocontrast(image);
            case "equalize" -> Functional.equalize(image);
            case "invert" -> Functional.invert(image);
            case "posterize" -> Functional.posterize(image, given.integer("bits"));
            case "solarize" -> Functional.solarize(image, given.number("threshold"));
            case "rgb_to_grayscale" -> Functional.rgbToGrayscale(image);
            case "gaussian_blur" -> Functional.gaussianBlur(image, given.side("kernel_size", 0), given.pair("sigma", 0).low());
            default -> throw new IllegalStateException(op);
        };
    }
}
