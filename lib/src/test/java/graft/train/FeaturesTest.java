package graft.train;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.randomCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.SystemProperty;
import graft.InputException;
import graft.Progress;
import graft.Small;
import graft.augment.Pipeline;
import graft.augment.Transform;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.Head;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.Image;
import graft.data.Picture;
import graft.data.Split;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

class FeaturesTest {
    private static final Pipeline VIEW = Pipeline.of(resize(64), centerCrop(64));
    private static final Pipeline RANDOM = Pipeline.of(resize(72), randomCrop(64));
    private static final List<Picture> PICTURES = Small.pictures().train();

    private static Features features() throws InterruptedException {
        Backbone backbone = Backbones.create("mobilenet_v2", 12);
        Weights weights = Weights.published(Pretrained.builtin("mobilenet_v2"));
        return new Features(backbone, weights.load(backbone, false, Progress.SILENT), Precision.FLOAT32, weights.preprocessing().mean(), weights.preprocessing().std());
    }

    private static Features features(FeatureStore store, boolean keeps) throws InterruptedException {
        Backbone backbone = Backbones.create("mobilenet_v2", 12);
        Weights weights = Weights.published(Pretrained.builtin("mobilenet_v2"));
        return new Features(new Inference(backbone, backbone::features, weights.load(backbone, false, Progress.SILENT), Precision.FLOAT32,
            weights.preprocessing().mean(), weights.preprocessing().std()), store, keeps);
    }

    /** Counts how often a view is made. */
    private record Counting(AtomicInteger views) implements Transform {
        @Override
        public Image apply(Image image, RandomGenerator random) {
            views.incrementAndGet();
            return image;
        }

        @Override
        public String name() {
            return "Counting";
        }

        @Override
        public Map<String, Object> arguments() {
            return Map.of();
        }
    }

    /** Also where the pictures share micro-batches of other sizes with other neighbours. */
    @Test
    void orderAndNeighboursChangeNothing() throws Exception {
        try (Features all = features(); Features some = features()) {
            float[][] expected = all.of(PICTURES, VIEW, 0, 0, Progress.SILENT);
            assertEquals(36, expected.length);
            assertEquals(1280, expected[0].length);
            List<Integer> order = new ArrayList<>(List.of(35, 0, 17, 4, 30, 9, 21, 2, 11, 33, 5));
            float[][] few = some.of(order.stream().map(PICTURES::get).toList(), VIEW, 0, 0, Progress.SILENT);
            for (int i = 0; i < few.length; i++) {
                assertArrayEquals(expected[order.get(i)], few[i], "picture " + order.get(i));
            }
            assertArrayEquals(expected[20], some.of(PICTURES.subList(20, 21), VIEW, 0, 0, Progress.SILENT)[0]);
            List<Picture> reversed = new ArrayList<>(PICTURES);
            Collections.reverse(reversed);
            assertArrayEquals(expected[3], some.of(reversed, VIEW, 0, 0, Progress.SILENT)[32]);
            assertEquals(0, some.of(List.of(), VIEW, 0, 0, Progress.SILENT).length);
        }
    }

    @Test
    void eachViewIsComputedOnce() throws Exception {
        AtomicInteger views = new AtomicInteger();
        Pipeline counted = Pipeline.of(resize(64), centerCrop(64), new Counting(views));
        try (Features features = features()) {
            float[][] first = features.of(PICTURES.subList(0, 9), counted, 0, 0, Progress.SILENT);
            // Another seed and epoch, of which a pipeline that draws nothing does not know; two pictures more, one of them twice.
            float[][] second = features.of(List.of(PICTURES.get(10), PICTURES.get(4), PICTURES.get(11), PICTURES.get(11)), counted, 5, 3, Progress.SILENT);
            assertEquals(11, views.get());
            assertSame(first[4], second[1]);
            assertSame(second[2], second[3]);
        }
    }

    @Test
    void everyEpochHasViewsOfItsOwnWhereThePipelineDraws() throws Exception {
        List<Picture> few = PICTURES.subList(0, 3);
        try (Features features = features(); Features again = features()) {
            float[][] first = features.of(few, RANDOM, 1, 0, Progress.SILENT);
            assertFalse(Arrays.equals(first[0], features.of(few, RANDOM, 1, 1, Progress.SILENT)[0]), "another epoch");
            assertFalse(Arrays.equals(first[0], features.of(few, RANDOM, 2, 0, Progress.SILENT)[0]), "another seed");
            assertArrayEquals(first[0], again.of(few, RANDOM, 1, 0, Progress.SILENT)[0]);
            assertSame(first[0], features.of(few, RANDOM, 1, 0, Progress.SILENT)[0]);
        }
    }

    @Test
    void rowsOnDiskHaveTheSameBits(@TempDir Path folder) throws Exception {
        try (Features heap = features(); Features disk = features(new FeatureStore(folder, 2 * 1280 * 4, 1 << 20, 8 * 1280 * 4), true)) {
            assertArrayEquals(heap.of(PICTURES, VIEW, 0, 0, Progress.SILENT), disk.of(PICTURES, VIEW, 0, 0, Progress.SILENT));
            assertArrayEquals(heap.of(PICTURES.subList(30, 36), VIEW, 0, 0, Progress.SILENT), disk.of(PICTURES.subList(30, 36), VIEW, 0, 0, Progress.SILENT));
        }
    }

    /** Heads, histories and logits of a cross-validation with views that draw: all the same bits whether or not folds share what a view gives. */
    @Test
    void foldsHaveTheSameBitsWithoutTheCache(@TempDir Path folder) throws Exception {
        Recipe recipe = Small.recipe().train(resize(72), randomCrop(64));
        List<Split.Fold> folds = recipe.split().of(recipe.data().train(), 12, recipe.seed());
        AtomicInteger shared = new AtomicInteger();
        AtomicInteger afresh = new AtomicInteger();
        Trained cached;
        Trained uncached;
        try (Features kept = features(new FeatureStore(folder, 1 << 24, 0, 1 << 20), true);
             BackboneTrainee trainee = BackboneTrainee.load(recipe, recipe.members().get(0), counting(shared)).with(kept)) {
            cached = Trained.backbone(recipe, trainee, folds, null, Progress.SILENT);
        }
        try (Features forgotten = features(new FeatureStore(folder, 0, 0, 1 << 20), false);
             BackboneTrainee trainee = BackboneTrainee.load(recipe, recipe.members().get(0), counting(afresh)).with(forgotten)) {
            uncached = Trained.backbone(recipe, trainee, folds, null, Progress.SILENT);
        }
        assertEquals(36 + 36 + 2 * 36, shared.get(), "views: training and test pictures, and two epochs of training pictures");
        assertTrue(afresh.get() > 2 * shared.get(), "views without the cache: " + afresh);
        assertArrayEquals(cached.weights().get("classifier.1.weight").toFloats(), uncached.weights().get("classifier.1.weight").toFloats());
        assertEquals(cached.histories().keySet(), uncached.histories().keySet());
        cached.histories().forEach((name, history) -> assertEquals(history.epochs(), uncached.histories().get(name).epochs()));
        assertEquals(cached.validationLogits().keySet(), uncached.validationLogits().keySet());
        cached.validationLogits().forEach((id, logits) -> assertArrayEquals(logits, uncached.validationLogits().get(id)));
        assertArrayEquals(cached.testLogits(), uncached.testLogits());
    }

    @Test
    void headsAndLearningRatesShareViewsAndComeToTheSameBitsAsEachAlone() throws Exception {
        Recipe recipe = Small.recipe().train(resize(72), randomCrop(64));
        List<Recipe> list = List.of(recipe, recipe.optimizer(Optimizer.adamW(1e-2)), recipe.head(Head.mlp(16, 0.5)), recipe.loss(Loss.crossEntropy().labelSmoothing(0.1)));
        AtomicInteger views = new AtomicInteger();
        try (SharedFeatures shared = new SharedFeatures()) {
            for (Recipe one : list) {
                Trained together = Fit.of(one, null, shared, counting(views)).result();
                Trained alone = Fit.of(one, null, Progress.SILENT).result();
                assertEquals(alone.histories().keySet(), together.histories().keySet());
                alone.histories().forEach((name, history) -> assertEquals(history.epochs(), together.histories().get(name).epochs()));
                assertArrayEquals(alone.testLogits(), together.testLogits());
            }
            assertEquals(36 + 36 + 2 * 36, views.get(), "views: training and test pictures, and two epochs of training pictures");
            Fit.of(recipe.precision(Precision.BFLOAT16), null, shared, counting(views));
            assertEquals(2 * (36 + 36 + 2 * 36), views.get());
            Fit.of(recipe.seed(recipe.seed() + 1), null, shared, counting(views));
            assertEquals(2 * (36 + 36 + 2 * 36) + 2 * 36, views.get(), "another seed draws other views, and judges by the same");
        }
    }

    private static Progress counting(AtomicInteger views) {
        return (name, total, unit) -> {
            views.addAndGet(name.equals("features") ? (int) total : 0);
            return Progress.SILENT.start(name, total, unit);
        };
    }

    @Test
    void theDecodedCacheChangesNoFeature(@TempDir Path folder) throws Exception {
        List<Picture> few = PICTURES.subList(0, 5);
        String size = System.getProperty("graft.cache.gb");
        String before = System.getProperty("graft.cache");
        try (Features decoded = features(); Features cached = features()) {
            float[][][] expected = {decoded.of(few, RANDOM, 1, 0, Progress.SILENT), decoded.of(few, RANDOM, 1, 1, Progress.SILENT)};
            System.setProperty("graft.cache.gb", "0.1");
            System.setProperty("graft.cache", folder.toString());
            for (int epoch = 0; epoch < 2; epoch++) {
                float[][] features = cached.of(few, RANDOM, 1, epoch, Progress.SILENT);
                for (int i = 0; i < few.size(); i++) {
                    assertArrayEquals(expected[epoch][i], features[i]);
                }
            }
            assertTrue(Files.list(folder.resolve("pictures")).anyMatch(file -> file.toString().endsWith(".pictures")), "they were kept");
        } finally {
            SystemProperty.restore("graft.cache.gb", size);
            SystemProperty.restore("graft.cache", before);
        }
    }

    @Test
    void anInterruptEndsItAndItsThreads() throws Exception {
        AtomicInteger views = new AtomicInteger();
        Pipeline counted = Pipeline.of(resize(64), centerCrop(64), new Counting(views));
        Progress interrupting = (name, total, unit) -> new Progress.Task() {
            @Override
            public void step(long count) {
                Thread.currentThread().interrupt();
            }

            @Override
            public void note(String text) { }

            @Override
            public void close() { }
        };
        try (Features features = features()) {
            assertThrows(InterruptedException.class, () -> features.of(PICTURES, counted, 0, 0, interrupting));
            int before = views.get();
            Thread.sleep(100);
            assertEquals(before, views.get(), "its threads have ended");
            // What was computed is kept: the four that the task was told of, at least.
            features.of(PICTURES, counted, 0, 0, Progress.SILENT);
            assertTrue(views.get() - before <= PICTURES.size() - 4, views.get() - before + " views more");
        }
    }

    @Test
    void picturesOfDifferentSizesAreRefused(@TempDir Path folder) throws Exception {
        try (Features features = features()) {
            Path wide = folder.resolve("wide.png");
            javax.imageio.ImageIO.write(new java.awt.image.BufferedImage(90, 60, java.awt.image.BufferedImage.TYPE_INT_RGB), "png", wide.toFile());
            List<Picture> pictures = List.of(PICTURES.get(0), new Picture(wide, "wide.png", 0));
            InputException refused = assertThrows(InputException.class, () -> features.of(pictures, Pipeline.of(resize(64)), 0, 0, Progress.SILENT));
            assertTrue(refused.getMessage().contains("different sizes (64×64 and 64×96 for " + wide + ")"), refused.getMessage());
            assertTrue(refused.getMessage().contains("centerCrop"), refused.getMessage());
        }
    }

    @Test
    void aPictureThatIsGoneIsNamed(@TempDir Path folder) throws Exception {
        Path damaged = Files.writeString(folder.resolve("damaged.jpg"), "no picture");
        try (Features features = features()) {
            for (Path file : List.of(folder.resolve("gone.jpg"), damaged)) {
                InputException refused = assertThrows(InputException.class, () -> features.of(List.of(new Picture(file, "a", 0)), VIEW, 0, 0, Progress.SILENT));
                assertTrue(refused.getMessage().startsWith(file + " cannot be read: "), refused.getMessage());
            }
        }
    }

    @Test
    void weightsThatGiveNoNumbersAreRefused() throws Exception {
        Backbone backbone = Backbones.create("resnet18", 2);
        Weights weights = Weights.untrained("resnet18", 0);
        StateDict state = weights.load(backbone, false, Progress.SILENT);
        float[] bias = new float[512];
        Arrays.fill(bias, Float.POSITIVE_INFINITY);
        state.put("layer4.1.bn2.bias", StateTensor.of(bias, 512));
        try (Features features = new Features(backbone, state, Precision.FLOAT32, weights.preprocessing().mean(), weights.preprocessing().std())) {
            InputException refused = assertThrows(InputException.class, () -> features.of(PICTURES.subList(0, 1), VIEW, 0, 0, Progress.SILENT));
            assertTrue(refused.getMessage().startsWith("with these weights resnet18 gives Infinity for "), refused.getMessage());
        }
    }
}
