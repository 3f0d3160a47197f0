package graft.augment;

import graft.data.Image;

/** Stretching and moving along the axes, nearest neighbour: Pillow's {@code ImagingScaleAffine}, which also resizes by nearest neighbour. */
final class NearestScale {
    private NearestScale() { }

    /** A part of the picture in another size. */
    static Image resize(Image image, Resample.Box source, int height, int width) {
        byte[] pixels = Recycled.array(height, width);
        fill(image, source, new Affine((double) source.width() / width, 0, 0, 0, (double) source.height() / height, 0), height, width, Fill.BLACK, pixels);
        return new Image(height, width, pixels);
    }

    static void fill(Image image, Resample.Box source, Affine matrix, int height, int width, Fill fill, byte[] to) {
        byte[] from = image.pixels();
        int[] columns = new int[width];
        int first = width;
        int end = 0;
        double x = matrix.c() + matrix.a() * 0.5;
        for (int i = 0; i < width; i++, x += matrix.a()) {
            if (x >= 0 && (int) x < source.width()) {
                first = Math.min(first, i);
                end = i + 1;
                columns[i] = (source.left() + (int) x) * 3;
            }
        }
        double y = matrix.f() + matrix.e() * 0.5;
        for (int i = 0; i < height; i++, y += matrix.e()) {
            int row = i * width * 3;
            if (y < 0 || (int) y >= source.height() || first >= end) {
                fill.fill(to, row, row + width * 3);
                continue;
            }
            int start = (source.top() + (int) y) * image.width() * 3;
            fill.fill(to, row, row + first * 3);
            if (matrix.a() == 1) {
                System.arraycopy(from, start + columns[first], to, row + first * 3, (end - first) * 3);
            } else {
                copy(from, start, columns, first, end, to, row);
            }
            fill.fill(to, row + end * 3, row + width * 3);
        }
    }

    private static void copy(byte[] from, int start, int[] columns, int first, int end, byte[] to, int row) {
        for (int i = first, at = row + first * 3; i < end; i++, at += 3) {
            Pixels.copy(from, start + columns[i], to, at);
        }
    }
}
