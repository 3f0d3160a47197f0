package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A part of the picture at a random place, each place equally likely.
 *
 * @param padIfNeeded whether a picture that is too small gets black borders (on both sides as much as is missing, as in torchvision); without it
 *     such a picture is refused
 */
public record RandomCrop(int height, int width, boolean padIfNeeded) implements Transform {
    public RandomCrop {
        if (height < 1 || width < 1) {
            throw new InputException("RandomCrop of " + height + "×" + width + " is not possible; sizes from 1 would be right");
        }
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        int missingHeight = Math.max(0, height - image.height());
        int missingWidth = Math.max(0, width - image.width());
        if (!padIfNeeded && missingHeight + missingWidth > 0) {
            throw new InputException(this + " does not fit into a picture of " + image.width() + "×" + image.height()
                + "; a Resize before it, or pad_if_needed, would be right");
        }
        Image padded = Padding.zeros(image, missingHeight, missingWidth, missingHeight, missingWidth);
        int top = random.nextInt(padded.height() - height + 1);
        int left = random.nextInt(padded.width() - width + 1);
        return Resample.crop(padded, new Resample.Box(top, left, height, width));
    }

    @Override public boolean random() {
        return true;
    }

    @Override public String name() {
        return "RandomCrop";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("size", Call.size(height, width));
        if (padIfNeeded) {
            arguments.put("pad_if_needed", true);
        }
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
