package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * TrivialAugment, wide (Müller and Hutter 2021, arXiv:2103.10158), as in torchvision: one operation of fourteen with one magnitude, each equally likely.
 *
 * @param numMagnitudeBins how many magnitudes there are, 2 or more
 * @param fill what lies outside of the picture
 */
public record TrivialAugmentWide(int numMagnitudeBins, Interpolation interpolation, Fill fill) implements Transform {
    private static final int MOST = 1000;

    public TrivialAugmentWide {
        if (numMagnitudeBins < 2 || numMagnitudeBins > MOST) {
            throw new InputException("TrivialAugmentWide with " + numMagnitudeBins + " magnitudes is not possible; 2 to " + MOST + " would be right");
        }
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        return Operation.apply(image, List.of(draw(random)), interpolation, fill);
    }

    Operation.Step draw(RandomGenerator random) {
        AugmentationSpace.Entry entry = AugmentationSpace.trivialAugmentWide(numMagnitudeBins).draw(random);
        return entry.step(entry.graded() ? random.nextInt(numMagnitudeBins) : 0, random);
    }

    @Override public boolean random() {
        return true;
    }

    @Override public String name() {
        return "TrivialAugmentWide";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("num_magnitude_bins", numMagnitudeBins);
        arguments.put("interpolation", interpolation.toString());
        arguments.put("fill", fill.argument());
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
