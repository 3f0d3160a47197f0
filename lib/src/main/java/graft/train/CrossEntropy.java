package graft.train;

import ai.djl.ndarray.NDArray;
import graft.InputException;
import graft.Limits;

import java.util.List;

/**
 * Cross-entropy of softmax and targets: {@code torch.nn.CrossEntropyLoss}, mean over the batch. The mean over labels is weighted if classes are; that over shares of
 * classes never is. Two heads are one: the mean of their logits, as timm trains them without a teacher.
 *
 * @param labelSmoothing the share of a target that is spread evenly over all classes, 0 to 1, Szegedy et al. 2015 (arXiv:1512.00567)
 * @param classWeights one for each class; empty for all alike
 */
public record CrossEntropy(double labelSmoothing, List<Double> classWeights) implements Loss {
    public CrossEntropy {
        Limits.share("label smoothing", labelSmoothing);
        classWeights = List.copyOf(classWeights);
        classWeights.forEach(weight -> Limits.notNegative("a class weight", weight));
    }

    public CrossEntropy labelSmoothing(double value) {
        return new CrossEntropy(value, classWeights);
    }

    /** Weights of the classes, in their order. */
    public CrossEntropy classWeights(List<Double> values) {
        return new CrossEntropy(labelSmoothing, values);
    }

    @Override
    public BatchLoss of(NDArray targets, NDArray teacher, int classes) {
        if (teacher != null) {
            throw new IllegalArgumentException("cross-entropy has no teacher");
        }
        return new BatchLoss(this, null, targets, null, classes);
    }

    @Override
    public boolean distils() {
        return false;
    }

    /** The weight of each class. */
    float[] weights(int classes) {
        if (!classWeights.isEmpty() && classWeights.size() != classes) {
            throw new InputException("there are " + classWeights.size() + " class weights for " + classes + " classes; one for each would be right");
        }
        float[] weights = new float[classes];
        for (int k = 0; k < classes; k++) {
            weights[k] = classWeights.isEmpty() ? 1 : classWeights.get(k).floatValue();
        }
        return weights;
    }

    @Override
    public String toString() {
        return "cross-entropy" + (labelSmoothing == 0 ? "" : ", label smoothing " + labelSmoothing) + (classWeights.isEmpty() ? "" : ", class weights " + classWeights);
    }
}
