package graft.augment;

import graft.data.Image;

/** Borders around a picture. */
final class Padding {
    private Padding() { }

    static Image zeros(Image image, int top, int left, int bottom, int right) {
        return of(image, top, left, bottom, right, Fill.BLACK);
    }

    /** Borders of one colour. */
    static Image of(Image image, int top, int left, int bottom, int right, Fill fill) {
        if (top + left + bottom + right == 0) {
            return image;
        }
        int height = Math.addExact(image.height(), top + bottom);
        int width = Math.addExact(image.width(), left + right);
        byte[] pixels = Recycled.array(height, width);
        int inner = image.width() * 3;
        fill.fill(pixels, 0, top * width * 3);
        for (int y = 0; y < image.height(); y++) {
            int row = (top + y) * width * 3;
            fill.fill(pixels, row, row + left * 3);
            System.arraycopy(image.pixels(), y * inner, pixels, row + left * 3, inner);
            fill.fill(pixels, row + left * 3 + inner, row + width * 3);
        }
        fill.fill(pixels, (top + image.height()) * width * 3, pixels.length);
        return new Image(height, width, pixels);
    }

    /** Borders made of the picture's own pixels. */
    static Image of(Image image, int top, int left, int bottom, int right, PaddingMode mode) {
        int height = Math.addExact(image.height(), top + bottom);
        int width = Math.addExact(image.width(), left + right);
        byte[] pixels = Recycled.array(height, width);
        for (int y = 0, at = 0; y < height; y++) {
            int row = mode.index(y - top, image.height()) * image.width();
            for (int x = 0; x < width; x++, at += 3) {
                System.arraycopy(image.pixels(), (row + mode.index(x - left, image.width())) * 3, pixels, at, 3);
            }
        }
        return new Image(height, width, pixels);
    }
}
