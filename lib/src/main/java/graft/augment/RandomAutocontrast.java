package graft.augment;

import graft.data.Image;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The levels of each channel stretched to 0 to 255, or not; as Pillow's {@code ImageOps.autocontrast}.
 *
 * @param p how likely that is, 0 to 1
 */
public record RandomAutocontrast(double p) implements WithProbability {
    public RandomAutocontrast {
        WithProbability.check("RandomAutocontrast", p);
    }

    @Override public Image changed(Image image, RandomGenerator random) {
        return new Recolouring(image).autocontrast().image();
    }

    @Override public Map<String, Object> arguments() {
        return Map.of("p", p);
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
