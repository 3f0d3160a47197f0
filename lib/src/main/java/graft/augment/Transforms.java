package graft.augment;

import graft.InputException;

/** The transforms under torchvision's names and with its defaults, to be imported statically. */
public final class Transforms {
    private Transforms() { }

    /** Shorter side to {@code size}, bilinear. */
    public static Resize resize(int size) {
        return resize(size, Interpolation.BILINEAR);
    }

    /** Shorter side to {@code size}. */
    public static Resize resize(int size, Interpolation interpolation) {
        return new Resize(size, 0, interpolation);
    }

    /** Both sides, bilinear. */
    public static Resize resize(int height, int width) {
        return resize(height, width, Interpolation.BILINEAR);
    }

    /** Both sides. */
    public static Resize resize(int height, int width, Interpolation interpolation) {
        if (width < 1) {
            throw new InputException("Resize to " + height + "×" + width + " is not possible; sizes from 1 would be right");
        }
        return new Resize(height, width, interpolation);
    }

    /** The square in the middle. */
    public static CenterCrop centerCrop(int size) {
        return new CenterCrop(size, size);
    }

    /** The rectangle in the middle. */
    public static CenterCrop centerCrop(int height, int width) {
        return new CenterCrop(height, width);
    }

    /** A square at a random place; the picture has to be large enough. */
    public static RandomCrop randomCrop(int size) {
        return randomCrop(size, false);
    }

    /** A square at a random place. */
    public static RandomCrop randomCrop(int size, boolean padIfNeeded) {
        return new RandomCrop(size, size, padIfNeeded);
    }

    /** A random part of 8 to 100 % of the area and a shape of 3:4 to 4:3, resized to a square, bilinear. */
    public static RandomResizedCrop randomResizedCrop(int size) {
        return randomResizedCrop(size, 0.08, 1);
    }

    /** The same with another share of the area. */
    public static RandomResizedCrop randomResizedCrop(int size, double smallest, double largest) {
        return new RandomResizedCrop(size, size, smallest, largest, 3.0 / 4, 4.0 / 3, Interpolation.BILINEAR);
    }

    /** The same with other arguments: {@code scale}, {@code ratio}, {@code interpolation}. */
    public static RandomResizedCrop randomResizedCrop(int size, Keyword... arguments) {
        return (RandomResizedCrop) Keyword.call("RandomResizedCrop", arguments, new Keyword("size", size));
    }

    /** Borders of {@code padding} pixels, black; arguments: {@code fill}, {@code paddingMode}. */
    public static Pad pad(int padding, Keyword... arguments) {
        return (Pad) Keyword.call("Pad", arguments, new Keyword("padding", padding));
    }

    /** The same with a border for each side. */
    public static Pad pad(int left, int top, int right, int bottom, Keyword... arguments) {
        return (Pad) Keyword.call("Pad", arguments, new Keyword("padding", new int[] {left, top, right, bottom}));
    }

    /** Black borders that make a picture square; argument: {@code fill}. */
    public static PadToSquare padToSquare(Keyword... arguments) {
        return (PadToSquare) Keyword.call("PadToSquare", arguments);
    }

    /** Mirrors every second picture. */
    public static RandomHorizontalFlip randomHorizontalFlip() {
        return randomHorizontalFlip(0.5);
    }

    /** Mirrors a share {@code p} of the pictures. */
    public static RandomHorizontalFlip randomHorizontalFlip(double p) {
        return new RandomHorizontalFlip(p);
    }

    /** Turns every second picture upside down (a mirror image, not a rotation). */
    public static RandomVerticalFlip randomVerticalFlip() {
        return randomVerticalFlip(0.5);
    }

    /** Turns a share {@code p} of the pictures upside down. */
    public static RandomVerticalFlip randomVerticalFlip(double p) {
        return new RandomVerticalFlip(p);
    }

    /** Rotates by −{@code degrees} to {@code degrees}, nearest neighbour; arguments: {@code interpolation}, {@code expand}, {@code center}, {@code fill}. */
    public static RandomRotation randomRotation(double degrees, Keyword... arguments) {
        return (RandomRotation) Keyword.call("RandomRotation", arguments, new Keyword("degrees", degrees));
    }

    /**
     * Rotates by −{@code degrees} to {@code degrees}, nearest neighbour; arguments: {@code translate}, {@code scale}, {@code shear}, {@code interpolation},
     * {@code fill}, {@code center}.
     */
    public static RandomAffine randomAffine(double degrees, Keyword... arguments) {
        return (RandomAffine) Keyword.call("RandomAffine", arguments, new Keyword("degrees", degrees));
    }

    /** Erases a rectangle of 2 to 33 % in every second picture. */
    public static RandomErasing randomErasing() {
        return randomErasing(0.5);
    }

    /** Erases a rectangle in a share {@code p} of the pictures; arguments: {@code scale}, {@code ratio}, {@code value}. */
    public static RandomErasing randomErasing(double p, Keyword... arguments) {
        return (RandomErasing) Keyword.call("RandomErasing", arguments, new Keyword("p", p));
    }

    /** Brightness, contrast and saturation by 1 − amount to 1 + amount, hue by −amount to amount of a full turn; 0 leaves one as it is. */
    public static ColorJitter colorJitter(double brightness, double contrast, double saturation, double hue) {
        return new ColorJitter(ColorJitter.around(brightness), ColorJitter.around(contrast), ColorJitter.around(saturation), ColorJitter.turn(hue));
    }

    /** Sharpens (a factor above 1) or smooths (below 1) every second picture. */
    public static RandomAdjustSharpness randomAdjustSharpness(double factor) {
        return new RandomAdjustSharpness(factor, 0.5);
    }

    /** Stretches the levels of every second picture. */
    public static RandomAutocontrast randomAutocontrast() {
        return new RandomAutocontrast(0.5);
    }

    /** Evens out the levels of every second picture. */
    public static RandomEqualize randomEqualize() {
        return new RandomEqualize(0.5);
    }

    /** Keeps so many bits of each level in every second picture. */
    public static RandomPosterize randomPosterize(int bits) {
        return new RandomPosterize(bits, 0.5);
    }

    /** Inverts the levels from a threshold on in every second picture. */
    public static RandomSolarize randomSolarize(double threshold) {
        return new RandomSolarize(threshold, 0.5);
    }

    /** The negative of every second picture. */
    public static RandomInvert randomInvert() {
        return new RandomInvert(0.5);
    }

    /** Every tenth picture without its colours. */
    public static RandomGrayscale randomGrayscale() {
        return new RandomGrayscale(0.1);
    }

    /** Blurs with a kernel of an odd size, sigma 0.1 to 2. */
    public static GaussianBlur gaussianBlur(int kernelSize) {
        return gaussianBlur(kernelSize, 0.1, 2);
    }

    /** Blurs with a kernel of an odd size. */
    public static GaussianBlur gaussianBlur(int kernelSize, double leastSigma, double mostSigma) {
        return new GaussianBlur(kernelSize, kernelSize, new Range(leastSigma, mostSigma));
    }

    /** {@code numOps} operations of a magnitude of 0 to 30; arguments: {@code interpolation}, {@code fill}. */
    public static RandAugment randAugment(int numOps, int magnitude, Keyword... arguments) {
        return (RandAugment) Keyword.call("RandAugment", arguments, new Keyword("num_ops", numOps), new Keyword("magnitude", magnitude));
    }

    /** One operation of any magnitude; arguments: {@code interpolation}, {@code fill}. */
    public static TrivialAugmentWide trivialAugmentWide(Keyword... arguments) {
        return (TrivialAugmentWide) Keyword.call("TrivialAugmentWide", arguments);
    }

    /** ImageNet's policy; arguments: {@code interpolation}, {@code fill}. */
    public static AutoAugment autoAugment(Keyword... arguments) {
        return autoAugment(AutoAugmentPolicy.IMAGENET, arguments);
    }

    /** Another policy. */
    public static AutoAugment autoAugment(AutoAugmentPolicy policy, Keyword... arguments) {
        return (AutoAugment) Keyword.call("AutoAugment", arguments, new Keyword("policy", policy.toString()));
    }

    /** Three versions of one to three operations, mixed; arguments: {@code interpolation}, {@code fill}. */
    public static AugMix augMix(Keyword... arguments) {
        return (AugMix) Keyword.call("AugMix", arguments);
    }

    /** Keras's zoom: −{@code factor} (larger) to {@code factor} (smaller), both directions alike. */
    public static KerasRandomZoom kerasRandomZoom(double factor) {
        return new KerasRandomZoom(Range.symmetric(factor), null, PaddingMode.SYMMETRIC);
    }

    /** Keras's contrast: 1 − {@code factor} to 1 + {@code factor}, each channel around its own mean. */
    public static KerasRandomContrast kerasRandomContrast(double factor) {
        return new KerasRandomContrast(Range.symmetric(factor));
    }
}
