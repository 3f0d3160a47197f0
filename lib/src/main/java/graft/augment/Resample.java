package graft.augment;

import graft.data.Image;

/**
 * Resizing as Pillow does it ({@code ImagingResample}, 8 bits a channel), bit for bit: rows first, then columns, in fixed point, rounded and clipped to a byte
 * in between. Since its version 13 Pillow takes the columns first when the height shrinks by more than twice as many pixels as the width, which differs
 * by one grey level here and there. A part of the old picture can be resized, and a part of the new one be made, without the work for the rest.
 */
final class Resample {
    private static final int HALF = 1 << (Weights.PRECISION - 1);

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
        Weights columns = source.width() == width ? null : Weights.of(source.width(), width, wanted.left(), wanted.width(), filter);
        Weights rows = source.height() == height ? null : Weights.of(source.height(), height, wanted.top(), wanted.height(), filter);
        boolean columnsFirst = source.height() > height && source.height() - height > 2 * (source.width() - width);
        byte[] pixels = new byte[wanted.height() * wanted.width() * 3];
        if (columns == null || rows == null || !columnsFirst) {
            rowsThenColumns(image, source, columns, rows, wanted, pixels);
        } else {
            columnsThenRows(image, source, columns, rows, wanted, pixels);
        }
        return new Image(wanted.height(), wanted.width(), pixels);
    }

    private static void rowsThenColumns(Image image, Box source, Weights columns, Weights rows, Box wanted, byte[] pixels) {
        int length = wanted.width() * 3;
        int[][] ring = new int[rows == null ? 1 : rows.most()][length];   // the last few rows after the horizontal pass
        int[] sums = new int[length];
        int next = 0;
        for (int y = 0; y < wanted.height(); y++) {
            int first = rows == null ? wanted.top() + y : rows.first()[y];
            int end = first + (rows == null ? 1 : rows.taps()[y].length);
            for (next = Math.max(next, first); next < end; next++) {
                int at = ((source.top() + next) * image.width() + source.left()) * 3;
                if (columns == null) {
                    copyRow(image.pixels(), at + wanted.left() * 3, ring[next % ring.length]);
                } else {
                    resizeRow(image.pixels(), at, columns, ring[next % ring.length]);
                }
            }
            if (rows == null) {
                store(ring[0], 0, pixels, y * length);
            } else {
                weigh(ring, first, rows.taps()[y], sums);
                store(sums, Weights.PRECISION, pixels, y * length);
            }
        }
    }

    private static void columnsThenRows(Image image, Box source, Weights columns, Weights rows, Box wanted, byte[] pixels) {
        int[][] ring = new int[rows.most()][source.width() * 3];
        int[] sums = new int[source.width() * 3];
        byte[] flat = new byte[source.width() * 3];
        int[] row = new int[wanted.width() * 3];
        int next = 0;
        for (int y = 0; y < wanted.height(); y++) {
            int first = rows.first()[y];
            int end = first + rows.taps()[y].length;
            for (next = Math.max(next, first); next < end; next++) {
                copyRow(image.pixels(), ((source.top() + next) * image.width() + source.left()) * 3, ring[next % ring.length]);
            }
            weigh(ring, first, rows.taps()[y], sums);
            store(sums, Weights.PRECISION, flat, 0);
            resizeRow(flat, 0, columns, row);
            store(row, 0, pixels, y * row.length);
        }
    }

    /** A part of a picture. */
    static Image crop(Image image, Box box) {
        if (box.equals(Box.of(image))) {
            return image;
        }
        byte[] pixels = new byte[box.height() * box.width() * 3];
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

    private static void resizeRow(byte[] from, int start, Weights columns, int[] to) {
        int[] first = columns.first();
        for (int x = 0; x < first.length; x++) {
            int[] taps = columns.taps()[x];
            int at = start + first[x] * 3;
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            for (int weight : taps) {
                red += (from[at] & 255) * weight;
                green += (from[at + 1] & 255) * weight;
                blue += (from[at + 2] & 255) * weight;
                at += 3;
            }
            to[x * 3] = clip(red >> Weights.PRECISION);
            to[x * 3 + 1] = clip(green >> Weights.PRECISION);
            to[x * 3 + 2] = clip(blue >> Weights.PRECISION);
        }
    }

    /** Simple loops over whole rows, which the JIT turns into vector instructions. */
    private static void weigh(int[][] rows, int first, int[] taps, int[] sums) {
        int[] row = rows[first % rows.length];
        int weight = taps[0];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = row[i] * weight + HALF;
        }
        for (int tap = 1; tap < taps.length; tap++) {
            row = rows[(first + tap) % rows.length];
            weight = taps[tap];
            for (int i = 0; i < sums.length; i++) {
                sums[i] += row[i] * weight;
            }
        }
    }

    private static void store(int[] values, int shift, byte[] to, int at) {
        for (int i = 0; i < values.length; i++) {
            to[at + i] = (byte) clip(values[i] >> shift);
        }
    }

    private static int clip(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
