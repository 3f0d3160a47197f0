package graft.augment;

import graft.InputException;
import java.util.function.IntUnaryOperator;

/**
 * A new grey level for each of the 256 old ones of each channel: every colour change that looks at one channel of one pixel at a time. Changes
 * one after another are one table.
 */
record Levels(byte[] red, byte[] green, byte[] blue) {
    private static final int COUNT = 256;
    private static final int MOST = 255;
    /** No change. */
    static final Levels SAME = all(level -> level);

    /** The same change in each channel, clipped to 0 to 255. */
    static Levels all(IntUnaryOperator change) {
        byte[] table = table(change);
        return new Levels(table, table, table);
    }

    /** Pillow's {@code ImageEnhance.Brightness}: 0 is black, 1 no change. */
    static Levels brightness(double factor) {
        return all(level -> Blend.of(0, level, (float) factor));
    }

    /** Pillow's {@code ImageEnhance.Contrast}: 0 is the picture's mean brightness everywhere, 1 no change. */
    static Levels contrast(double factor, int mean) {
        return all(level -> Blend.of(mean, level, (float) factor));
    }

    /** Pillow's {@code ImageOps.solarize}: levels from the threshold on are inverted. */
    static Levels solarize(double threshold) {
        return all(level -> level < threshold ? level : MOST - level);
    }

    /** Pillow's {@code ImageOps.posterize}: keeps the upper bits of each channel, 0 to 8. */
    static Levels posterize(int bits) {
        return all(level -> level & -(1 << (8 - bits)));
    }

    /** Pillow's {@code ImageOps.invert}. */
    static Levels invert() {
        return all(level -> MOST - level);
    }

    /** torchvision's {@code adjust_gamma}: {@code 255.999 · (level / 255)^gamma}, cut off. */
    static Levels gamma(double gamma) {
        if (!(gamma >= 0)) {
            throw new InputException("a gamma of " + gamma + " is not possible; 0 or more would be right");
        }
        return all(level -> (int) ((COUNT - 1e-3) * Math.pow(level / 255.0, gamma)));
    }

    /** Pillow's {@code ImageOps.autocontrast}: the darkest level of each channel becomes 0, the lightest 255. */
    static Levels autocontrast(Histogram histogram) {
        return new Levels(stretched(histogram.red()), stretched(histogram.green()), stretched(histogram.blue()));
    }

    /** Pillow's {@code ImageOps.equalize}: each channel's levels become as evenly used as whole levels can be. */
    static Levels equalize(Histogram histogram) {
        return new Levels(equalized(histogram.red()), equalized(histogram.green()), equalized(histogram.blue()));
    }

    private static byte[] stretched(int[] counts) {
        int low = 0;
        while (counts[low] == 0) {
            low++;
        }
        int high = MOST;
        while (counts[high] == 0) {
            high--;
        }
        if (high <= low) {
            return SAME.red();
        }
        double scale = 255.0 / (high - low);
        double offset = -low * scale;
        return table(level -> (int) (level * scale + offset));
    }

    private static byte[] equalized(int[] counts) {
        int sum = 0;
        int last = 0;
        for (int level = 0; level < COUNT; level++) {
            sum += counts[level];
            last = counts[level] > 0 ? level : last;
        }
        int step = (sum - counts[last]) / MOST;
        if (step == 0) {
            return SAME.red();
        }
        int[] above = new int[COUNT];
        int n = step / 2;
        for (int level = 0; level < COUNT; level++) {
            above[level] = n / step;
            n += counts[level];
        }
        return table(level -> above[level]);
    }

    private static byte[] table(IntUnaryOperator change) {
        byte[] table = new byte[COUNT];
        for (int level = 0; level < COUNT; level++) {
            table[level] = (byte) Math.max(0, Math.min(MOST, change.applyAsInt(level)));
        }
        return table;
    }

    /** This change and then another one. */
    Levels then(Levels next) {
        if (this == SAME) {
            return next;
        }
        return new Levels(joined(red, next.red), joined(green, next.green), joined(blue, next.blue));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] table = new byte[COUNT];
        for (int level = 0; level < COUNT; level++) {
            table[level] = second[first[level] & 255];
        }
        return table;
    }

    /** Exchanges all levels; both arrays may be the same. */
    void apply(byte[] from, byte[] to) {
        byte[] r = red;
        byte[] g = green;
        byte[] b = blue;
        for (int i = 0; i < to.length; i += 3) {
            to[i] = r[from[i] & 255];
            to[i + 1] = g[from[i + 1] & 255];
            to[i + 2] = b[from[i + 2] & 255];
        }
    }
}
