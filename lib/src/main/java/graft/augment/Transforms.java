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

    /** Mirrors every second picture. */
    public static RandomHorizontalFlip randomHorizontalFlip() {
        return randomHorizontalFlip(0.5);
    }

    /** Mirrors a share {@code p} of the pictures. */
    public static RandomHorizontalFlip randomHorizontalFlip(double p) {
        return new RandomHorizontalFlip(p);
    }
}
