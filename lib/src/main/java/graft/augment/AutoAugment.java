package graft.augment;

import graft.data.Image;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * AutoAugment (Cubuk et al. 2018, arXiv:1805.09501), as in torchvision: one of a policy's 25 pairs of operations, each equally likely; each
 * operation of the pair has its own probability and magnitude.
 *
 * @param policy the data set on which the pairs were found
 * @param fill what lies outside of the picture
 */
public record AutoAugment(AutoAugmentPolicy policy, Interpolation interpolation, Fill fill) implements Transform {
    private static final int BINS = 10;

    @Override public Image apply(Image image, RandomGenerator random) {
        return Operation.apply(image, draw(image.height(), image.width(), random), interpolation, fill);
    }

    /** The operations for a picture of this size: none, one or two. */
    List<Operation.Step> draw(int height, int width, RandomGenerator random) {
        AugmentationSpace space = AugmentationSpace.autoAugment(BINS, height, width);
        List<Operation.Step> steps = new ArrayList<>();
        for (AutoAugmentPolicy.Choice choice : policy.pairs().get(random.nextInt(policy.pairs().size()))) {
            if (random.nextDouble() < choice.probability()) {
                steps.add(space.of(choice.operation()).step(choice.magnitude(), random));
            }
        }
        return steps;
    }

    @Override public boolean random() {
        return true;
    }

    @Override public String name() {
        return "AutoAugment";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("policy", policy.toString());
        arguments.put("interpolation", interpolation.toString());
        arguments.put("fill", fill.argument());
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
