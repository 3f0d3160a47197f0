package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * One of the five crops that torchvision's {@code FiveCrop} gives.
 *
 * @param crop 0 to 4: upper left, upper right, lower left, lower right, middle
 */
public record FiveCrop(int height, int width, int crop) implements Transform {
    private static final int MIDDLE = 4;

    public FiveCrop {
        if (height < 1 || width < 1 || crop < 0 || crop > MIDDLE) {
            throw new InputException("crop " + crop + " of FiveCrop of " + height + "×" + width + " is not possible; crops 0 to 4 and sizes from 1 would be right");
        }
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        if (image.height() < height || image.width() < width) {
            throw new InputException("FiveCrop of " + height + "×" + width + " is larger than the picture of " + image.height() + "×" + image.width()
                + "; a smaller crop, or a larger Resize before it, would be right");
        }
        if (crop == MIDDLE) {
            return Resample.crop(image, new CenterCrop(height, width).box(image.height(), image.width()));
        }
        return Resample.crop(image, new Resample.Box(crop < 2 ? 0 : image.height() - height, crop % 2 == 0 ? 0 : image.width() - width, height, width));
    }

    @Override public String name() {
        return "FiveCrop";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("size", Call.size(height, width));
        arguments.put("crop", crop);
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
