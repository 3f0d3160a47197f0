package graft.train;

import ai.djl.ndarray.NDArray;

import java.util.List;

/**
 * What training makes small. A loss is given the targets of a whole batch, then the outputs for parts of it, on several threads at once.
 *
 * <p>Outputs are logits {@code [n, classes]}, or {@code [n, 2·classes]} of a network with two heads: those of the class token and, beside them, those of the
 * distillation token (Touvron et al. 2020, arXiv:2012.12877).
 */
public sealed interface Loss permits CrossEntropy, Distillation {
    /**
     * Begins a batch.
     *
     * @param targets labels, int64 {@code [batch]}; or shares of the classes that add up to 1, float32 {@code [batch, classes]}
     * @param teacher what the teacher gives for the same pictures, logits, float32 {@code [batch, classes]}; {@code null} where there is none
     * @param classes how many there are
     * @throws graft.InputException if the loss does not fit the number of classes
     * @throws IllegalArgumentException if the arrays do not fit each other, or a teacher is missing or one too many
     */
    BatchLoss of(NDArray targets, NDArray teacher, int classes);

    /** Whether it needs a teacher. */
    boolean distils();

    /** Cross-entropy, all classes alike, labels as they are. */
    static CrossEntropy crossEntropy() {
        return new CrossEntropy(0, List.of());
    }

    /** One half cross-entropy with the labels, one half with the class that the teacher finds likeliest: hard distillation of DeiT. */
    static Distillation hardDistillation() {
        return new Distillation(crossEntropy(), Distillation.Kind.HARD, 1, 0.5);
    }

    /** {@code 1 − share} of cross-entropy with the labels, and {@code share} of the divergence from the teacher's probabilities at a temperature. */
    static Distillation softDistillation(double temperature, double share) {
        return new Distillation(crossEntropy(), Distillation.Kind.SOFT, temperature, share);
    }
}
