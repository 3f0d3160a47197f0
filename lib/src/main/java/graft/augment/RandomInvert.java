package graft.augment;

import graft.data.Image;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The negative, or not.
 *
 * @param p how likely that is, 0 to 1
 */
public record RandomInvert(double p) implements WithProbability {
    public RandomInvert {
        WithProbability.check("RandomInvert", p);
    }

    @Override public Image changed(Image image, RandomGenerator random) {
        return new Recolouring(image).levels(Levels.invert()).image();
    }

    @Override public Map<String, Object> arguments() {
        return Map.of("p", p);
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
