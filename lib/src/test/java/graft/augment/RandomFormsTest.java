package graft.augment;

import static graft.augment.Keyword.scale;
import static graft.augment.Keyword.shear;
import static graft.augment.Keyword.translate;
import static graft.augment.Transforms.augMix;
import static graft.augment.Transforms.autoAugment;
import static graft.augment.Transforms.colorJitter;
import static graft.augment.Transforms.randAugment;
import static graft.augment.Transforms.randomAffine;
import static graft.augment.Transforms.randomErasing;
import static graft.augment.Transforms.trivialAugmentWide;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.data.Image;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the random forms draw: means, ranges and frequencies; the seeds are fixed, the tolerances about five standard errors. */
class RandomFormsTest {
    private static final int DRAWS = 20_000;
    private final SplittableRandom random = new SplittableRandom(17);

    /** Evenly between two ends: never outside, near both, the mean in the middle, a third of the square of half the width as variance. */
    private static void assertEven(double low, double high, DoubleSupplier draw) {
        double[] values = DoubleStream.generate(draw).limit(DRAWS).toArray();
        DoubleSummaryStatistics all = Arrays.stream(values).summaryStatistics();
        double width = high - low;
        assertTrue(all.getMin() >= low && all.getMin() < low + 0.001 * width + 1e-9, "least " + all.getMin());
        assertTrue(all.getMax() <= high && all.getMax() > high - 0.001 * width - 1e-9, "greatest " + all.getMax());
        assertEquals((low + high) / 2, all.getAverage(), 0.011 * width);
        double variance = Arrays.stream(values).map(value -> (value - (low + high) / 2) * (value - (low + high) / 2)).average().orElseThrow();
        assertEquals(width * width / 12, variance, 0.004 * width * width);
    }

    static Stream<Function<Double, WithProbability>> withProbability() {
        return Stream.of(RandomHorizontalFlip::new, RandomVerticalFlip::new, RandomInvert::new, RandomAutocontrast::new, RandomEqualize::new, RandomGrayscale::new,
            p -> new RandomPosterize(3, p), p -> new RandomSolarize(100, p), p -> new RandomAdjustSharpness(2, p), p -> randomErasing(p));
    }

    @ParameterizedTest
    @MethodSource("withProbability")
    void aShareOfThePicturesIsChanged(Function<Double, WithProbability> transform) {
        Image image = TransformsTest.noise(8, 9);
        WithProbability often = transform.apply(0.3);
        long changed = IntStream.range(0, 10_000).filter(i -> often.apply(image, random) != image).count();
        assertEquals(3000, changed, 240, often.toString());
        assertSame(image, transform.apply(0.0).apply(image, random));
        assertTrue(transform.apply(1.0).apply(image, random) != image);
    }

    @Test
    void rotationAndZoomAndBlurDrawEvenly() {
        assertEven(-10, 10, () -> Transforms.randomRotation(10).degrees().draw(random));
        assertEven(-0.2, 0.2, () -> Transforms.kerasRandomZoom(0.2).heightFactor().draw(random));
        assertEven(0.1, 2, () -> Transforms.gaussianBlur(5).sigma().draw(random));
        assertEquals(3, new Range(3, 3).draw(null));
    }

    @Test
    void affineDrawsEvenlyAndWholePixels() {
        RandomAffine affine = randomAffine(15, translate(0.1, 0.2), scale(0.8, 1.3), shear(-5, 5, -7, 3));
        assertEven(-15, 15, () -> affine.draw(300, 400, random).angle());
        assertEven(0.8, 1.3, () -> affine.draw(300, 400, random).scale());
        assertEven(-5, 5, () -> affine.draw(300, 400, random).shearX());
        assertEven(-7, 3, () -> affine.draw(300, 400, random).shearY());
        int[] x = IntStream.range(0, DRAWS).map(i -> affine.draw(300, 400, random).moveX()).toArray();
        int[] y = IntStream.range(0, DRAWS).map(i -> affine.draw(300, 400, random).moveY()).toArray();
        assertEquals(List.of(-40, 40, -60, 60), List.of(Arrays.stream(x).min().orElseThrow(), Arrays.stream(x).max().orElseThrow(),
            Arrays.stream(y).min().orElseThrow(), Arrays.stream(y).max().orElseThrow()));
        assertEquals(0, Arrays.stream(x).average().orElseThrow(), 0.9);
        assertEquals(new RandomAffine.Drawn(0, 0, 0, 1, 0, 0), randomAffine(0).draw(300, 400, random));
    }

    @Test
    void jitterDrawsEvenlyInEveryOrder() {
        ColorJitter jitter = colorJitter(0.2, 0.3, 1.5, 0.1);
        double[][] ends = {{0.8, 1.2}, {0.7, 1.3}, {0, 2.5}, {-0.1, 0.1}};
        for (ColorJitter.Kind kind : ColorJitter.Kind.values()) {
            double[] range = ends[kind.ordinal()];
            assertEven(range[0], range[1],
                () -> jitter.draw(random).stream().filter(change -> change.kind() == kind).findFirst().orElseThrow().amount());
        }
        Map<List<ColorJitter.Kind>, Long> orders = IntStream.range(0, 24_000).mapToObj(i -> jitter.draw(random).stream().map(ColorJitter.Change::kind).toList())
            .collect(Collectors.groupingBy(order -> order, Collectors.counting()));
        assertEquals(24, orders.size());
        orders.values().forEach(count -> assertEquals(1000, count, 160));
        assertEquals(List.of(), colorJitter(0, 0, 0, 0).draw(random));
    }

    @Test
    void erasingDrawsWithinItsBounds() {
        RandomErasing erasing = randomErasing(1);
        double share = 0;
        int missed = 0;
        for (int i = 0; i < DRAWS; i++) {
            Resample.Box box = erasing.draw(200, 300, random);
            if (box == null) {
                missed++;
                continue;
            }
            assertTrue(box.top() >= 0 && box.left() >= 0 && box.top() + box.height() <= 200 && box.left() + box.width() <= 300, box.toString());
            double area = box.height() * box.width() / 60_000.0;
            double ratio = (double) box.height() / box.width();
            assertTrue(area > 0.018 && area < 0.34 && ratio > 0.28 && ratio < 3.5, box.toString());
            share += area / DRAWS;
        }
        assertEquals(0, missed, 5);
        assertEquals(0.1695, share, 0.003, "the mean share that torchvision 0.29.2 draws for this size");
        Image image = TransformsTest.noise(20, 30);
        Image erased = RandomErasing.erased(image, new Resample.Box(3, 4, 5, 6), Fill.MEAN);
        for (int y = 0; y < 20; y++) {
            for (int x = 0; x < 30; x++) {
                boolean inside = y >= 3 && y < 8 && x >= 4 && x < 10;
                assertEquals(inside ? 116 : image.value(y, x, 1), erased.value(y, x, 1));
            }
        }
    }

    @Test
    void randAugmentDrawsEveryOperationAndSign() {
        Map<Operation.Step, Long> steps = IntStream.range(0, 14_000).mapToObj(i -> randAugment(2, 7).draw(512, 512, random)).flatMap(List::stream)
            .collect(Collectors.groupingBy(step -> step, Collectors.counting()));
        assertEquals(14 + 9, steps.size(), "nine operations have a sign: " + steps.keySet());
        steps.forEach((step, count) -> {
            boolean signed = steps.containsKey(new Operation.Step(step.operation(), -step.magnitude())) && step.magnitude() != 0;
            assertEquals(signed ? 1000 : 2000, count, signed ? 160 : 230, step.toString());
        });
        assertTrue(steps.containsKey(new Operation.Step(Operation.TRANSLATE_X, 54.138973236083984)));
    }

    @Test
    void trivialAugmentDrawsEveryMagnitude() {
        List<Operation.Step> steps = IntStream.range(0, 60_000).mapToObj(i -> trivialAugmentWide().draw(random)).toList();
        Map<Operation, Long> operations = steps.stream().collect(Collectors.groupingBy(Operation.Step::operation, Collectors.counting()));
        assertEquals(14, operations.size());
        operations.values().forEach(count -> assertEquals(60_000 / 14.0, count, 320));
        List<Double> angles = steps.stream().filter(step -> step.operation() == Operation.ROTATE).map(Operation.Step::magnitude).toList();
        assertEquals(61, angles.stream().distinct().map(angle -> angle == 0 ? 0 : angle).distinct().count(), "−135 to 135 in steps of 4.5");
        assertEquals(0, angles.stream().mapToDouble(angle -> angle).average().orElseThrow(), 6);
    }

    @Test
    void autoAugmentFollowsItsPolicy() {
        List<List<Operation.Step>> drawn = IntStream.range(0, DRAWS).mapToObj(i -> autoAugment(AutoAugmentPolicy.CIFAR10).draw(32, 32, random)).toList();
        double expected = AutoAugmentPolicy.CIFAR10.pairs().stream().flatMap(List::stream).mapToDouble(AutoAugmentPolicy.Choice::probability).sum() / 25;
        assertEquals(expected, drawn.stream().mapToInt(List::size).average().orElseThrow(), 0.025);
        assertTrue(drawn.stream().allMatch(steps -> steps.size() <= 2));
        long inverted = drawn.stream().flatMap(List::stream).filter(step -> step.operation() == Operation.INVERT).count();
        assertEquals((0.1 + 0 + 0.1) / 25 * DRAWS, inverted, 60);
    }

    @Test
    void augMixDrawsDirichletWeights() {
        List<List<AugMix.Chain>> drawn = IntStream.range(0, DRAWS).mapToObj(i -> augMix().draw(224, 224, random)).toList();
        double[] changed = drawn.stream().mapToDouble(chains -> chains.stream().mapToDouble(AugMix.Chain::weight).sum()).toArray();
        assertEven(0, 1, Arrays.stream(changed).iterator()::next);   // Dirichlet(1, 1) is even
        assertTrue(drawn.stream().allMatch(chains -> chains.size() == 3));
        Map<Integer, Long> depths = drawn.stream().flatMap(List::stream).collect(Collectors.groupingBy(chain -> chain.steps().size(), Collectors.counting()));
        assertEquals(List.of(1, 2, 3), List.copyOf(depths.keySet()));
        depths.values().forEach(count -> assertEquals(DRAWS, count, 600));
        double first = drawn.stream().mapToDouble(chains -> chains.get(0).weight()).average().orElseThrow();
        assertEquals(1 / 6.0, first, 0.006);
        for (double alpha : new double[] {0.3, 1, 4}) {   // variance of one of three weights: (1/3 · 2/3) ÷ (3α + 1)
            double variance = IntStream.range(0, DRAWS).mapToDouble(i -> Math.pow(Dirichlet.draw(alpha, 3, random)[0] - 1 / 3.0, 2)).average().orElseThrow();
            assertEquals(2 / 9.0 / (3 * alpha + 1), variance, 0.05 * 2 / 9 / (3 * alpha + 1));
        }
    }

    @Test
    void augMixIsTheMeanOfItsVersions() {
        Image image = TransformsTest.noise(40, 50);
        Image grey = new Image(2, 2, new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9});
        List<AugMix.Chain> chains = augMix().draw(40, 50, new SplittableRandom(5));
        Image mixed = augMix().apply(image, new SplittableRandom(5));
        double[] sums = new double[image.pixels().length];
        double rest = 1;
        for (AugMix.Chain chain : chains) {
            Image version = Operation.apply(image, chain.steps(), Interpolation.BILINEAR, Fill.BLACK);
            rest -= chain.weight();
            for (int i = 0; i < sums.length; i++) {
                sums[i] += chain.weight() * (version.pixels()[i] & 255);
            }
        }
        for (int i = 0; i < sums.length; i++) {
            assertEquals(Math.floor(sums[i] + rest * (image.pixels()[i] & 255) + 1e-3), mixed.pixels()[i] & 255, 1e-9, "value " + i);
        }
        assertEquals("Image 2×2", augMix().apply(grey, random).toString());
    }
}
