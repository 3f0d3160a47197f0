package graft.augment.elsewhere;

import graft.augment.Transform;
import graft.data.Image;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A transform of another package, which changes nothing and shows every picture to somebody. */
public record Keeping(Consumer<Image> seen) implements Transform {
    @Override public Image apply(Image image, RandomGenerator random) {
        seen.accept(image);
        return image;
    }

    @Override public String name() {
        return "Keeping";
    }

    @Override public Map<String, Object> arguments() {
        return Map.of();
    }
}
