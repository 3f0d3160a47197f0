package graft.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.InputException;
import graft.data.Image;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MixUp and CutMix against torchvision's ({@code make_mix.py}), bit for bit. */
class MixTest {
    private static final List<Float> MEAN = List.of(0.485f, 0.456f, 0.406f);
    private static final List<Float> STD = List.of(0.229f, 0.224f, 0.225f);

    private static JsonObject reference() throws IOException {
        try (var in = new InputStreamReader(MixTest.class.getResourceAsStream("/oracle/mix.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        }
    }

    private static Batch batch(JsonObject reference) {
        int height = reference.get("height").getAsInt();
        int width = reference.get("width").getAsInt();
        float[] pixels = new float[reference.get("count").getAsInt() * 3 * height * width];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (i * 37 % 101 - 50) / 32f;
        }
        float[][] targets = new float[reference.get("count").getAsInt()][reference.get("classes").getAsInt()];
        for (int i = 0; i < targets.length; i++) {
            targets[i][reference.getAsJsonArray("labels").get(i).getAsInt()] = 1;
        }
        return new Batch(height, width, MEAN, STD, pixels, targets);
    }

    private static float[] floats(JsonElement array) {
        JsonArray values = array.getAsJsonArray();
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).getAsFloat();
        }
        return floats;
    }

    private static void assertIs(JsonObject expected, Batch result) {
        assertArrayEquals(floats(expected.get("pixels")), result.pixels());
        for (int i = 0; i < result.count(); i++) {
            assertArrayEquals(floats(expected.getAsJsonArray("targets").get(i)), result.targets()[i]);
        }
    }

    @Test
    void explicitFormsAreTorchvisions() throws IOException {
        JsonObject reference = reference();
        Batch batch = batch(reference);
        float[] before = batch.pixels().clone();
        for (JsonElement one : reference.getAsJsonArray("mixup")) {
            assertIs(one.getAsJsonObject(), MixUp.mix(batch, one.getAsJsonObject().get("lambda").getAsDouble()));
        }
        for (JsonElement one : reference.getAsJsonArray("cutmix")) {
            JsonArray box = one.getAsJsonObject().getAsJsonArray("box");
            assertIs(one.getAsJsonObject(), CutMix.cut(batch, box.get(0).getAsInt(), box.get(1).getAsInt(), box.get(2).getAsInt(), box.get(3).getAsInt()));
        }
        assertArrayEquals(before, batch.pixels(), "the batch given stays as it is");
        for (JsonElement element : reference.getAsJsonArray("boxes")) {
            JsonObject one = element.getAsJsonObject();
            JsonArray box = one.getAsJsonArray("box");
            assertEquals(new Resample.Box(box.get(0).getAsInt(), box.get(1).getAsInt(), box.get(2).getAsInt(), box.get(3).getAsInt()),
                CutMix.box(one.get("height").getAsInt(), one.get("width").getAsInt(), one.get("lambda").getAsDouble(), one.get("y").getAsInt(), one.get("x").getAsInt()));
        }
    }

    /** Mean and variance of Beta(a, a): 1/2 and 1 / (8a + 4). */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.2, 1, 4})
    void sharesHaveTheBetaDistribution(double alpha) {
        SplittableRandom random = new SplittableRandom(11);
        int count = 20_000;
        double sum = 0;
        double squares = 0;
        int low = 0;
        for (int i = 0; i < count; i++) {
            double share = Mixture.share(alpha, random);
            assertTrue(share >= 0 && share <= 1);
            sum += share;
            squares += (share - 0.5) * (share - 0.5);
            low += share < 0.25 ? 1 : 0;
        }
        assertEquals(0.5, sum / count, 0.015);
        assertEquals(1 / (8 * alpha + 4), squares / count, 0.006);
        if (alpha == 1) {
            assertEquals(0.25, (double) low / count, 0.012);
        }
    }

    @Test
    void aBatchIsAPureFunctionOfSeedEpochAndIndex() throws IOException {
        Batch batch = batch(reference());
        for (BatchTransform transform : List.of(new MixUp(0.8), new CutMix(1))) {
            Set<List<Float>> targets = new HashSet<>();
            for (long seed = 0; seed < 4; seed++) {
                for (int epoch = 0; epoch < 4; epoch++) {
                    for (int index = 0; index < 4; index++) {
                        Batch first = transform.apply(batch, seed, epoch, index);
                        assertArrayEquals(first.pixels(), transform.apply(batch, seed, epoch, index).pixels());
                        for (float[] row : first.targets()) {
                            float sum = row[0] + row[1] + row[2] + row[3];
                            assertEquals(1, sum, 1e-6);
                        }
                        targets.add(List.of(first.targets()[0][2], first.pixels()[0], first.pixels()[29], first.pixels()[59]));
                    }
                }
            }
            assertTrue(targets.size() > 12, transform + " gives " + targets.size() + " different batches of 64");
        }
    }

    /** Where alpha is 1 a point of the middle lies within the rectangle about as often as torchvision's formula says: simulated apart from the code. */
    @Test
    void rectanglesAreSpreadOverThePicture() {
        SplittableRandom random = new SplittableRandom(3);
        Random other = new Random(5);
        int n = 20_000;
        Batch batch = new Batch(40, 60, MEAN, STD, new float[2 * 3 * 2400], new float[][] {{1, 0}, {0, 1}});
        Arrays.fill(batch.pixels(), 0, 7200, 1f);
        int[] centre = new int[2];
        int[] corner = new int[2];
        double[] area = new double[2];
        for (int i = 0; i < n; i++) {
            if (i < 4000) {
                Batch cut = new CutMix(1).apply(batch, random);
                centre[0] += cut.pixels()[20 * 60 + 30] == 0 ? 1 : 0;
                corner[0] += cut.pixels()[0] == 0 ? 1 : 0;
                area[0] += cut.targets()[0][1];
            }
            double half = 0.5 * Math.sqrt(other.nextDouble());
            int h = (int) (half * 40);
            int w = (int) (half * 60);
            int y = other.nextInt(40);
            int x = other.nextInt(60);
            centre[1] += Math.abs(y - 20) < h && Math.abs(x - 30) < w ? 1 : 0;
            corner[1] += y - h <= 0 && x - w <= 0 && h > 0 && w > 0 ? 1 : 0;
            area[1] += (double) (Math.min(40, y + h) - Math.max(0, y - h)) * (Math.min(60, x + w) - Math.max(0, x - w)) / 2400;
        }
        assertEquals((double) centre[1] / n, centre[0] / 4000.0, 0.05);
        assertEquals((double) corner[1] / n, corner[0] / 4000.0, 0.03);
        assertEquals(area[1] / n, area[0] / 4000, 0.02);
    }

    @Test
    void aBatchHoldsItsPictures() {
        List<Image> images = new ArrayList<>();
        Random random = new Random(2);
        for (int i = 0; i < 3; i++) {
            byte[] pixels = new byte[5 * 7 * 3];
            random.nextBytes(pixels);
            images.add(new Image(5, 7, pixels));
        }
        Batch batch = Batch.of(images, List.of(1, 0, 2), 3, MEAN, STD);
        assertEquals((images.get(1).value(3, 4, 2) / 255f - 0.406f) / 0.225f, batch.pixels()[((1 * 3 + 2) * 5 + 3) * 7 + 4]);
        assertArrayEquals(new float[] {0, 1, 0}, batch.targets()[0]);
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(images.get(i).pixels(), batch.image(i).pixels());
        }
        Batch mixed = MixUp.mix(batch, 0.7);
        assertEquals("b 70\u00a0%, c 30\u00a0%", mixed.describe(0, List.of("a", "b", "c")));
        assertEquals("b", batch.describe(0, List.of("a", "b", "c")));
        assertFalse(Arrays.equals(mixed.pixels(), batch.pixels()));
        assertTrue(assertThrows(InputException.class, () -> new MixUp(0)).getMessage().contains("alpha = 0.0"));
        assertThrows(InputException.class, () -> new CutMix(Double.NaN));
    }

    @Test
    void picturesThatMakeNoBatchAreRefused() {
        Image small = new Image(2, 2, new byte[12]);
        assertEquals("the transforms give pictures of different sizes (2×2 and 3×2 in one batch); end them with a crop, such as centerCrop(224)",
            assertThrows(InputException.class, () -> Batch.of(List.of(small, new Image(3, 2, new byte[18])), List.of(0, 0), 1, MEAN, STD)).getMessage());
        int many = 1 << 28;
        assertTrue(assertThrows(InputException.class, () -> Batch.of(Collections.nCopies(many, small), Collections.nCopies(many, 0), 1, MEAN, STD)).getMessage()
            .contains("--batch"));
    }
}
