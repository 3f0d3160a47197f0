package graft.augment;

import graft.InputException;
import java.util.Locale;

/**
 * How pixels between pixels are found. When a picture is resized these are the filters of Pillow's {@code ImagingResample}, which look at more pixels when
 * shrinking; when it is turned or sheared they are those of its {@code ImagingTransform}, which do not.
 */
public enum Interpolation {
    /** The pixel that covers the place: torchvision's default for rotations, shears and the augmentations made of them. */
    NEAREST(0) {
        @Override double weight(double x) {
            throw new IllegalStateException("a single pixel has no weights");
        }
    },
    /** A triangle of radius 1: torchvision's default for resizing. */
    BILINEAR(1) {
        @Override double weight(double x) {
            double distance = Math.abs(x);
            return distance < 1 ? 1 - distance : 0;
        }
    },
    /** Keys' cubic of radius 2 with a = −0.5 (R. Keys, 1981). */
    BICUBIC(2) {
        @Override double weight(double x) {
            double distance = Math.abs(x);
            if (distance < 1) {
                return ((A + 2) * distance - (A + 3)) * distance * distance + 1;
            }
            return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * A : 0;
        }
    };

    private static final double A = -0.5;
    /** The filter's radius in pixels, before it is widened for shrinking. */
    final double radius;

    Interpolation(double radius) {
        this.radius = radius;
    }

    abstract double weight(double x);

    /** torchvision's name for it: {@code bilinear}. */
    @Override public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The inverse of {@link #toString()}. */
    public static Interpolation of(String name) {
        for (Interpolation one : values()) {
            if (one.toString().equals(name)) {
                return one;
            }
        }
        throw new InputException("the interpolation " + name + " is unknown; nearest, bilinear or bicubic would be right");
    }
}
