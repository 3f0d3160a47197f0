package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The middle of a picture; where the picture is smaller it is padded with black on all sides, as in torchvision. */
public record CenterCrop(int height, int width) implements Transform {
    public CenterCrop {
        if (height < 1 || width < 1) {
            throw new InputException("CenterCrop of " + height + "×" + width + " is not possible; sizes from 1 would be right");
        }
    }

    /** Where the crop lies in a picture that is large enough; halves go to the even pixel, as Python rounds. */
    Resample.Box box(int pictureHeight, int pictureWidth) {
        return new Resample.Box((int) Math.rint((pictureHeight - height) / 2.0), (int) Math.rint((pictureWidth - width) / 2.0), height, width);
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        int missingHeight = Math.max(0, height - image.height());
        int missingWidth = Math.max(0, width - image.width());
        Image padded = Padding.zeros(image, missingHeight / 2, missingWidth / 2, (missingHeight + 1) / 2, (missingWidth + 1) / 2);
        return Resample.crop(padded, box(padded.height(), padded.width()));
    }

    @Override public String name() {
        return "CenterCrop";
    }

    @Override public Map<String, Object> arguments() {
        return Map.of("size", Call.size(height, width));
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
