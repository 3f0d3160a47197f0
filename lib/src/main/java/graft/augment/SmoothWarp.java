package graft.augment;

import graft.data.Image;

/**
 * Affine, bilinear and bicubic: Pillow's {@code ImagingGenericTransform} with its {@code bilinear_filter32RGB} and {@code bicubic_filter32RGB} (Keys' cubic with
 * a = −1), in double precision and cut off, not rounded, to whole grey levels. There is no antialias. Pixels beyond the edge repeat
 * the edge, as far as half a pixel; places further out are filled.
 */
final class SmoothWarp {
    private SmoothWarp() { }

    static void bilinear(Image image, Affine matrix, int height, int width, Fill fill, byte[] to) {
        byte[] from = image.pixels();
        int stride = image.width() * 3;
        for (int y = 0; y < height; y++) {
            Row row = new Row(image, matrix, y, width);
            int at = y * width * 3;
            fill.fill(to, at, at + row.first * 3);
            for (int x = row.first; x < row.end; x++) {
                double oldX = row.x(x) - 0.5;
                double oldY = row.y(x) - 0.5;
                int left = (int) Math.floor(oldX);
                int top = (int) Math.floor(oldY);
                double dx = oldX - left;
                double dy = oldY - top;
                int upper = Math.max(top, 0) * stride;
                int lower = Math.min(top + 1, image.height() - 1) * stride;
                int x0 = Math.max(left, 0) * 3;
                int x1 = Math.min(left + 1, image.width() - 1) * 3;
                for (int channel = 0; channel < 3; channel++, x0++, x1++) {
                    double above = between(from[upper + x0] & 255, from[upper + x1] & 255, dx);
                    double below = between(from[lower + x0] & 255, from[lower + x1] & 255, dx);
                    to[at + x * 3 + channel] = (byte) (int) (above + (below - above) * dy);
                }
            }
            fill.fill(to, at + row.end * 3, at + width * 3);
        }
    }

    static void bicubic(Image image, Affine matrix, int height, int width, Fill fill, byte[] to) {
        byte[] from = image.pixels();
        double[] rows = new double[4];
        int[] columns = new int[4];
        for (int y = 0; y < height; y++) {
            Row row = new Row(image, matrix, y, width);
            int at = y * width * 3;
            fill.fill(to, at, at + row.first * 3);
            for (int x = row.first; x < row.end; x++) {
                double oldX = row.x(x) - 0.5;
                double oldY = row.y(x) - 0.5;
                int left = (int) Math.floor(oldX);
                int top = (int) Math.floor(oldY);
                for (int i = 0; i < 4; i++) {
                    columns[i] = clipped(left - 1 + i, image.width()) * 3;
                }
                for (int channel = 0; channel < 3; channel++) {
                    for (int i = 0; i < 4; i++) {
                        int start = clipped(top - 1 + i, image.height()) * image.width() * 3 + channel;
                        rows[i] = cubic(from[start + columns[0]] & 255, from[start + columns[1]] & 255, from[start + columns[2]] & 255,
                            from[start + columns[3]] & 255, oldX - left);
                    }
                    double value = cubic(rows[0], rows[1], rows[2], rows[3], oldY - top);
                    to[at + x * 3 + channel] = (byte) (int) Math.max(0, Math.min(255, value));
                }
            }
            fill.fill(to, at + row.end * 3, at + width * 3);
        }
    }

    private static double between(int a, int b, double share) {
        return a + (b - a) * share;
    }

    private static double cubic(double v1, double v2, double v3, double v4, double share) {
        return v2 + share * (-v1 + v3 + share * (2 * (v1 - v2) + v3 - v4 + share * (-v1 + v2 - v3 + v4)));
    }

    private static int clipped(int value, int size) {
        return Math.max(0, Math.min(size - 1, value));
    }

    /** Where the pixels of one new row come from, and which of them come from within the picture. */
    private static final class Row {
        private final Affine matrix;
        private final double alongX;
        private final double alongY;
        final int first;
        final int end;

        Row(Image image, Affine matrix, int y, int width) {
            this.matrix = matrix;
            alongX = matrix.b() * (y + 0.5);
            alongY = matrix.e() * (y + 0.5);
            boolean right = matrix.a() >= 0;
            boolean down = matrix.d() >= 0;
            first = Math.max(count(width, false, right, right ? 0 : image.width()), count(width, true, down, down ? 0 : image.height()));
            end = Math.max(first,
                Math.min(count(width, false, right, right ? image.width() : 0), count(width, true, down, down ? image.height() : 0)));
        }

        double x(int x) {
            return matrix.a() * (x + 0.5) + alongX + matrix.c();
        }

        double y(int x) {
            return matrix.d() * (x + 0.5) + alongY + matrix.f();
        }

        /** How many pixels lie before a coordinate that only rises (or only falls) reaches the bound: found by halving. */
        private int count(int width, boolean vertical, boolean rising, double bound) {
            int low = 0;
            int high = width;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if ((vertical ? y(middle) : x(middle)) < bound == rising) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }
}
