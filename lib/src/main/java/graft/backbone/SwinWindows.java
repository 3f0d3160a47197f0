package graft.backbone;

import graft.torch.StateTensor;
import graft.torch.Value;

/**
 * How a square of places is cut into square windows, Liu et al. 2021 (arXiv:2103.14030), section 3.2.
 *
 * @param side of the square
 * @param window side of a window
 * @param shift how far the windows are moved down and to the right; 0 for none
 * @param shiftFirst whether places are moved before the square is padded to whole windows, as in timm, or after, as in torchvision
 */
record SwinWindows(long side, long window, long shift, boolean shiftFirst) {
    /** timm's: a window is no larger than the square, and one that holds all of it does not move. */
    static SwinWindows timm(long side, long window, boolean shifted) {
        return new SwinWindows(side, Math.min(side, window), shifted && side > window ? window / 2 : 0, true);
    }

    /** torchvision's: a square smaller than a window is padded to one, which does not move. */
    static SwinWindows torchvision(long side, long window, boolean shifted) {
        return new SwinWindows(side, window, shifted && side > window ? window / 2 : 0, false);
    }

    /** Windows in a row. */
    private long perSide() {
        return (side + window - 1) / window;
    }

    private long padding() {
        return perSide() * window - side;
    }

    /** How many windows there are. */
    long count() {
        return perSide() * perSide();
    }

    /** {@code [batch, side, side, width]} as {@code [batch·count, window², width]}. */
    Value split(Value x, long width) {
        Value y = shiftFirst ? pad(roll(x, -shift)) : roll(pad(x), -shift);
        return y.reshape(-1L, perSide(), window, perSide(), window, width).permute(0L, 1L, 3L, 2L, 4L, 5L).reshape(-1L, window * window, width);
    }

    /** The way back from {@link #split}. */
    Value merge(Value x, long width) {
        Value y = x.reshape(-1L, perSide(), perSide(), window, window, width).permute(0L, 1L, 3L, 2L, 4L, 5L).reshape(-1L, perSide() * window, perSide() * window, width);
        return shiftFirst ? roll(crop(y), shift) : crop(roll(y, shift));
    }

    private static Value roll(Value x, long by) {
        return by == 0 ? x : x.roll(by, by);
    }

    private Value pad(Value x) {
        return padding() == 0 ? x : x.padBottomRight(padding(), padding());
    }

    private Value crop(Value x) {
        return padding() == 0 ? x : x.narrow(1, 0, side).narrow(2, 0, side);
    }

    /** For each pair of places of a window the row of the bias table: {@code [window⁴]}, INT64. */
    StateTensor relativePositionIndex() {
        int w = Math.toIntExact(window);
        long[] index = new long[w * w * w * w];
        for (int from = 0, i = 0; from < w * w; from++) {
            for (int to = 0; to < w * w; to++, i++) {
                index[i] = (from / w - to / w + w - 1) * (2L * w - 1) + (from % w - to % w + w - 1);
            }
        }
        return StateTensor.of(index, index.length);
    }

    /** 0 between places of a window that are neighbours in the picture, −100 between the others: {@code [count, 1, window², window²]}. */
    StateTensor mask() {
        int w = Math.toIntExact(window);
        int windows = Math.toIntExact(perSide());
        float[] mask = new float[Math.toIntExact(count()) * w * w * w * w];
        for (int n = 0, i = 0; n < windows * windows; n++) {
            for (int from = 0; from < w * w; from++) {
                for (int to = 0; to < w * w; to++, i++) {
                    mask[i] = region(n, from) == region(n, to) ? 0 : -100;
                }
            }
        }
        return StateTensor.of(mask, count(), 1, window * window, window * window);
    }

    /** Which of the nine parts of the shifted square a place belongs to. */
    private long region(int windowIndex, int place) {
        long y = windowIndex / perSide() * window + place / window;
        long x = windowIndex % perSide() * window + place % window;
        return 3 * band(y) + band(x);
    }

    private long band(long position) {
        long end = perSide() * window;
        return position < end - window ? 0 : position < end - shift ? 1 : 2;
    }
}
