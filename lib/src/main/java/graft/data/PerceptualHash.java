package graft.data;

import java.util.Arrays;

/**
 * 64 bits that stay nearly the same when a photograph is recompressed, resized or retouched: the signs of its lowest frequencies.
 *
 * <p>This is the DCT hash of Zauner 2010 ("Implementation and Benchmarking of Perceptual Image Hash Functions", pHash) with the sign of a coefficient in
 * place of its comparison with the median. So the hash of the mirror picture is known without the picture: the odd horizontal frequencies change sign.
 * The hash of a part of the picture comes from cosines over that part. Of the 64 bits one, for the mean brightness, is never set.
 */
final class PerceptualHash {
    /** The parts that are hashed: a picture whose edges were cut off is found by the part that was left. */
    private static final Window[] WINDOWS = {new Window(0, 0, 1), new Window(0.05, 0.05, 0.9), new Window(0.025, 0.025, 0.95),
        new Window(0, 0, 0.95), new Window(0.05, 0, 0.95), new Window(0, 0.05, 0.95), new Window(0.05, 0.05, 0.95)};
    /** How many parts of a picture are hashed; the first is the whole. */
    static final int PARTS = WINDOWS.length;
    /** Pictures with a distance up to this may be the same: of the 1.3 million pairs of {@code scenes6} some forty unrelated ones are, in one part or another. */
    static final int RADIUS = 11;

    private static final int FREQUENCIES = 8;
    private static final long ODD_COLUMNS = 0xaaaaaaaaaaaaaaaaL;

    /** A square part of the unit square, with the cosines along its two sides. */
    private record Window(float[] alongX, float[] alongY) {
        Window(double left, double top, double side) {
            this(cosines(left, side), cosines(top, side));
        }
    }

    private PerceptualHash() { }

    /** Each cosine in the middle of each of the grid's cells, as far as the cell lies in the window: {@code [8][64]}. */
    private static float[] cosines(double begin, double share) {
        int side = GreyGrid.SIDE;
        double start = side * begin;
        double width = side * share;
        float[] cosines = new float[FREQUENCIES * side];
        for (int u = 0; u < FREQUENCIES; u++) {
            for (int x = 0; x < side; x++) {
                double from = Math.max(x, start);
                double to = Math.min(x + 1, start + width);
                double middle = Math.PI * u * ((from + to) / 2 - start) / width;
                cosines[u * side + x] = (float) (Math.max(0, to - from) * Math.cos(middle));
            }
        }
        return cosines;
    }

    /**
     * The hash of a part of a picture.
     *
     * @param grey of {@link GreyGrid}
     * @param part 0 for the whole, up to {@link #PARTS} − 1
     */
    static long of(float[] grey, int part) {
        int side = GreyGrid.SIDE;
        Window window = WINDOWS[part];
        long hash = 0;
        float[] column = new float[side];
        for (int v = 0; v < FREQUENCIES; v++) {
            Arrays.fill(column, 0);
            for (int y = 0; y < side; y++) {
                float weight = window.alongY[v * side + y];
                for (int x = 0; x < side; x++) {
                    column[x] += weight * grey[y * side + x];
                }
            }
            for (int u = 0; u < FREQUENCIES; u++) {
                float sum = 0;
                for (int x = 0; x < side; x++) {
                    sum += window.alongX[u * side + x] * column[x];
                }
                if (sum > 0 && u + v > 0) {   // the mean brightness says nothing
                    hash |= 1L << v * FREQUENCIES + u;
                }
            }
        }
        return hash;
    }

    /** The hash of the mirror picture. */
    static long mirrored(long hash) {
        return hash ^ ODD_COLUMNS;
    }

    /** How many bits differ. */
    static int distance(long a, long b) {
        return Long.bitCount(a ^ b);
    }
}
