package graft.train;

import static graft.torch.Layers.conv2d;
import static graft.torch.Layers.linear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.InputException;
import graft.Progress;
import graft.oracle.Formula;
import graft.oracle.Reference;
import graft.torch.BatchGradients;
import graft.torch.Libtorch;
import graft.torch.Module;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.Value;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.OptionalDouble;

class LearningRateFinderTest {
    private static LearningRateFinder.Found find(LearningRateFinder finder, LearningRateFinder.Step step) throws InterruptedException {
        return finder.run(step, Progress.SILENT);
    }

    /** Gradient descent on a quadratic of curvature 10 grows without bound above 2/10, and is done in one step at 1/10. */
    @Test
    void aQuadraticHasAKnownLimit() throws Exception {
        double[] x = {1};
        LearningRateFinder.Found found = find(LearningRateFinder.standard(), rate -> {
            double loss = 5 * x[0] * x[0];
            x[0] -= rate * 10 * x[0];
            return loss;
        });
        for (OptionalDouble rate : List.of(found.valley(), found.steepest())) {
            assertTrue(rate.getAsDouble() > 1e-4 && rate.getAsDouble() < 0.2, rate + " should be below 0.2, and not far");
        }
        assertTrue(found.points().get(found.points().size() - 1).learningRate() < 10, "it stopped when the loss grew");
        assertEquals(1e-7, found.points().get(0).learningRate());
        assertEquals(5, found.points().get(0).smoothed(), 1e-12);
    }

    /** Losses that are given: the mean of the first two, weighted; and where the search stops. */
    @Test
    void lossesAreSmoothedAndTooHighOnesEndIt() throws Exception {
        double[] losses = {4, 2, 2, 2, 90, 90, 90, 90};
        int[] step = {0};
        LearningRateFinder.Found found = find(new LearningRateFinder(1e-3, 1e4, 8, 0.5, 4), rate -> losses[step[0]++]);
        assertEquals(5, found.points().size());
        assertEquals((0.5 * 4 + 2) / 1.5, found.points().get(1).smoothed(), 1e-12);
        for (int i = 0; i < 5; i++) {
            assertEquals(Math.pow(10, i - 3), found.points().get(i).learningRate(), Math.pow(10, i - 15));
            assertEquals(losses[i], found.points().get(i).loss());
        }
    }

    @Test
    void theSteepestPlaceAndTheMiddleOfTheDescent() throws Exception {
        // 20 steps from 1 to 10^19: the first two and the last five do not count; it falls from step 5 to step 11, fastest from 9 to 10
        double[] losses = {9, 7, 5, 5, 5, 5, 4.9, 4.8, 4.7, 4.6, 3, 2.9, 3, 3, 3, 2, 1, 0.5, 0.4, 0.3};
        int[] step = {0};
        LearningRateFinder.Found found = find(new LearningRateFinder(1, 1e19, 20, 0, 4), rate -> losses[step[0]++]);
        assertEquals(20, found.points().size());
        assertEquals(1e9, found.steepest().getAsDouble(), 1);
        assertEquals(1e6, found.valley().getAsDouble(), 1, "from step 2, the first with this loss, to step 11");
    }

    @Test
    void nothingIsSuggestedWhereNothingFalls() throws Exception {
        int[] step = {0};
        LearningRateFinder.Found rising = find(LearningRateFinder.standard(), rate -> 1 + 0.01 * step[0]++);
        assertEquals(OptionalDouble.empty(), rising.valley());
        assertEquals(OptionalDouble.empty(), rising.steepest());
        LearningRateFinder.Found atOnce = find(LearningRateFinder.standard(), rate -> rate < 2e-7 ? 1 : Double.NaN);
        assertEquals(OptionalDouble.empty(), atOnce.valley());
        assertTrue(atOnce.points().stream().allMatch(point -> Double.isFinite(point.smoothed())));
    }

    @Test
    void anInterruptEndsIt() {
        assertThrows(InterruptedException.class, () -> find(LearningRateFinder.standard(), rate -> {
            Thread.currentThread().interrupt();
            return 1;
        }));
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void impossibleSearchesAreRefused() {
        LearningRateFinder finder = LearningRateFinder.standard();
        assertThrows(InputException.class, () -> finder.between(0, 1));
        assertThrows(InputException.class, () -> finder.between(1, 1));
        assertThrows(InputException.class, () -> finder.between(1, Double.NaN));
        assertThrows(InputException.class, () -> finder.steps(1));
        assertThrows(InputException.class, () -> new LearningRateFinder(1e-7, 10, 100, 1, 4));
        assertThrows(InputException.class, () -> new LearningRateFinder(1e-7, 10, 100, 0.9, 1));
        assertThrows(InputException.class, () -> find(finder, rate -> Double.NaN));
    }

    /** A whole network with its gradients, loss and optimizer: the rate that is suggested trains, one a thousand times higher does not. */
    @Test
    void aRealNetworkTrainsAtTheRateThatIsSuggested() throws Exception {
        int batch = 8;
        int classes = 4;
        LearningRateFinder.Found found = train(batch, classes, step -> find(new LearningRateFinder(1e-5, 10, 50, 0.8, 4), step));
        double rate = found.valley().getAsDouble();
        double after = train(batch, classes, step -> last(step, rate));
        double tooHigh = train(batch, classes, step -> last(step, 1000 * rate));
        System.out.printf("suggested %.1e (steepest %.1e) after %d steps; loss at first %.2f, after 15 steps %.2f, at a rate 1,000 times higher %.2f%n", rate,
            found.steepest().getAsDouble(), found.points().size(), found.points().get(0).loss(), after, tooHigh);
        assertTrue(after < 0.8 * found.points().get(0).loss(), "loss " + after);
        assertFalse(tooHigh < found.points().get(0).loss(), "loss " + tooHigh);
    }

    /** Two convolutions and a linear head. */
    private static final class Small extends Module {
        private final Module stem = child("stem", conv2d(3, 16, 3).stride(2).bias());
        private final Module deep = child("deep", conv2d(16, 32, 3).stride(2).bias());
        private final Module head;

        Small(int classes) {
            head = child("head", linear(32, classes).float32());
        }

        @Override
        protected Value forward(Value x) {
            return head.of(deep.of(stem.of(x).relu()).relu().globalAveragePool());
        }
    }

    private static double last(LearningRateFinder.Step step, double rate) throws InterruptedException {
        double loss = Double.NaN;
        for (int i = 0; i < 15; i++) {
            loss = step.train(rate);
        }
        return loss;
    }

    private interface Use<T> {
        T of(LearningRateFinder.Step step) throws InterruptedException;
    }

    private static <T> T train(int batch, int classes, Use<T> use) throws InterruptedException {
        Module module = new Small(classes);
        try (NDManager manager = Libtorch.manager();
             Network network = Network.load(module, Reference.weights(module, 1, 2), Precision.FLOAT32);
             BatchGradients gradients = new BatchGradients(network, 2);
             OptimizerState optimizer = Optimizer.sgd(0.1).momentum(0.9).start(manager, network.parameters())) {
            NDArray pictures = manager.create(Formula.uniform("pictures", batch * 3 * 32 * 32), new Shape(batch, 3, 32, 32));
            return use.of(rate -> {
                try (NDManager step = manager.newSubManager()) {
                    BatchLoss loss = Loss.crossEntropy().of(step.create(new long[] {0, 1, 2, 3, 0, 1, 2, 3}), null, classes);
                    optimizer.step(gradients.of(step, pictures, 0, loss::gradient), rate);
                    return loss.loss();
                }
            });
        }
    }
}
