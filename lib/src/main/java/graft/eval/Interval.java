package graft.eval;

/** A confidence interval of a proportion, both ends 0 to 1, or of the difference of two, −1 to 1. */
public record Interval(double low, double high) {
    /** The normal distribution's 97.5 % quantile. */
    private static final double Z = 1.959963984540054;

    /**
     * Wilson's score interval at 95 %: honest for small counts and near 0 and 1, where the textbook's ± is not.
     * E. B. Wilson 1927, "Probable inference, the law of succession, and statistical inference".
     *
     * @param hits 0 to {@code count}
     * @param count &gt; 0
     */
    public static Interval wilson(long hits, long count) {
        if (count <= 0 || hits < 0 || hits > count) {
            throw new IllegalArgumentException(hits + " of " + count);
        }
        double p = (double) hits / count;
        double zz = Z * Z / count;
        double centre = (p + zz / 2) / (1 + zz);
        double half = Z * Math.sqrt(p * (1 - p) / count + zz / (4 * count)) / (1 + zz);
        return new Interval(hits == 0 ? 0 : centre - half, hits == count ? 1 : centre + half);
    }
}
