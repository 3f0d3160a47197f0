package graft.augment;

import graft.data.Image;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Resizing as Pillow does it ({@code ImagingResample}, 8 bits a channel), bit for bit: rows first, then columns, in fixed point, rounded and clipped to a byte
 * in between. Since its version 13 Pillow takes the columns first when the height shrinks by more than twice as many pixels as the width, which differs
 * by one grey level here and there. A part of the old picture can be resized, and a part of the new one be made, without the work for the rest.
 *
 * <p>The inner loops are written so that JDK 17 turns them into vector instructions, several times as fast: over {@code int[]}, with the same index in each array,
 * one array that is written, and no {@code Math.min}.
 */
final class Resample {
    private static final int HALF = 1 << (Weights.PRECISION - 1);
    /** A pixel's three bytes, and one more, at once: red in the lowest bits. */
    private static final VarHandle PIXEL = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

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
        Weights columns = source.width() == width ? null : Weights.of(source.width(), width, wanted.left(), wanted.width(), filter);
        Weights rows = source.height() == height ? null : Weights.of(source.height(), height, wanted.top(), wanted.height(), filter);
        boolean columnsFirst = source.height() > height && source.height() - height > 2 * (source.width() - width);
        int stride = image.width() * 3;
        int start = source.top() * stride + source.left() * 3;
        byte[] old = image.pixels();
        if (columns != null) {
            int lastRow = rows == null ? wanted.top() + wanted.height() - 1 : rows.end() - 1;
            int end = start + lastRow * stride + columns.end() * 3 + 1;
            old = end > old.length ? Arrays.copyOf(old, end) : old;   // PIXEL, or a weight of zero, reaches beyond the last pixel
        }
        byte[] pixels = Recycled.array(wanted.height(), wanted.width());
        if (columns == null || rows != null && columnsFirst) {
            columnsThenRows(old, start, stride, columns, rows, wanted, pixels);
        } else {
            rowsThenColumns(old, start, stride, columns, rows, wanted, pixels);
        }
        return new Image(wanted.height(), wanted.width(), pixels);
    }

    /**
     * The horizontal pass first.
     *
     * @param old pixels of the picture
     * @param start where its part begins
     * @param stride bytes from one of its rows to the next
     * @param rows null where the height stays
     */
    private static void rowsThenColumns(byte[] old, int start, int stride, Weights columns, Weights rows, Box wanted, byte[] pixels) {
        HorizontalPass horizontal = new HorizontalPass(columns);
        int[] packed = new int[wanted.width()];
        int[][] sums = new int[3][wanted.width()];
        int[][][] ring = new int[rows == null ? 1 : rows.taps()][3][wanted.width()];   // the last few rows after the horizontal pass
        int next = 0;
        for (int y = 0; y < wanted.height(); y++) {
            int first = rows == null ? wanted.top() + y : rows.first()[y];
            for (next = Math.max(next, first); next < first + ring.length; next++) {
                horizontal.resize(old, start + next * stride, ring[next % ring.length]);
            }
            for (int colour = 0; colour < 3 && rows != null; colour++) {
                weigh(ring, colour, first, rows, y, sums[colour]);
            }
            interleave(rows == null ? ring[0] : sums, packed, pixels, y * wanted.width() * 3);
        }
    }

    /** The vertical pass first, on those columns that the horizontal pass reads, if there is one ({@code columns} is not null). */
    private static void columnsThenRows(byte[] old, int start, int stride, Weights columns, Weights rows, Box wanted, byte[] pixels) {
        int left = columns == null ? wanted.left() : columns.first()[0];
        int width = columns == null ? wanted.width() : columns.end() - left;
        HorizontalPass horizontal = columns == null ? null : new HorizontalPass(columns);
        int[] sums = new int[width * 3];
        int[][][] ring = new int[rows.taps()][1][sums.length];
        byte[] narrow = new byte[(left + width) * 3 + 1];
        int[][] row = new int[3][wanted.width()];
        int[] packed = new int[wanted.width()];
        int next = 0;
        for (int y = 0; y < wanted.height(); y++) {
            int first = rows.first()[y];
            for (next = Math.max(next, first); next < first + ring.length; next++) {
                widen(old, start + next * stride + left * 3, ring[next % ring.length][0]);
            }
            weigh(ring, 0, first, rows, y, sums);
            if (horizontal == null) {
                store(sums, pixels, y * wanted.width() * 3);
            } else {
                store(sums, narrow, left * 3);
                horizontal.resize(narrow, 0, row);
                interleave(row, packed, pixels, y * wanted.width() * 3);
            }
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

    /** From interleaved bytes to rows of one colour each. Pixels are gathered one by one, the arithmetic works on many at a time. */
    private static final class HorizontalPass {
        private final int[][] weights;
        private final int[] first;
        private final int[][] gathered;

        HorizontalPass(Weights columns) {
            weights = columns.weights();
            first = Arrays.stream(columns.first()).map(pixel -> pixel * 3).toArray();
            gathered = new int[weights.length][first.length];
        }

        void resize(byte[] from, int start, int[][] to) {
            for (int tap = 0; tap < weights.length; tap++) {
                gather(from, start + tap * 3, first, gathered[tap]);
            }
            for (int colour = 0; colour < 3; colour++) {
                int[] sums = to[colour];
                Arrays.fill(sums, HALF);
                for (int tap = 0; tap < weights.length; tap++) {
                    add(gathered[tap], 8 * colour, weights[tap], sums);
                }
                level(sums);
            }
        }

        private static void gather(byte[] from, int start, int[] first, int[] gathered) {
            for (int x = 0; x < first.length; x++) {
                gathered[x] = (int) PIXEL.get(from, start + first[x]);
            }
        }

        private static void add(int[] gathered, int shift, int[] weights, int[] sums) {
            for (int x = 0; x < sums.length; x++) {
                sums[x] += (gathered[x] >> shift & 255) * weights[x];
            }
        }
    }

    /** The vertical pass for one new row. */
    private static void weigh(int[][][] ring, int plane, int first, Weights rows, int y, int[] sums) {
        Arrays.fill(sums, HALF);
        for (int tap = 0; tap < ring.length; tap++) {
            add(ring[(first + tap) % ring.length][plane], rows.weights()[tap][y], sums);
        }
        level(sums);
    }

    private static void add(int[] row, int weight, int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += row[i] * weight;
        }
    }

    /** From fixed point to grey levels: what is below 0 becomes 0, what is above 255 becomes 255. */
    private static void level(int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            int value = sums[i] >> Weights.PRECISION;
            sums[i] = (value | (255 - value) >> 31) & ~(value >> 31) & 255;
        }
    }

    private static void widen(byte[] from, int at, int[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = from[at + i] & 255;
        }
    }

    private static void store(int[] values, byte[] to, int at) {
        for (int i = 0; i < values.length; i++) {
            to[at + i] = (byte) values[i];
        }
    }

    private static void interleave(int[][] colours, int[] packed, byte[] to, int at) {
        pack(colours[0], colours[1], colours[2], packed);
        int last = packed.length - 1;
        for (int x = 0; x < last; x++) {
            PIXEL.set(to, at + 3 * x, packed[x]);   // its fourth byte is the next pixel's red, which follows
        }
        to[at + 3 * last] = (byte) packed[last];
        to[at + 3 * last + 1] = (byte) (packed[last] >> 8);
        to[at + 3 * last + 2] = (byte) (packed[last] >> 16);
    }

    private static void pack(int[] red, int[] green, int[] blue, int[] packed) {
        for (int x = 0; x < packed.length; x++) {
            packed[x] = red[x] | green[x] << 8 | blue[x] << 16;
        }
    }
}
