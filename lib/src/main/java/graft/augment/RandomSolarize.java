package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The levels from a threshold on inverted, or not.
 *
 * @param threshold the first level that is inverted, 0 to 256
 * @param p how likely that is, 0 to 1
 */
public record RandomSolarize(double threshold, double p) implements WithProbability {
    public RandomSolarize {
        WithProbability.check("RandomSolarize", p);
        if (!(threshold >= 0 && threshold <= 256)) {
            throw new InputException("RandomSolarize with a threshold of " + threshold + " is not possible; 0 to 256 would be right");
        }
    }

    @Override public Image changed(Image image, RandomGenerator random) {
        return new Recolouring(image).levels(Levels.solarize(threshold)).image();
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("threshold", threshold);
        arguments.put("p", p);
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
