package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The lower bits of each level cleared, or not.
 *
 * @param bits how many bits are kept, 0 to 8
 * @param p how likely that is, 0 to 1
 */
public record RandomPosterize(int bits, double p) implements WithProbability {
    public RandomPosterize {
        WithProbability.check("RandomPosterize", p);
        if (bits < 0 || bits > 8) {
            throw new InputException("RandomPosterize to " + bits + " bits is not possible; 0 to 8 would be right");
        }
    }

    @Override public Image changed(Image image, RandomGenerator random) {
        return new Recolouring(image).levels(Levels.posterize(bits)).image();
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("bits", bits);
        arguments.put("p", p);
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
