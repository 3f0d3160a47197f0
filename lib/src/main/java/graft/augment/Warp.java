package graft.augment;

import graft.data.Image;

/** Moves pixels as an affine matrix says, with the arithmetic of Pillow's {@code ImagingTransformAffine}, pixel for pixel. */
final class Warp {
    private Warp() { }

    /** A new picture of {@code height × width}; places outside of the old one are filled. */
    static Image of(Image image, Affine matrix, int height, int width, Interpolation interpolation, Fill fill) {
        byte[] pixels = Recycled.array(height, width);
        switch (interpolation) {
            case NEAREST -> {
                if (matrix.b() == 0 && matrix.d() == 0) {
                    NearestScale.fill(image, Resample.Box.of(image), matrix, height, width, fill, pixels);
                } else {
                    NearestWarp.fill(image, matrix, height, width, fill, pixels);
                }
            }
            case BILINEAR -> SmoothWarp.bilinear(image, matrix, height, width, fill, pixels);
            case BICUBIC -> SmoothWarp.bicubic(image, matrix, height, width, fill, pixels);
        }
        return new Image(height, width, pixels);
    }

    /**
     * A rotation by {@code angle} degrees against the clock, as Pillow's {@code Image.rotate}: right angles are exact.
     *
     * @param expand whether the new picture is large enough for all of the old one; otherwise it has the old size
     * @param centre what stays in place; null: the middle
     */
    static Image rotate(Image image, double angle, Interpolation interpolation, boolean expand, Point centre, Fill fill) {
        double turn = angle % 360 < 0 ? angle % 360 + 360 : angle % 360;
        int height = image.height();
        int width = image.width();
        if (centre == null && turn % 90 == 0 && (turn % 180 == 0 || expand || height == width)) {
            return Flip.quarterTurns(image, (int) turn / 90);
        }
        Affine matrix = Affine.rotation(centre == null ? new Point(width / 2.0, height / 2.0) : centre, turn);
        if (!expand) {
            return of(image, matrix, height, width, interpolation, fill);
        }
        double[] xs = {matrix.x(0, 0), matrix.x(width, 0), matrix.x(width, height), matrix.x(0, height)};
        double[] ys = {matrix.y(0, 0), matrix.y(width, 0), matrix.y(width, height), matrix.y(0, height)};
        int newWidth = length(xs);
        int newHeight = length(ys);
        return of(image, matrix.after(-(newWidth - width) / 2.0, -(newHeight - height) / 2.0), newHeight, newWidth, interpolation, fill);
    }

    private static int length(double[] ends) {
        double least = Math.min(Math.min(ends[0], ends[1]), Math.min(ends[2], ends[3]));
        double most = Math.max(Math.max(ends[0], ends[1]), Math.max(ends[2], ends[3]));
        return (int) (Math.ceil(most) - Math.floor(least));
    }
}
