package graft.augment;

import graft.data.Image;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Borders on the two sides of the shorter direction, so that the picture becomes a square and keeps its shape when it is resized; of an odd number of
 * pixels one more lies right or below. (torchvision has no such transform; it is {@code tf.image.resize_with_pad} without the resizing.)
 */
public record PadToSquare(Fill fill) implements Transform {
    @Override public Image apply(Image image, RandomGenerator random) {
        int side = Math.max(image.height(), image.width());
        int top = (side - image.height()) / 2;
        int left = (side - image.width()) / 2;
        return Padding.of(image, top, left, side - image.height() - top, side - image.width() - left, fill);
    }

    @Override public String name() {
        return "PadToSquare";
    }

    @Override public Map<String, Object> arguments() {
        return Map.of("fill", fill.argument());
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
