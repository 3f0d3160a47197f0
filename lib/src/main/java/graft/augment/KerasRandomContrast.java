package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Keras's {@code RandomContrast} layer, which is not torchvision's contrast: {@code (x − mean) · factor + mean} with the mean of each channel by itself, the factor
 * drawn evenly. Keras gives fractions of a grey level, this rounds. One number f means factors of 1 − f to 1 + f, as Keras documents it and Keras 2 does it
 * (Keras 3 draws from 1 to 1 + f for one number).
 *
 * @param factor contrast less 1, within −1 to 1
 */
public record KerasRandomContrast(Range factor) implements Transform {
    public KerasRandomContrast {
        if (!factor.within(-1, 1)) {
            throw new InputException("KerasRandomContrast by " + factor.low() + " to " + factor.high()
                + " is not possible; a factor within 0 to 1 would be right");
        }
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        return contrasted(image, 1 + factor.draw(random));
    }

    static Image contrasted(Image image, double factor) {
        Histogram histogram = Histogram.of(image.pixels(), Levels.SAME);
        Levels levels = new Levels(table(histogram.red(), factor), table(histogram.green(), factor), table(histogram.blue(), factor));
        return new Recolouring(image).levels(levels).image();
    }

    private static byte[] table(int[] counts, double factor) {
        double sum = 0;
        long pixels = 0;
        for (int level = 0; level < counts.length; level++) {
            sum += (double) level * counts[level];
            pixels += counts[level];
        }
        double mean = sum / pixels;
        return Levels.all(level -> (int) Math.rint((level - mean) * factor + mean)).red();
    }

    @Override public boolean random() {
        return true;
    }

    @Override public String name() {
        return "KerasRandomContrast";
    }

    @Override public Map<String, Object> arguments() {
        return Map.of("factor", factor.low() == -factor.high() ? factor.high() : List.of(-factor.low(), factor.high()));
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
