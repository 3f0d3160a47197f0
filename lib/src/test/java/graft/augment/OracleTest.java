package graft.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import graft.data.Image;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every explicit transform against all 170 reference results. Graft follows torchvision's PIL back end: the very pixels, but for Gaussian blur, which torchvision
 * computes as a tensor either way (single precision, in an order of its own: one level at most, in one value of a thousand at most).
 *
 * <p>How far torchvision's own tensor back end is from that is asserted too: resizing rounds differently (one level, rarely two; nearest neighbour takes the pixel left of
 * Pillow's); a rotation by nearest neighbour takes another neighbour for one pixel of a thousand, a bilinear one rounds where Pillow cuts off (one level), and fades into
 * the fill over the last half pixel at the edge, where Pillow repeats the edge; grey and means are rounded differently (one level); the hue keeps fractions
 * where Pillow has bytes (up to eight levels).
 */
class OracleTest {
    /** The largest difference in grey levels from the tensor back end, and the largest share of values that differ by more than one. */
    private record Tensor(int most, double beyondOne) { }

    private static final Tensor EQUAL = new Tensor(0, 0);
    private static final Tensor ONE = new Tensor(1, 0);
    private static final Map<String, Tensor> TENSOR = Map.ofEntries(Map.entry("resize", new Tensor(2, 1e-4)), Map.entry("resized_crop", ONE),
        Map.entry("resize nearest", new Tensor(255, 1)), Map.entry("rotate nearest", new Tensor(255, 1e-3)), Map.entry("affine nearest", new Tensor(255, 1e-3)),
        Map.entry("rotate bilinear", new Tensor(255, 0.02)), Map.entry("affine bilinear", new Tensor(255, 0.02)), Map.entry("adjust_contrast", ONE),
        Map.entry("adjust_saturation", ONE), Map.entry("adjust_sharpness", ONE), Map.entry("adjust_hue", new Tensor(8, 0.25)), Map.entry("autocontrast", ONE),
        Map.entry("rgb_to_grayscale", ONE), Map.entry("gaussian_blur", ONE));

    static List<JsonObject> cases() throws IOException {
        return Oracle.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyCase(JsonObject one) throws IOException {
        String operation = one.get("op").getAsString();
        Arguments given = new Arguments(one.getAsJsonObject("arguments"));
        Image expected = Oracle.image(one.get("result").getAsString());
        Image result = result(operation, Oracle.image(one.get("input").getAsString()), given);
        assertEquals(expected.toString(), result.toString());
        Difference difference = Difference.of(expected, result);
        if (operation.equals("gaussian_blur")) {
            assertTrue(difference.most() <= 1 && difference.share() < 1e-3, difference + " " + one);
        } else if (one.get("backend").getAsString().equals("pil")) {
            assertEquals(0, difference.most(), one.toString());
        } else {
            Tensor allowed = TENSOR.getOrDefault(operation + " " + given.text("interpolation", ""), TENSOR.getOrDefault(operation, EQUAL));
            assertTrue(difference.most() <= allowed.most && difference.beyondOne() <= allowed.beyondOne, difference + " " + one);
        }
    }

    /** An operation of {@code torchvision.transforms.functional} on a picture. */
    static Image result(String op, Image image, Arguments given) {
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
            case "rotate" -> Functional.rotate(image, given.number("angle"), i, given.truth("expand", false), given.point("center"), given.fill("fill", Fill.BLACK));
            case "affine" -> Functional.affine(image, given.number("angle"), given.point("translate"), given.number("scale"), given.point("shear"), i,
                given.fill("fill", Fill.BLACK), given.point("center"));
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
