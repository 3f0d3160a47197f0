package graft.augment;

import graft.InputException;
import graft.data.Image;

/**
 * The transforms in their explicit form, under the names of {@code torchvision.transforms.functional}: nothing is drawn. The pixels are those of torchvision with its PIL
 * back end, bit for bit but where the documentation says otherwise; the picture given stays as it is.
 */
public final class Functional {
    private Functional() { }

    /** Left and right exchanged. */
    public static Image hflip(Image image) {
        return Flip.horizontal(image);
    }

    /** Top and bottom exchanged. */
    public static Image vflip(Image image) {
        return Flip.vertical(image);
    }

    /** Turned around the middle by {@code angle} degrees against the clock, black outside; the size stays. */
    public static Image rotate(Image image, double angle, Interpolation interpolation) {
        return rotate(image, angle, interpolation, false, null, Fill.BLACK);
    }

    /**
     * Turned by {@code angle} degrees against the clock.
     *
     * @param expand whether the result is large enough for all of the picture; otherwise the size stays
     * @param center what stays in place, in pixels from the upper left corner; null: the middle
     */
    public static Image rotate(Image image, double angle, Interpolation interpolation, boolean expand, Point center, Fill fill) {
        return Warp.rotate(image, angle, interpolation, expand, center, fill);
    }

    /**
     * Turned by {@code angle} degrees clockwise, scaled and sheared around a point, and moved; the size stays.
     *
     * @param translate whole pixels
     * @param scale above 0
     * @param shear degrees along the rows (x) and along the columns (y)
     * @param center in pixels from the upper left corner; null: the middle
     */
    public static Image affine(Image image, double angle, Point translate, double scale, Point shear, Interpolation interpolation, Fill fill, Point center) {
        if (!(scale > 0)) {
            throw new InputException("a scale of " + scale + " is not possible; one above 0 would be right");
        }
        Point fixed = center == null ? Affine.middle(image) : center;
        Affine matrix = Affine.of(fixed, angle, translate.x(), translate.y(), scale, shear.x(), shear.y());
        return Warp.of(image, matrix, image.height(), image.width(), interpolation, fill);
    }

    /** 0 is black, 1 no change. */
    public static Image adjustBrightness(Image image, double factor) {
        return new Recolouring(image).levels(Levels.brightness(factor(factor))).image();
    }

    /** 0 is the picture's mean brightness everywhere, 1 no change. */
    public static Image adjustContrast(Image image, double factor) {
        return new Recolouring(image).contrast(factor(factor)).image();
    }

    /** 0 is a picture in greys, 1 no change. */
    public static Image adjustSaturation(Image image, double factor) {
        return new Recolouring(image).saturation(factor(factor)).image();
    }

    /** 0 is smoothed, 1 no change. */
    public static Image adjustSharpness(Image image, double factor) {
        return new Recolouring(image).sharpness(factor(factor)).image();
    }

    /** Turns the hue by a share of a full turn, −0.5 to 0.5. */
    public static Image adjustHue(Image image, double share) {
        if (!(Math.abs(share) <= 0.5)) {
            throw new InputException("a hue factor of " + share + " is not possible; −0.5 to 0.5 would be right");
        }
        return new Recolouring(image).hue(share).image();
    }

    /** Below 1 makes shadows lighter, above 1 darker. */
    public static Image adjustGamma(Image image, double gamma) {
        return new Recolouring(image).levels(Levels.gamma(gamma)).image();
    }

    /** The darkest level of each channel becomes 0, the lightest 255. */
    public static Image autocontrast(Image image) {
        return new Recolouring(image).autocontrast().image();
    }

    /** The levels of each channel become as evenly used as possible. */
    public static Image equalize(Image image) {
        return new Recolouring(image).equalize().image();
    }

    /** The negative. */
    public static Image invert(Image image) {
        return new Recolouring(image).levels(Levels.invert()).image();
    }

    /** Keeps the upper bits of each level, 0 to 8. */
    public static Image posterize(Image image, int bits) {
        return new RandomPosterize(bits, 1).changed(image, null);
    }

    /** Inverts the levels from the threshold on. */
    public static Image solarize(Image image, double threshold) {
        return new RandomSolarize(threshold, 1).changed(image, null);
    }

    /** The brightness (ITU-R 601-2) in all three channels. */
    public static Image rgbToGrayscale(Image image) {
        return new Recolouring(image).saturation(0).image();
    }

    /** Blurred with a square kernel of an odd size, which must be smaller than twice the picture. */
    public static Image gaussianBlur(Image image, int kernelSize, double sigma) {
        return new GaussianBlur(kernelSize, kernelSize, new Range(sigma, sigma)).apply(image, null);
    }

    private static double factor(double factor) {
        if (!(factor >= 0 && factor <= Float.MAX_VALUE)) {
            throw new InputException("a factor of " + factor + " is not possible; 0 or more would be right");
        }
        return factor;
    }
}
