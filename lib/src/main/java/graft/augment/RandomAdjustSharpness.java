package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Sharpened or smoothed, or not; as Pillow's {@code ImageEnhance.Sharpness}.
 *
 * @param sharpnessFactor 0 is smoothed, 1 no change, 2 twice as sharp
 * @param p how likely that is, 0 to 1
 */
public record RandomAdjustSharpness(double sharpnessFactor, double p) implements WithProbability {
    public RandomAdjustSharpness {
        WithProbability.check("RandomAdjustSharpness", p);
        if (!(sharpnessFactor >= 0 && sharpnessFactor < Float.MAX_VALUE)) {
            throw new InputException("RandomAdjustSharpness with a factor of " + sharpnessFactor + " is not possible; 0 or more would be right");
        }
    }

    @Override public Image changed(Image image, RandomGenerator random) {
        return new Recolouring(image).sharpness(sharpnessFactor).image();
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("sharpness_factor", sharpnessFactor);
        arguments.put("p", p);
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
