package graft.augment;

import static graft.augment.Keyword.center;
import static graft.augment.Keyword.expand;
import static graft.augment.Keyword.fill;
import static graft.augment.Keyword.interpolation;
import static graft.augment.Keyword.paddingMode;
import static graft.augment.Keyword.ratio;
import static graft.augment.Keyword.scale;
import static graft.augment.Keyword.shear;
import static graft.augment.Keyword.translate;
import static graft.augment.Keyword.value;
import static graft.augment.Transforms.augMix;
import static graft.augment.Transforms.autoAugment;
import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.colorJitter;
import static graft.augment.Transforms.gaussianBlur;
import static graft.augment.Transforms.kerasRandomContrast;
import static graft.augment.Transforms.kerasRandomZoom;
import static graft.augment.Transforms.pad;
import static graft.augment.Transforms.padToSquare;
import static graft.augment.Transforms.randAugment;
import static graft.augment.Transforms.randomAffine;
import static graft.augment.Transforms.randomCrop;
import static graft.augment.Transforms.randomErasing;
import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomResizedCrop;
import static graft.augment.Transforms.randomRotation;
import static graft.augment.Transforms.resize;
import static graft.augment.Transforms.trivialAugmentWide;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.InputException;
import graft.data.Image;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformsTest {
    static List<JsonObject> resizes() throws IOException {
        return Oracle.cases("resize");
    }

    static List<JsonObject> resizedCrops() throws IOException {
        return Oracle.cases("resized_crop");
    }

    static List<JsonObject> centerCrops() throws IOException {
        return Oracle.cases("center_crop");
    }

    @ParameterizedTest
    @MethodSource("resizes")
    void resizeIsPillows(JsonObject one) throws IOException {
        JsonObject arguments = one.getAsJsonObject("arguments");
        JsonElement size = arguments.get("size");
        Interpolation interpolation = Interpolation.of(arguments.get("interpolation").getAsString());
        Resize resize = size.isJsonArray() ? resize(side(size, 0), side(size, 1), interpolation) : resize(size.getAsInt(), interpolation);
        Oracle.assertSame(Oracle.image(one.get("result").getAsString()), resize.apply(input(one), null), one.toString());
    }

    @ParameterizedTest
    @MethodSource("resizedCrops")
    void resizedCropIsPillows(JsonObject one) throws IOException {
        JsonObject arguments = one.getAsJsonObject("arguments");
        int height = side(arguments.get("size"), 0);
        int width = side(arguments.get("size"), 1);
        var source = new Resample.Box(arguments.get("top").getAsInt(), arguments.get("left").getAsInt(), arguments.get("height").getAsInt(),
            arguments.get("width").getAsInt());
        Image result = Resample.resize(input(one), source, height, width, new Resample.Box(0, 0, height, width),
            Interpolation.of(arguments.get("interpolation").getAsString()));
        Oracle.assertSame(Oracle.image(one.get("result").getAsString()), result, one.toString());
    }

    @ParameterizedTest
    @MethodSource("centerCrops")
    void centerCropIsTorchvisions(JsonObject one) throws IOException {
        JsonElement size = one.getAsJsonObject("arguments").get("output_size");
        CenterCrop crop = size.isJsonArray() ? centerCrop(side(size, 0), side(size, 1)) : centerCrop(size.getAsInt());
        Oracle.assertSame(Oracle.image(one.get("result").getAsString()), crop.apply(input(one), null), one.toString());
    }

    @Test
    void flipIsTorchvisions() throws IOException {
        for (JsonObject one : Oracle.cases("hflip")) {
            Oracle.assertSame(Oracle.image(one.get("result").getAsString()), randomHorizontalFlip(1).apply(input(one), new SplittableRandom(1)), "hflip");
        }
        Image image = noise(3, 4);
        assertSame(image, randomHorizontalFlip(0).apply(image, new SplittableRandom(1)));
        SplittableRandom random = new SplittableRandom(5);
        long flips = IntStream.range(0, 10_000).filter(i -> randomHorizontalFlip(0.4).apply(image, random) != image).count();
        assertEquals(4000, flips, 200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BILINEAR", "BICUBIC"})
    void aFusedCropChangesNoPixel(Interpolation interpolation) {
        int[][] sizes = {{348, 348}, {300, 411}, {411, 300}, {224, 512}, {256, 256}, {100, 90}, {20, 700}, {31, 30}};
        for (int[] size : sizes) {
            Image image = noise(size[0], size[1]);
            for (int crop : new int[] {224, 225, 31, 256, 300}) {
                Image apart = centerCrop(crop).apply(resize(256, interpolation).apply(image, null), null);
                Image fused = Pipeline.of(resize(256, interpolation), centerCrop(crop)).apply(image, null);
                Oracle.assertSame(apart, fused, image + " crop " + crop);
            }
        }
    }

    @Test
    void shorterSideFollowsTorchvisionsRounding() {
        assertEquals("Image 341×256", resize(256).apply(noise(75, 100), null).toString());
        assertEquals("Image 256×341", resize(256).apply(noise(100, 75), null).toString());
        assertEquals("Image 256×256", resize(256).apply(noise(7, 7), null).toString());
        assertEquals("Image 3×9", resize(9, 3).apply(noise(7, 7), null).toString());
        Image same = noise(256, 300);
        Oracle.assertSame(same, resize(256).apply(same, null), "no change");
    }

    @Test
    void aPictureLikeAThreadIsRefusedUnlessCropped() {
        Image thread = noise(1, 60_000);
        assertTrue(assertThrows(InputException.class, () -> resize(256).apply(thread, null)).getMessage().contains("more than 178 megapixels"));
        assertEquals("Image 224×224", Pipeline.of(resize(256), centerCrop(224)).apply(thread, null).toString());
    }

    @Test
    void randomCropReachesEveryPlaceEquallyOften() {
        Image image = noise(4, 6);
        SplittableRandom random = new SplittableRandom(3);
        int[] places = new int[3 * 5];
        for (int i = 0; i < 15_000; i++) {
            Image crop = randomCrop(2).apply(image, random);
            int place = 0;
            while (!Arrays.equals(crop.pixels(), Resample.crop(image, new Resample.Box(place / 5, place % 5, 2, 2)).pixels())) {
                place++;
            }
            places[place]++;
        }
        for (int count : places) {
            assertEquals(1000, count, 150);
        }
        assertEquals("Image 8×8", randomCrop(8, true).apply(image, random).toString());
        assertTrue(assertThrows(InputException.class, () -> randomCrop(5).apply(image, random)).getMessage().contains("pad_if_needed"));
    }

    @Test
    void randomResizedCropDrawsWithinItsBounds() {
        SplittableRandom random = new SplittableRandom(3);
        RandomResizedCrop crop = randomResizedCrop(32);
        double area = 0;
        int drawn = 5000;
        for (int i = 0; i < drawn; i++) {
            Resample.Box box = crop.draw(300, 400, random);
            assertTrue(box.top() >= 0 && box.left() >= 0 && box.top() + box.height() <= 300 && box.left() + box.width() <= 400);
            double share = box.height() * box.width() / (300.0 * 400);
            double ratio = (double) box.width() / box.height();
            assertTrue(share > 0.078 && share <= 1 && ratio > 0.74 && ratio < 1.35, box.toString());
            area += share / drawn;
        }
        assertEquals(0.435, area, 0.015, "the mean share that torchvision 0.29.2 draws for this size");
        assertEquals(new Resample.Box(0, 373, 40, 53), crop.draw(40, 800, new SplittableRandom(1)));
        assertEquals(new Resample.Box(373, 0, 53, 40), crop.draw(800, 40, new SplittableRandom(1)));
        assertEquals("Image 32×32", crop.apply(noise(70, 50), random).toString());
    }

    @Test
    void jsonAndBack() {
        Pipeline pipeline = Pipeline.of(resize(256), resize(3, 4, Interpolation.BICUBIC), centerCrop(224), centerCrop(3, 4), randomCrop(5), randomCrop(6, true),
            randomResizedCrop(224), randomResizedCrop(224, 0.5, 0.9), randomHorizontalFlip(), randomHorizontalFlip(0.4));
        assertEquals(pipeline, Pipeline.fromJson(JsonParser.parseString(pipeline.toJson().toString())));
        assertEquals("[{\"name\":\"Resize\",\"size\":256,\"interpolation\":\"bilinear\"},{\"name\":\"CenterCrop\",\"size\":224}]",
            Pipeline.of(resize(256), centerCrop(224)).toJson().toString());
        assertEquals("Compose(\n    Resize(size=256, interpolation=bilinear)\n    CenterCrop(size=224)\n)", Pipeline.of(resize(256), centerCrop(224)).toString());
        assertEquals(Pipeline.of(randomHorizontalFlip(), randomResizedCrop(9)),
            Pipeline.fromJson(JsonParser.parseString("[{\"name\":\"RandomHorizontalFlip\"},{\"name\":\"RandomResizedCrop\",\"size\":9}]")));
    }

    @Test
    void everyArgumentComesBack() {
        Pipeline pipeline = Pipeline.of(pad(3), pad(1, 2, 3, 4, fill(9)), pad(2, paddingMode(PaddingMode.REFLECT)), padToSquare(fill(1, 2, 3)),
            randomRotation(10, interpolation(Interpolation.BICUBIC), expand(), center(3, 4.5), fill(124, 116, 104)),
            randomAffine(15, translate(0.1, 0.2), scale(0.8, 1.2), shear(10), interpolation(Interpolation.BILINEAR), fill(7), center(1, 2)),
            randomAffine(0, shear(-1, 2, -3, 4)), randomResizedCrop(32, scale(0.2, 0.9), ratio(1, 2), interpolation(Interpolation.NEAREST)),
            randomErasing(0.25, scale(0.1, 0.2), ratio(0.5, 2), value(1, 2, 3)), colorJitter(0.2, 0, 3, 0.1), gaussianBlur(5), gaussianBlur(3, 1, 1),
            randAugment(3, 5, interpolation(Interpolation.BILINEAR), fill(3)), autoAugment(AutoAugmentPolicy.SVHN, fill(4)), trivialAugmentWide(fill(5)),
            augMix(interpolation(Interpolation.NEAREST)), kerasRandomZoom(0.3), kerasRandomContrast(0.4),
            new KerasRandomZoom(new Range(-0.2, 0.3), new Range(0, 0.1), PaddingMode.EDGE), new KerasRandomContrast(new Range(-0.2, 0.3)));
        assertEquals(pipeline, Pipeline.fromJson(JsonParser.parseString(pipeline.toJson().toString())));
        assertEquals("RandomAffine(degrees=15.0, translate=[0.1, 0.1], interpolation=nearest, fill=0)", randomAffine(15, translate(0.1, 0.1)).toString());
        assertTrue(assertThrows(InputException.class, () -> randomRotation(10, translate(0.1, 0.1))).getMessage().contains("has no argument translate"));
    }

    @Test
    void aPictureIsPaddedToASquare() {
        Image tall = padToSquare(fill(9)).apply(noise(7, 4), null);
        assertEquals("Image 7×7", tall.toString());
        assertEquals(9, tall.value(3, 0, 0));
        assertEquals(noise(7, 4).value(3, 0, 2), tall.value(3, 1, 2));
        assertEquals(9, tall.value(3, 5, 1));
        assertEquals("Image 9×9", padToSquare().apply(noise(2, 9), null).toString());
        Image square = noise(5, 5);
        assertSame(square, padToSquare().apply(square, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[3]", "[{}]", "[{\"name\":\"Rezise\",\"size\":3}]", "[{\"name\":\"Resize\"}]", "[{\"name\":\"Resize\",\"size\":0}]",
        "[{\"name\":\"Resize\",\"size\":[3]}]", "[{\"name\":\"Resize\",\"size\":\"big\"}]", "[{\"name\":\"Resize\",\"size\":3,\"antialias\":false}]",
        "[{\"name\":\"Resize\",\"size\":3,\"interpolation\":\"lanczos\"}]", "[{\"name\":\"RandomHorizontalFlip\",\"p\":2}]",
        "[{\"name\":\"RandomResizedCrop\",\"size\":3,\"scale\":[1,0.5]}]", "[{\"name\":\"CenterCrop\",\"size\":[3,0]}]",
        "[{\"name\":\"CenterCrop\",\"size\":2.5}]", "[{\"name\":\"RandomRotation\"}]", "[{\"name\":\"RandomRotation\",\"degrees\":[10,-10]}]",
        "[{\"name\":\"RandomRotation\",\"degrees\":10,\"fill\":[1,2]}]", "[{\"name\":\"RandomRotation\",\"degrees\":10,\"fill\":256}]",
        "[{\"name\":\"RandomAffine\",\"degrees\":10,\"translate\":[2,0]}]", "[{\"name\":\"RandomAffine\",\"degrees\":10,\"scale\":[0,1]}]",
        "[{\"name\":\"RandomAffine\",\"degrees\":10,\"shear\":90}]", "[{\"name\":\"Pad\",\"padding\":-1}]", "[{\"name\":\"Pad\",\"padding\":[1,2,3]}]",
        "[{\"name\":\"Pad\",\"padding\":1,\"padding_mode\":\"wrap\"}]", "[{\"name\":\"ColorJitter\",\"hue\":0.6}]", "[{\"name\":\"ColorJitter\",\"contrast\":-1}]",
        "[{\"name\":\"GaussianBlur\",\"kernel_size\":4}]", "[{\"name\":\"GaussianBlur\",\"kernel_size\":3,\"sigma\":[0,1]}]",
        "[{\"name\":\"RandomErasing\",\"scale\":[0.5,2]}]", "[{\"name\":\"RandomPosterize\",\"bits\":9}]", "[{\"name\":\"RandomSolarize\"}]",
        "[{\"name\":\"RandAugment\",\"magnitude\":31}]", "[{\"name\":\"RandAugment\",\"num_ops\":1.5}]", "[{\"name\":\"AutoAugment\",\"policy\":\"coco\"}]",
        "[{\"name\":\"AugMix\",\"severity\":11}]", "[{\"name\":\"TrivialAugmentWide\",\"num_magnitude_bins\":1}]", "[{\"name\":\"RandomInvert\",\"bits\":1}]",
        "[{\"name\":\"KerasRandomZoom\",\"height_factor\":-1.5}]", "[{\"name\":\"KerasRandomContrast\",\"factor\":2}]"})
    void wrongJsonIsOneSentence(String json) {
        String message = assertThrows(InputException.class, () -> Pipeline.fromJson(JsonParser.parseString(json))).getMessage();
        assertTrue(message.contains("would be right"), message);
    }

    @Test
    void generatorsDependOnEverySeedEpochAndId() {
        Set<Long> seen = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            for (int epoch = 0; epoch < 20; epoch++) {
                for (int id = 0; id < 20; id++) {
                    seen.add(Pipeline.generator(seed, epoch, "train/" + id + ".jpg").nextLong());
                }
            }
        }
        assertEquals(8000, seen.size());
        assertEquals(Pipeline.generator(3, 4, "a").nextLong(), Pipeline.generator(3, 4, "a").nextLong());
        // Names with the same String.hashCode
        assertTrue(Pipeline.generator(3, 4, "Aa").nextLong() != Pipeline.generator(3, 4, "BB").nextLong());
    }

    static Image noise(int height, int width) {
        byte[] pixels = new byte[height * width * 3];
        new Random(height * 1000L + width).nextBytes(pixels);
        return new Image(height, width, pixels);
    }

    private static Image input(JsonObject one) throws IOException {
        return Oracle.image(one.get("input").getAsString());
    }

    private static int side(JsonElement size, int index) {
        return size.getAsJsonArray().get(index).getAsInt();
    }

    @Test
    void whatWouldBecomeTooLargeIsRefused() {
        Image line = new Image(1, 30_000, new byte[90_000]);
        assertTrue(assertThrows(InputException.class, () -> padToSquare().apply(line, null)).getMessage().contains("30000×30000 of it, more than 178 megapixels"));
        assertTrue(assertThrows(InputException.class, () -> Warp.rotate(line, 45, Interpolation.NEAREST, true, null, Fill.BLACK)).getMessage()
            .contains("more than 178 megapixels"));
    }

    @Test
    void anArgumentOfTheWrongKindIsRefused() {
        JsonElement json = JsonParser.parseString("[{\"name\": \"RandomAffine\", \"degrees\": 10, \"translate\": 0.1}]");
        assertTrue(assertThrows(InputException.class, () -> Pipeline.fromJson(json)).getMessage().contains("\"translate\":0.1"));
    }
}
