package graft.data;

/**
 * A picture as 64×64 grey values, whatever its shape: each the mean of the area that it stands for. What perceptual hashes are made from and
 * pictures are compared on; small enough to forget how a photograph was compressed and resized.
 */
final class GreyGrid {
    static final int SIDE = 64;

    private GreyGrid() { }

    /** The grid row by row, each value 0 to 255: the luma of ITU-R BT.601, as JPEG has it. */
    static float[] of(Image image) {
        int width = image.width();
        int height = image.height();
        float[] grid = new float[SIDE * SIDE];
        float[] luma = new float[width];
        float[] row = new float[SIDE];
        double scale = (double) SIDE / height;
        for (int y = 0; y < height; y++) {
            luma(image.pixels(), y * width * 3, luma);
            shrink(luma, row);
            // The row covers the grid from y·scale to (y + 1)·scale: parts of one or more of its rows.
            double to = (y + 1) * scale;
            for (int at = (int) (y * scale); at < to && at < SIDE; at++) {
                float share = (float) (Math.min(to, at + 1) - Math.max(y * scale, at));
                for (int x = 0; x < SIDE; x++) {
                    grid[at * SIDE + x] += row[x] * share;
                }
            }
        }
        return grid;
    }

    private static void luma(byte[] pixels, int start, float[] luma) {
        for (int x = 0, at = start; x < luma.length; x++, at += 3) {
            luma[x] = 0.299f * (pixels[at] & 255) + 0.587f * (pixels[at + 1] & 255) + 0.114f * (pixels[at + 2] & 255);
        }
    }

    /** One row to {@code SIDE} means. */
    private static void shrink(float[] row, float[] to) {
        float step = (float) row.length / SIDE;
        for (int i = 0; i < SIDE; i++) {
            float from = i * step;
            float end = Math.min(row.length, from + step);
            int first = (int) from;
            int last = Math.min(row.length - 1, (int) end);
            float sum = first == last ? row[first] * (end - from) : row[first] * (first + 1 - from) + row[last] * (end - last);
            for (int x = first + 1; x < last; x++) {
                sum += row[x];
            }
            to[i] = sum / step;
        }
    }
}
