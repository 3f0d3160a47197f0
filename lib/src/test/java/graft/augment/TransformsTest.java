package graft.augment;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.randomCrop;
import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomResizedCrop;
import static graft.augment.Transforms.resize;
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

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[3]", "[{}]", "[{\"name\":\"Rezise\",\"size\":3}]", "[{\"name\":\"Resize\"}]", "[{\"name\":\"Resize\",\"size\":0}]",
        "[{\"name\":\"Resize\",\"size\":[3]}]", "[{\"name\":\"Resize\",\"size\":\"big\"}]", "[{\"name\":\"Resize\",\"size\":3,\"antialias\":false}]",
        "[{\"name\":\"Resize\",\"size\":3,\"interpolation\":\"lanczos\"}]", "[{\"name\":\"RandomHorizontalFlip\",\"p\":2}]",
        "[{\"name\":\"RandomResizedCrop\",\"size\":3,\"scale\":[1,0.5]}]", "[{\"name\":\"CenterCrop\",\"size\":[3,0]}]"})
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
}
