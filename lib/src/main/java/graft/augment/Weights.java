package graft.augment;

/**
 * What each old pixel of a row (or column) adds to each new one, as Pillow's {@code precompute_coeffs} and {@code normalize_coeffs_8bpc}
 * compute it: in double precision, normalised to a sum of 1, then rounded to fixed point. The filter is widened when shrinking, which is
 * what torchvision calls antialias.
 *
 * @param first the first old pixel of each new one
 * @param taps how many old pixels from there on each new one has
 * @param weights {@code taps} fixed-point weights for each new pixel, one after another; zero for pixels outside the filter
 */
record Weights(int[] first, int taps, int[] weights) {
    /** Bits after the point: 32 less 8 of the pixel less 2 for the overshoot of bicubic. */
    static final int PRECISION = 22;

    /**
     * The weights of new pixels {@code from} to {@code from + count − 1}, of {@code size} made from {@code old}.
     *
     * @param multiple the number of taps, if it is not 2, is rounded up to a multiple of this, with weights of zero
     */
    static Weights of(int old, int size, int from, int count, Interpolation filter, int multiple) {
        double scale = (double) old / size;
        double stretch = Math.max(scale, 1);
        double support = filter.radius * stretch;
        double squeeze = 1 / stretch;
        int[] first = new int[count];
        int[] end = new int[count];
        int most = 1;
        for (int i = 0; i < count; i++) {
            double centre = (from + i + 0.5) * scale;
            first[i] = Math.max(0, (int) (centre - support + 0.5));
            end[i] = Math.min(old, (int) (centre + support + 0.5));
            most = Math.max(most, end[i] - first[i]);
        }
        int taps = most == 2 ? 2 : (most + multiple - 1) / multiple * multiple;
        int[] weights = new int[Math.multiplyExact(count, taps)];
        double[] exact = new double[most];
        for (int i = 0; i < count; i++) {
            double centre = (from + i + 0.5) * scale;
            double sum = 0;
            for (int x = first[i]; x < end[i]; x++) {
                exact[x - first[i]] = filter.weight((x - centre + 0.5) * squeeze);
                sum += exact[x - first[i]];
            }
            int low = Math.max(0, Math.min(first[i], old - taps));   // so that the zeros fall on pixels of the row, if it is that long
            for (int x = first[i]; x < end[i]; x++) {
                double weight = (sum == 0 ? exact[x - first[i]] : exact[x - first[i]] / sum) * (1 << PRECISION);
                weights[i * taps + x - low] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
            }
            first[i] = low;
        }
        return new Weights(first, taps, weights);
    }
}
