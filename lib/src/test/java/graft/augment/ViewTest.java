package graft.augment;

import static graft.augment.Keyword.translate;
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
import static graft.augment.Transforms.randomAdjustSharpness;
import static graft.augment.Transforms.randomAffine;
import static graft.augment.Transforms.randomAutocontrast;
import static graft.augment.Transforms.randomCrop;
import static graft.augment.Transforms.randomEqualize;
import static graft.augment.Transforms.randomErasing;
import static graft.augment.Transforms.randomGrayscale;
import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomInvert;
import static graft.augment.Transforms.randomPosterize;
import static graft.augment.Transforms.randomResizedCrop;
import static graft.augment.Transforms.randomRotation;
import static graft.augment.Transforms.randomSolarize;
import static graft.augment.Transforms.randomVerticalFlip;
import static graft.augment.Transforms.resize;
import static graft.augment.Transforms.trivialAugmentWide;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import graft.data.Image;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A view is a pure function of seed, epoch and picture, through every transform. */
class ViewTest {
    private static final Pipeline ALL = Pipeline.of(padToSquare(), resize(80), randomCrop(72), pad(2), randomHorizontalFlip(), randomVerticalFlip(), randAugment(2, 9),
        autoAugment(), autoAugment(AutoAugmentPolicy.SVHN), autoAugment(AutoAugmentPolicy.CIFAR10), trivialAugmentWide(), augMix(), randomRotation(10),
        colorJitter(0.2, 0.2, 0.5, 0.2), randomAffine(15, translate(0.1, 0.1)), randomAdjustSharpness(2), randomAutocontrast(), randomEqualize(), randomPosterize(4),
        randomSolarize(128), randomInvert(), randomGrayscale(), gaussianBlur(5), kerasRandomZoom(0.2), kerasRandomContrast(0.2),
        randomResizedCrop(64), centerCrop(60), randomErasing());
    private static final int PICTURES = 40;

    private static Image picture(int i) {
        return TransformsTest.noise(70 + i % 7, 90 - i % 5);
    }

    private static String key(long seed, int epoch, int picture) {
        return seed + " " + epoch + " " + picture;
    }

    private static byte[] view(long seed, int epoch, int picture) {
        return ALL.apply(picture(picture), Pipeline.generator(seed, epoch, "train/" + picture + ".jpg")).pixels();
    }

    @Test
    void threadsOrderFoldAndBatchDoNotChangeAView() throws Exception {
        Map<String, byte[]> expected = new HashMap<>();
        for (int epoch = 0; epoch < 2; epoch++) {
            for (int picture = 0; picture < PICTURES; picture++) {
                expected.put(key(3, epoch, picture), view(3, epoch, picture));
            }
        }
        assertEquals(expected.size(), new HashSet<>(expected.values().stream().map(java.util.Arrays::hashCode).toList()).size(), "all differ");
        for (int threads : new int[] {1, 2, 7}) {
            List<Integer> order = new ArrayList<>(IntStream.range(0, PICTURES).boxed().toList());
            Collections.shuffle(order, new Random(threads));
            List<Integer> fold = order.subList(0, PICTURES - threads * 3);
            ExecutorService workers = Executors.newFixedThreadPool(threads);
            try {
                for (int epoch = 1; epoch >= 0; epoch--) {
                    List<Future<?>> batches = new ArrayList<>();
                    for (int start = 0; start < fold.size(); start += threads + 2) {
                        List<Integer> batch = fold.subList(start, Math.min(fold.size(), start + threads + 2));
                        int now = epoch;
                        batches.add(workers.submit(() -> batch.forEach(i -> assertArrayEquals(expected.get(key(3, now, i)), view(3, now, i)))));
                    }
                    for (Future<?> batch : batches) {
                        batch.get();
                    }
                }
            } finally {
                workers.shutdownNow();
            }
        }
    }

    static List<Transform> every() {
        return ALL.transforms();
    }

    @ParameterizedTest
    @MethodSource("every")
    void aTransformLeavesItsPictureAloneAndDependsOnNothingElse(Transform transform) {
        for (int i = 0; i < 12; i++) {
            Image image = TransformsTest.noise(90 + i, 100 - i);
            byte[] before = image.pixels().clone();
            Image first = transform.apply(image, new SplittableRandom(i));
            byte[] pixels = first.pixels().clone();
            Image used = Transforms.resize(50).apply(image, null);   // leaves something in the recycled arrays
            Recycled.free(image, used, image);
            Image second = transform.apply(image, new SplittableRandom(i));
            assertArrayEquals(before, image.pixels(), "the picture given");
            assertArrayEquals(pixels, first.pixels(), "a picture made before");
            assertArrayEquals(pixels, second.pixels(), "made again");
        }
    }

    @ParameterizedTest
    @MethodSource("every")
    void jsonAndBack(Transform transform) {
        Pipeline pipeline = Pipeline.of(transform);
        assertEquals(pipeline, Pipeline.fromJson(JsonParser.parseString(pipeline.toJson().toString())));
        assertTrue(transform.toString().startsWith(transform.name() + "("), transform.toString());
    }

    @Test
    void aTransformFromElsewhereMayKeepItsPicture() {
        List<Image> kept = new ArrayList<>();
        List<byte[]> copies = new ArrayList<>();
        Transform keeping = new graft.augment.elsewhere.Keeping(image -> {
            kept.add(image);
            copies.add(image.pixels().clone());
        });
        Pipeline pipeline = Pipeline.of(randomCrop(60), keeping, colorJitter(0.2, 0.2, 0.5, 0.2), keeping, keeping, randomRotation(10), randomHorizontalFlip(1));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20; i++) {
            pipeline.apply(picture(i), random);
        }
        for (int i = 0; i < kept.size(); i++) {
            assertArrayEquals(copies.get(i), kept.get(i).pixels(), "kept picture " + i);
        }
    }
}
