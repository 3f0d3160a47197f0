package graft.augment;

import graft.data.Image;
import java.util.Arrays;

/**
 * Resizing as Pillow does it ({@code ImagingResample}, 8 bits a channel), bit for bit: rows first, then columns, in fixed point, rounded and clipped to a byte
 * in between. Since its version 13 Pillow takes the columns first when the height shrinks by more than twice as many pixels as the width, which differs
 * by one grey level here and there. A part of the old picture can be resized, and a part of the new one be made, without the work for the rest.
 */
final class Resample {
    private static final int HALF = 1 << (Weights.PRECISION - 1);
    private static final int TAPS_AT_ONCE = 3;   // what resize 256 of common photographs has; more taps go in steps of three

    private Resample() { }

    /** A rectangle of pixels. */
    record Box(int top, int left, int height, int width) {
        static Box of(Image image) {
            return new Box(0, 0, image.height(), image.width());
        }
    }

    /** The picture in another size. */
    static Image resize(Image image, int height, int width, Interpolation filter) {
        return resize(image, Box.of(image), height, width, new Box(0, 0, height, width), filter);
    }

    /**
     * Cuts {@code source} out of the picture, resizes that to {@code height × width}, and returns the part {@code wanted} of the result.
     */
    static Image resize(Image image, Box source, int height, int width, Box wanted, Interpolation filter) {
        if (source.height() == height && source.width() == width) {
            return crop(image, new Box(source.top() + wanted.top(), source.left() + wanted.left(), wanted.height(), wanted.width()));
        }
        if (filter == Interpolation.NEAREST) {
            return crop(NearestScale.resize(image, source, height, width), wanted);
        }
        Weights columns = source.width() == width ? null
            : Weights.of(source.width(), width, wanted.left(), wanted.width(), filter, TAPS_AT_ONCE);
        Weights rows = source.height() == height ? null : Weights.of(source.height(), height, wanted.top(), wanted.height(), filter, 1);
        boolean columnsFirst = source.height() > height && source.height() - height > 2 * (source.width() - width);
        byte[] old = image.pixels();
        if (columns != null && columns.taps() > source.width()) {
            old = Arrays.copyOf(old, old.length + columns.taps() * 3);   // weights of zero reach beyond the last row
        }
        byte[] pixels = Recycled.array(wanted.height(), wanted.width());
        int start = (source.top() * image.width() + source.left()) * 3;
        if (columns == null || rows == null || !columnsFirst) {
            rowsThenColumns(old, start, image.width() * 3, columns, rows, wanted, pixels);
        } else {
            columnsThenRows(old, start, image.width() * 3, source.width() * 3, columns, rows, pixels);
        }
        return new Image(wanted.height(), wanted.width(), pixels);
    }

    /**
     * @param old pixels of the picture
     * @param start where its part begins
     * @param stride bytes from one of its rows to the next
     */
    private static void rowsThenColumns(byte[] old, int start, int stride, Weights columns, Weights rows, Box wanted, byte[] pixels) {
        int[] sums = new int[wanted.width() * 3];
        int[][] ring = new int[rows == null ? 1 : rows.taps()][sums.length];   // the last few rows after the horizontal pass
        int next = 0;
        for (int y = 0; y < wanted.height(); y++) {
            int first = rows == null ? wanted.top() + y : rows.first()[y];
            for (next = Math.max(next, first); next < first + ring.length; next++) {
                int at = start + next * stride;
                if (columns == null) {
                    copyRow(old, at + wanted.left() * 3, ring[next % ring.length]);
                } else {
                    resizeRow(old, at, columns, ring[next % ring.length]);
                }
            }
            if (rows == null) {
                store(ring[first % ring.length], pixels, y * sums.length);
            } else {
                weigh(ring, first, rows, y, sums);
                store(sums, pixels, y * sums.length);
            }
        }
    }

    private static void columnsThenRows(byte[] old, int start, int stride, int length, Weights columns, Weights rows, byte[] pixels) {
        int[] sums = new int[length];
        int[][] ring = new int[rows.taps()][length];
        byte[] narrow = new byte[Math.max(length, columns.taps() * 3)];
        int[] row = new int[columns.first().length * 3];
        int next = 0;
        for (int y = 0; y < rows.first().length; y++) {
            int first = rows.first()[y];
            for (next = Math.max(next, first); next < first + ring.length; next++) {
                copyRow(old, start + next * stride, ring[next % ring.length]);
            }
            weigh(ring, first, rows, y, sums);
            store(sums, narrow, 0);
            resizeRow(narrow, 0, columns, row);
            store(row, pixels, y * row.length);
        }
    }

    /** A part of a picture. */
    static Image crop(Image image, Box box) {
        if (box.equals(Box.of(image))) {
            return image;
        }
        byte[] pixels = Recycled.array(box.height(), box.width());
        for (int y = 0; y < box.height(); y++) {
            System.arraycopy(image.pixels(), ((box.top() + y) * image.width() + box.left()) * 3, pixels, y * box.width() * 3, box.width() * 3);
        }
        return new Image(box.height(), box.width(), pixels);
    }

    private static void copyRow(byte[] from, int at, int[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = from[at + i] & 255;
        }
    }

    /** The horizontal pass over one row. The sums are clipped in a loop of their own, which the JIT turns into vector instructions. */
    private static void resizeRow(byte[] from, int start, Weights columns, int[] to) {
        if (columns.taps() == 2) {
            resizeRowByTwo(from, start, columns.first(), columns.weights(), to);
        } else if (columns.taps() == TAPS_AT_ONCE) {
            resizeRowByThree(from, start, columns.first(), columns.weights(), to);
        } else {
            resizeRowByMany(from, start, columns.first(), columns.weights(), columns.taps(), to);
        }
        scale(to);
    }

    /** Enlarging, bilinear. */
    private static void resizeRowByTwo(byte[] from, int start, int[] first, int[] weights, int[] to) {
        for (int x = 0, at = 0; x < first.length; x++, at += 3) {
            int left = start + first[x] * 3;
            int a = weights[x * 2];
            int b = weights[x * 2 + 1];
            to[at] = HALF + (from[left] & 255) * a + (from[left + 3] & 255) * b;
            to[at + 1] = HALF + (from[left + 1] & 255) * a + (from[left + 4] & 255) * b;
            to[at + 2] = HALF + (from[left + 2] & 255) * a + (from[left + 5] & 255) * b;
        }
    }

    private static void resizeRowByThree(byte[] from, int start, int[] first, int[] weights, int[] to) {
        for (int x = 0; x < first.length; x++) {
            int at = start + first[x] * 3;
            int a = weights[x * 3];
            int b = weights[x * 3 + 1];
            int c = weights[x * 3 + 2];
            to[x * 3] = HALF + (from[at] & 255) * a + (from[at + 3] & 255) * b + (from[at + 6] & 255) * c;
            to[x * 3 + 1] = HALF + (from[at + 1] & 255) * a + (from[at + 4] & 255) * b + (from[at + 7] & 255) * c;
            to[x * 3 + 2] = HALF + (from[at + 2] & 255) * a + (from[at + 5] & 255) * b + (from[at + 8] & 255) * c;
        }
    }

    private static void resizeRowByMany(byte[] from, int start, int[] first, int[] weights, int taps, int[] to) {
        for (int x = 0; x < first.length; x++) {
            int at = start + first[x] * 3;
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            for (int tap = x * taps; tap < (x + 1) * taps; tap += TAPS_AT_ONCE) {
                int a = weights[tap];
                int b = weights[tap + 1];
                int c = weights[tap + 2];
                red += (from[at] & 255) * a + (from[at + 3] & 255) * b + (from[at + 6] & 255) * c;
                green += (from[at + 1] & 255) * a + (from[at + 4] & 255) * b + (from[at + 7] & 255) * c;
                blue += (from[at + 2] & 255) * a + (from[at + 5] & 255) * b + (from[at + 8] & 255) * c;
                at += TAPS_AT_ONCE * 3;
            }
            to[x * 3] = red;
            to[x * 3 + 1] = green;
            to[x * 3 + 2] = blue;
        }
    }

    /** The vertical pass for one new row, in simple loops over whole rows: vector instructions again. */
    private static void weigh(int[][] ring, int first, Weights rows, int y, int[] sums) {
        int taps = ring.length;
        if (taps == 2) {
            weighTwo(ring[first % 2], ring[(first + 1) % 2], rows.weights()[y * 2], rows.weights()[y * 2 + 1], sums);
        } else {
            Arrays.fill(sums, HALF);
            for (int tap = 0; tap < taps; tap++) {
                int[] row = ring[(first + tap) % taps];
                int weight = rows.weights()[y * taps + tap];
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += row[i] * weight;
                }
            }
        }
        scale(sums);
    }

    private static void weighTwo(int[] upper, int[] lower, int a, int b, int[] sums) {
        int length = Math.min(sums.length, Math.min(upper.length, lower.length));   // one bound for all three
        for (int i = 0; i < length; i++) {
            sums[i] = upper[i] * a + lower[i] * b + HALF;
        }
    }

    /** From fixed point to grey levels, clipped by the sign bits: minimum and maximum would not become vector instructions. */
    private static void scale(int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            int level = sums[i] >> Weights.PRECISION;
            sums[i] = (level | (255 - level) >> 31) & ~(level >> 31) & 255;
        }
    }

    private static void store(int[] values, byte[] to, int at) {
        for (int i = 0; i < values.length; i++) {
            to[at + i] = (byte) values[i];
        }
    }
}
