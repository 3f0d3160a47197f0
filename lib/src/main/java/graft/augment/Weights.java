package graft.augment;

/**
 * What each old pixel of a row (or column) adds to each new one, as Pillow's {@code precompute_coeffs} and {@code normalize_coeffs_8bpc}
 * compute it: in double precision, normalised to a sum of 1, then rounded to fixed point. The filter is widened when shrinking, which is
 * what torchvision calls antialias.
 *
 * @param first the first old pixel of each new one; it never falls
 * @param weights {@code [taps][new pixels]}, fixed point: what the old pixel so many places after the first adds; zero outside the filter
 */
record Weights(int[] first, int[][] weights) {
    /** Bits after the point: 32 less 8 of the pixel less 2 for the overshoot of bicubic. */
    static final int PRECISION = 22;

    /** The weights of new pixels {@code from} to {@code from + count − 1}, of {@code size} made from {@code old}. */
    static Weights of(int old, int size, int from, int count, Interpolation filter) {
        double scale = (double) old / size;
        double stretch = Math.max(scale, 1);
        double support = filter.radius * stretch;
        double squeeze = 1 / stretch;
        int[] first = new int[count];
        int[] end = new int[count];
        int taps = 1;
        for (int i = 0; i < count; i++) {
            double centre = (from + i + 0.5) * scale;
            first[i] = Math.max(0, (int) (centre - support + 0.5));
            end[i] = Math.min(old, (int) (centre + support + 0.5));
            taps = Math.max(taps, end[i] - first[i]);
        }
        int[][] weights = new int[taps][count];
        double[] exact = new double[taps];
        for (int i = 0; i < count; i++) {
            double centre = (from + i + 0.5) * scale;
            double sum = 0;
            for (int x = first[i]; x < end[i]; x++) {
                exact[x - first[i]] = filter.weight((x - centre + 0.5) * squeeze);
                sum += exact[x - first[i]];
            }
            int low = Math.max(0, Math.min(first[i], old - taps));   // so that the zeros fall on pixels of the row
            for (int x = first[i]; x < end[i]; x++) {
                double weight = (sum == 0 ? exact[x - first[i]] : exact[x - first[i]] / sum) * (1 << PRECISION);
                weights[x - low][i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
            }
            first[i] = low;
        }
        return new Weights(first, weights);
    }

    /** How many old pixels each new one has. */
    int taps() {
        return weights.length;
    }

    /** Where the old pixels end. */
    int end() {
        return first[first.length - 1] + taps();
    }
}
