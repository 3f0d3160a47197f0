package graft.train;

import graft.Limits;

import ai.djl.ndarray.NDArray;

/**
 * Learning from labels and from a teacher: {@code (1 − share)·labels + share·teacher}. Of two heads, the class token's learns from the labels and the distillation
 * token's from the teacher, Touvron et al. 2020 (arXiv:2012.12877); one head learns from both, Hinton et al. 2015 (arXiv:1503.02531).
 *
 * @param labels what the labels say
 * @param kind what the teacher says
 * @param temperature what logits are divided by before their softmax is compared, above 0; only where the teacher is soft
 * @param share how much the teacher counts, 0 to 1
 */
public record Distillation(CrossEntropy labels, Kind kind, double temperature, double share) implements Loss {
    /** What the teacher says. */
    public enum Kind {
        /** The likeliest class: cross-entropy with it, mean over the batch. */
        HARD,
        /** All probabilities: {@code T²·KL(teacher, student)}, both at the temperature {@code T}, summed over the classes, mean over the batch. */
        SOFT
    }

    public Distillation {
        Limits.positive("the temperature", temperature);
        Limits.share("the teacher's share", share);
    }

    /** With other cross-entropy, such as with label smoothing. */
    public Distillation labels(CrossEntropy value) {
        return new Distillation(value, kind, temperature, share);
    }

    /** With another share of the teacher. */
    public Distillation share(double value) {
        return new Distillation(labels, kind, temperature, value);
    }

    @Override
    public BatchLoss of(NDArray targets, NDArray teacher, int classes) {
        if (teacher == null) {
            throw new IllegalArgumentException("distillation needs a teacher");
        }
        return new BatchLoss(labels, this, targets, teacher, classes);
    }

    @Override
    public boolean distils() {
        return true;
    }

    @Override
    public String toString() {
        return (kind == Kind.HARD ? "hard distillation" : "soft distillation at temperature " + temperature) + ", share " + share + "; " + labels;
    }
}
