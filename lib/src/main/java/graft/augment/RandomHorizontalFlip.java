package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Left and right exchanged, or not.
 *
 * @param p how likely the exchange is, 0 to 1
 */
public record RandomHorizontalFlip(double p) implements Transform {
    public RandomHorizontalFlip {
        if (!(p >= 0 && p <= 1)) {
            throw new InputException("RandomHorizontalFlip with p = " + p + " is not possible; 0 to 1 would be right");
        }
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        return random.nextDouble() < p ? flipped(image) : image;
    }

    /** The mirror image. */
    static Image flipped(Image image) {
        byte[] from = image.pixels();
        byte[] to = new byte[from.length];
        int length = image.width() * 3;
        for (int row = 0; row < from.length; row += length) {
            for (int left = row, right = row + length - 3; left < row + length; left += 3, right -= 3) {
                to[left] = from[right];
                to[left + 1] = from[right + 1];
                to[left + 2] = from[right + 2];
            }
        }
        return new Image(image.height(), image.width(), to);
    }

    @Override public boolean random() {
        return true;
    }

    @Override public String name() {
        return "RandomHorizontalFlip";
    }

    @Override public Map<String, Object> arguments() {
        return Map.of("p", p);
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
