package graft.augment;

import java.util.Arrays;

/**
 * What each old pixel of a row (or column) adds to each new one, as Pillow's {@code precompute_coeffs} and {@code normalize_coeffs_8bpc}
 * compute it: in double precision, normalised to a sum of 1, then rounded to fixed point. The filter is widened when shrinking, which is
 * what torchvision calls antialias.
 *
 * @param first the first old pixel of each new one
 * @param taps the fixed-point weights of the old pixels from there on
 */
record Weights(int[] first, int[][] taps) {
    /** Bits after the point: 32 less 8 of the pixel less 2 for the overshoot of bicubic. */
    static final int PRECISION = 22;

    /**
     * The weights of new pixels {@code from} to {@code from + count − 1}, of {@code size} made from {@code old}.
     */
    static Weights of(int old, int size, int from, int count, Interpolation filter) {
        double scale = (double) old / size;
        double stretch = Math.max(scale, 1);
        double support = filter.radius * stretch;
        double squeeze = 1 / stretch;
        int[] first = new int[count];
        int[][] taps = new int[count][];
        double[] weights = new double[(int) Math.ceil(support) * 2 + 1];
        for (int i = 0; i < count; i++) {
            double centre = (from + i + 0.5) * scale;
            int low = Math.max(0, (int) (centre - support + 0.5));
            int high = Math.min(old, (int) (centre + support + 0.5));
            double sum = 0;
            for (int x = low; x < high; x++) {
                weights[x - low] = filter.weight((x - centre + 0.5) * squeeze);
                sum += weights[x - low];
            }
            int[] fixed = new int[high - low];
            for (int x = 0; x < fixed.length; x++) {
                double weight = (sum == 0 ? weights[x] : weights[x] / sum) * (1 << PRECISION);
                fixed[x] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
            }
            first[i] = low;
            taps[i] = fixed;
        }
        return new Weights(first, taps);
    }

    /** The most old pixels that a new one needs. */
    int most() {
        return Arrays.stream(taps).mapToInt(some -> some.length).max().orElseThrow();
    }
}
