package graft.backbone;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.oracle.Formula;
import graft.oracle.Reference;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.Program;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gradients against central differences, for the smallest of each family on two pictures of 64 pixels, in float32. Each checked
 * parameter is moved along its own gradient g: the loss then changes by |g|, and a gradient that is wrong in any direction is too long.
 * What is compared is (4·d(h) − d(2h)) / 3 with d(h) = (loss(+h) − loss(−h)) / 2h, h a few thousandths of the parameter's length or less;
 * the loss is a weighted sum of the logits, taken in double precision. Where activations bend, a few per cent of difference remain; gradients
 * of less than a thousandth of the longest are not told from rounding.
 */
class GradientTest {
    private static final int SIZE = 64;
    private static final int CLASSES = 10;
    private static final float[] WEIGHTS = Formula.uniform("loss", 2 * 2 * CLASSES); // two pictures, at most two heads
    private static final Program COPY = Program.of("""
          def copy(self: __torch__.Program, to: Tensor, values: Tensor) -> int:
            torch.copy_(to, values)
            return 0
        """, List.of());
    /** Parameters checked of each network, from the first to the last. */
    private static final int CHECKED = 8;

    /** @param training with batch statistics; only where nothing is dropped at random */
    @ParameterizedTest
    @CsvSource({"mobilenet_v2, false", "resnet18, false", "resnet18, true", "efficientnet_b0, false", "mobilenet_v3_small, false", "resnetv2_50, false", "resnetv2_50, true",
        "vgg11_bn, false", "convnext_tiny, false", "vit_b_32, false", "deit_tiny_patch16_224, false", "deit_tiny_distilled_patch16_224, true",
        "swin_t, false", "swin_tiny_patch4_window7_224, false"})
    void gradientsAreCentralDifferences(String name, boolean training) {
        Backbone backbone = Backbones.create(name, CLASSES, SIZE);
        double worst = 0;
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(backbone, Reference.weights(backbone, 1, 1), Precision.FLOAT32)) {
            network.train(training);
            NDArray pictures = manager.create(Formula.uniform("pictures", 2 * 3 * SIZE * SIZE), new Shape(2, 3, SIZE, SIZE));
            NDArray logits = network.forwardToDifferentiate(manager, pictures, 0);
            List<NDArray> gradients = network.gradients(manager, logits, manager.create(Arrays.copyOf(WEIGHTS, Math.toIntExact(logits.size())), logits.getShape()));
            List<String> names = new ArrayList<>(network.parameters().keySet());
            double largest = gradients.stream().mapToDouble(gradient -> gradient.norm().getFloat()).max().orElseThrow();
            for (int k = 0; k < CHECKED; k++) {
                int i = k * (names.size() - 1) / (CHECKED - 1);
                NDArray parameter = network.parameters().get(names.get(i));
                float[] gradient = gradients.get(i).toFloatArray();
                double norm = norm(gradient);
                double expected = along(network, training, manager, pictures, parameter, gradient, norm);
                double error = Math.abs(norm - expected) / Math.max(Math.abs(expected), 1e-3 * largest);
                worst = Math.max(worst, error);
                assertTrue(error < 5e-2, names.get(i) + ": a gradient of length " + norm + ", and the loss changes by " + expected);
            }
        }
        System.out.printf("%s%s, gradients against central differences: relative error at most %.1e%n", name, training ? " in training" : "", worst);
    }

    private static double along(Network network, boolean training, NDManager manager, NDArray pictures, NDArray parameter, float[] gradient, double norm) {
        float[] values = parameter.toFloatArray();
        double h = Math.min(2e-3 * Math.max(norm(values), 1e-2 * Math.sqrt(values.length)), 2e-2 / norm);
        double[] d = new double[3];
        for (int factor = 1; factor <= 2; factor++) {
            double up = loss(network, training, manager, pictures, parameter, values, gradient, factor * h / norm);
            double down = loss(network, training, manager, pictures, parameter, values, gradient, -factor * h / norm);
            d[factor] = (up - down) / (2 * factor * h);
        }
        set(parameter, values);
        return (4 * d[1] - d[2]) / 3;
    }

    private static double loss(Network network, boolean training, NDManager manager, NDArray pictures, NDArray parameter, float[] values, float[] gradient, double by) {
        float[] moved = new float[values.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) (values[i] + by * gradient[i]);
        }
        set(parameter, moved);
        try (NDManager pass = manager.newSubManager()) {
            float[] logits = (training ? network.forwardToDifferentiate(pass, pictures, 0) : network.forward(pass, pictures)).toFloatArray();
            double sum = 0;
            for (int i = 0; i < logits.length; i++) {
                sum += (double) logits[i] * WEIGHTS[i];
            }
            return sum;
        }
    }

    private static void set(NDArray parameter, float[] values) {
        try (NDManager manager = Libtorch.manager()) {
            COPY.run("copy", Program.array(parameter), Program.array(manager.create(values, parameter.getShape())));
        }
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
