package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A random part of the picture, resized: the augmentation of Inception (Szegedy et al. 2014, arXiv:1409.4842), as in torchvision. The part's area
 * is drawn evenly, its shape evenly in the logarithm; after ten tries that do not fit it is the largest centre of an allowed shape.
 *
 * @param smallest least share of the picture's area, above 0
 * @param largest greatest share of the picture's area
 * @param narrowest least width ÷ height
 * @param widest greatest width ÷ height
 */
public record RandomResizedCrop(int height, int width, double smallest, double largest, double narrowest, double widest,
                                Interpolation interpolation) implements Transform {
    private static final int TRIES = 10;

    public RandomResizedCrop {
        boolean valid = height > 0 && width > 0 && 0 < smallest && smallest <= largest && largest <= 1
            && 0 < narrowest && narrowest <= widest && widest < Double.POSITIVE_INFINITY;
        if (!valid) {
            throw new InputException("RandomResizedCrop of " + height + "×" + width + " with scale " + smallest + "–" + largest + " and ratio " + narrowest
                + "–" + widest + " is not possible; sizes from 1, 0 < scale ≤ 1 and 0 < ratio, each the lower first, would be right");
        }
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        return Resample.resize(image, draw(image.height(), image.width(), random), height, width, new Resample.Box(0, 0, height, width), interpolation);
    }

    /** The part of a picture of this size. */
    Resample.Box draw(int oldHeight, int oldWidth, RandomGenerator random) {
        double area = (double) oldHeight * oldWidth;
        double low = Math.log(narrowest);
        double high = Math.log(widest);
        for (int i = 0; i < TRIES; i++) {
            double target = area * (smallest + (largest - smallest) * random.nextDouble());
            double ratio = Math.exp(low + (high - low) * random.nextDouble());
            int w = (int) Math.rint(Math.sqrt(target * ratio));
            int h = (int) Math.rint(Math.sqrt(target / ratio));
            if (0 < w && w <= oldWidth && 0 < h && h <= oldHeight) {
                int top = random.nextInt(oldHeight - h + 1);
                int left = random.nextInt(oldWidth - w + 1);
                return new Resample.Box(top, left, h, w);
            }
        }
        double shape = (double) oldWidth / oldHeight;
        int h = shape < narrowest ? Math.max(1, (int) Math.rint(oldWidth / narrowest)) : oldHeight;
        int w = shape > widest ? Math.max(1, (int) Math.rint(oldHeight * widest)) : oldWidth;
        return new Resample.Box((oldHeight - h) / 2, (oldWidth - w) / 2, h, w);
    }

    @Override public boolean random() {
        return true;
    }

    @Override public String name() {
        return "RandomResizedCrop";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("size", Call.size(height, width));
        arguments.put("scale", List.of(smallest, largest));
        arguments.put("ratio", List.of(narrowest, widest));
        arguments.put("interpolation", interpolation.toString());
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
