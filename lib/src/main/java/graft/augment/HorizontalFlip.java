package graft.augment;

import graft.data.Image;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Left and right exchanged, always: torchvision's {@code functional.hflip} as a step, for {@link Views}. */
public record HorizontalFlip() implements Transform {
    @Override public Image apply(Image image, RandomGenerator random) {
        return Flip.horizontal(image);
    }

    @Override public String name() {
        return "HorizontalFlip";
    }

    @Override public Map<String, Object> arguments() {
        return Map.of();
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
