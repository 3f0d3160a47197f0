package graft.augment;

import graft.data.Image;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Left and right exchanged, or not.
 *
 * @param p how likely that is, 0 to 1
 */
public record RandomHorizontalFlip(double p) implements WithProbability {
    public RandomHorizontalFlip {
        WithProbability.check("RandomHorizontalFlip", p);
    }

    @Override public Image changed(Image image, RandomGenerator random) {
        return Flip.horizontal(image);
    }

    @Override public Map<String, Object> arguments() {
        return Map.of("p", p);
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
