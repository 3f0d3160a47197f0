package graft.augment;

import graft.data.Image;

/**
 * How two pictures of one size differ.
 *
 * @param most grey levels
 * @param share of values that differ
 * @param beyondOne share of values that differ by more than one level
 */
record Difference(int most, double share, double beyondOne) {
    static Difference of(Image expected, Image result) {
        int most = 0;
        int different = 0;
        int beyondOne = 0;
        for (int i = 0; i < expected.pixels().length; i++) {
            int levels = Math.abs((expected.pixels()[i] & 255) - (result.pixels()[i] & 255));
            most = Math.max(most, levels);
            different += levels > 0 ? 1 : 0;
            beyondOne += levels > 1 ? 1 : 0;
        }
        return new Difference(most, (double) different / expected.pixels().length, (double) beyondOne / expected.pixels().length);
    }
}
