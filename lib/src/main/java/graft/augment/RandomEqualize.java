package graft.augment;

import graft.data.Image;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The levels of each channel made as evenly used as possible, or not; as Pillow's {@code ImageOps.equalize}.
 *
 * @param p how likely that is, 0 to 1
 */
public record RandomEqualize(double p) implements WithProbability {
    public RandomEqualize {
        WithProbability.check("RandomEqualize", p);
    }

    @Override public Image changed(Image image, RandomGenerator random) {
        return new Recolouring(image).equalize().image();
    }

    @Override public Map<String, Object> arguments() {
        return Map.of("p", p);
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
