package graft.augment;

import graft.data.Image;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Where each pixel of a new picture comes from in the old one: {@code (a·x + b·y + c, d·x + e·y + f)}. Coordinates are those of Pillow:
 * a pixel's middle is at half numbers, the origin in the upper left corner.
 */
record Affine(double a, double b, double c, double d, double e, double f) {
    private static final int DIGITS = 15;   // Pillow rounds a rotation's sine and cosine to these, so that right angles are exact

    /** The middle of a picture. */
    static Point middle(Image image) {
        return new Point(image.width() * 0.5, image.height() * 0.5);
    }

    /**
     * A rotation by {@code angle} degrees clockwise, scaled and sheared around {@code centre} and then moved: the inverse matrix of
     * torchvision's {@code affine} ({@code _get_inverse_affine_matrix}).
     */
    static Affine of(Point centre, double angle, double moveX, double moveY, double scale, double shearX, double shearY) {
        double rotation = Math.toRadians(angle);
        double sx = Math.toRadians(shearX);
        double sy = Math.toRadians(shearY);
        double a = Math.cos(rotation - sy) / Math.cos(sy);
        double b = -(a * Math.tan(sx) + Math.sin(rotation));
        double c = Math.sin(rotation - sy) / Math.cos(sy);
        double d = Math.cos(rotation) - c * Math.tan(sx);
        double x = centre.x() + moveX;
        double y = centre.y() + moveY;
        double m0 = d / scale;
        double m1 = -b / scale;
        double m3 = -c / scale;
        double m4 = a / scale;
        return new Affine(m0, m1, centre.x() - m0 * x - m1 * y, m3, m4, centre.y() - m3 * x - m4 * y);
    }

    /** A rotation by {@code angle} degrees against the clock around {@code centre}, as Pillow's {@code Image.rotate} computes it. */
    static Affine rotation(Point centre, double angle) {
        double radians = -Math.toRadians(angle);
        double cos = rounded(Math.cos(radians));
        double sin = rounded(Math.sin(radians));
        return new Affine(cos, sin, 0, rounded(-Math.sin(radians)), cos, 0).after(-centre.x(), -centre.y()).plus(centre);
    }

    /** The matrix for a new picture whose origin lies at {@code (x, y)} of the present one. */
    Affine after(double x, double y) {
        return new Affine(a, b, x(x, y), d, e, y(x, y));
    }

    double x(double x, double y) {
        return a * x + b * y + c;
    }

    double y(double x, double y) {
        return d * x + e * y + f;
    }

    private Affine plus(Point point) {
        return new Affine(a, b, c + point.x(), d, e, f + point.y());
    }

    private static double rounded(double value) {
        return new BigDecimal(value).setScale(DIGITS, RoundingMode.HALF_EVEN).doubleValue();
    }
}
