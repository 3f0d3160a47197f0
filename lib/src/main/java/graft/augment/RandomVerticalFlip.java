package graft.augment;

import graft.data.Image;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Top and bottom exchanged, or not.
 *
 * @param p how likely that is, 0 to 1
 */
public record RandomVerticalFlip(double p) implements WithProbability {
    public RandomVerticalFlip {
        WithProbability.check("RandomVerticalFlip", p);
    }

    @Override public Image changed(Image image, RandomGenerator random) {
        return Flip.vertical(image);
    }

    @Override public Map<String, Object> arguments() {
        return Map.of("p", p);
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
