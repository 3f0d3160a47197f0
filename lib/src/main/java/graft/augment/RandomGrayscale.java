package graft.augment;

import graft.data.Image;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The colours replaced by their brightness (ITU-R 601-2), or not.
 *
 * @param p how likely that is, 0 to 1
 */
public record RandomGrayscale(double p) implements WithProbability {
    public RandomGrayscale {
        WithProbability.check("RandomGrayscale", p);
    }

    @Override public Image changed(Image image, RandomGenerator random) {
        return new Recolouring(image).saturation(0).image();
    }

    @Override public Map<String, Object> arguments() {
        return Map.of("p", p);
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
