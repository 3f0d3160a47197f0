package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * RandAugment (Cubuk et al. 2019, arXiv:1909.13719), as in torchvision: {@code numOps} operations of fourteen, each equally likely, all with the
 * same magnitude; where an operation has two directions, each is equally likely.
 *
 * @param numOps how many operations, 0 or more
 * @param magnitude how strong they are, 0 to {@code numMagnitudeBins − 1}
 * @param numMagnitudeBins how many magnitudes there are, 2 or more
 * @param fill what lies outside of the picture
 */
public record RandAugment(int numOps, int magnitude, int numMagnitudeBins, Interpolation interpolation, Fill fill) implements Transform {
    private static final int MOST = 1000;

    public RandAugment {
        if (numOps < 0 || numOps > MOST || numMagnitudeBins < 2 || numMagnitudeBins > MOST || magnitude < 0 || magnitude >= numMagnitudeBins) {
            throw new InputException("RandAugment with " + numOps + " operations of magnitude " + magnitude + " of " + numMagnitudeBins
                + " is not possible; 0 or more operations, from 2 magnitudes on, counted from 0, would be right");
        }
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        return Operation.apply(image, draw(image.height(), image.width(), random), interpolation, fill);
    }

    /** The operations for a picture of this size. */
    List<Operation.Step> draw(int height, int width, RandomGenerator random) {
        AugmentationSpace space = AugmentationSpace.randAugment(numMagnitudeBins, height, width);
        List<Operation.Step> steps = new ArrayList<>();
        for (int i = 0; i < numOps; i++) {
            steps.add(space.draw(random).step(magnitude, random));
        }
        return steps;
    }

    @Override public boolean random() {
        return true;
    }

    @Override public String name() {
        return "RandAugment";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("num_ops", numOps);
        arguments.put("magnitude", magnitude);
        arguments.put("num_magnitude_bins", numMagnitudeBins);
        arguments.put("interpolation", interpolation.toString());
        arguments.put("fill", fill.argument());
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
