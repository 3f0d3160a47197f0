package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Resizes with antialias, as torchvision's {@code Resize} does for Pillow's pictures.
 *
 * @param height new height; of the shorter side when {@code width} is 0, the longer one then follows the picture's shape
 * @param width new width, or 0
 */
public record Resize(int height, int width, Interpolation interpolation) implements Transform {
    public Resize {
        if (height < 1 || width < 0) {
            throw new InputException("Resize to " + height + (width == 0 ? "" : "×" + width) + " is not possible; sizes from 1 would be right");
        }
    }

    /** The height of the result for a picture of this size. */
    int newHeight(int oldHeight, int oldWidth) {
        return width > 0 ? height : oldHeight <= oldWidth ? height : following(oldHeight, oldWidth);
    }

    /** The width of the result for a picture of this size. */
    int newWidth(int oldHeight, int oldWidth) {
        return width > 0 ? width : oldWidth <= oldHeight ? height : following(oldWidth, oldHeight);
    }

    /** The longer side, rounded down as torchvision does. */
    private int following(int longer, int shorter) {
        return (int) Math.min(Integer.MAX_VALUE, (long) ((double) ((long) height * longer) / shorter));
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        int newHeight = newHeight(image.height(), image.width());
        int newWidth = newWidth(image.height(), image.width());
        if ((long) newHeight * newWidth > Recycled.MOST_PIXELS) {
            throw new InputException(this + " makes " + newWidth + "×" + newHeight + " of a picture of " + image.width() + "×" + image.height()
                + ", more than 178 megapixels; a picture of a more usual shape would be right");
        }
        return Resample.resize(image, newHeight, newWidth, interpolation);
    }

    /** The same pixels as {@link #apply} and then a centre crop, without computing those that the crop discards. */
    Image applyAndCrop(Image image, CenterCrop crop) {
        int newHeight = newHeight(image.height(), image.width());
        int newWidth = newWidth(image.height(), image.width());
        if (crop.height() > newHeight || crop.width() > newWidth) {
            return crop.apply(apply(image, null), null);
        }
        return Resample.resize(image, Resample.Box.of(image), newHeight, newWidth, crop.box(newHeight, newWidth), interpolation);
    }

    @Override public String name() {
        return "Resize";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("size", width == 0 ? height : List.of(height, width));
        arguments.put("interpolation", interpolation.toString());
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
