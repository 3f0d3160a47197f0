package graft.train;

import graft.data.Mix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Which pictures each step of an epoch sees: a pure function of the seed and the epoch. */
final class Steps {
    private Steps() { }

    /** Every picture once, in parts of {@code size} pictures. @param atLeastTwo see {@link #cut} */
    static List<int[]> of(int pictures, int size, long seed, int epoch, boolean atLeastTwo) {
        return cut(order(pictures, seed, epoch), size, atLeastTwo);
    }

    /**
     * Parts of {@code size} rows; the last may be shorter.
     *
     * @param atLeastTwo whether the last must not consist of one row, as a batch norm demands: it joins the part before it
     */
    static List<int[]> cut(int[] rows, int size, boolean atLeastTwo) {
        List<int[]> parts = new ArrayList<>();
        for (int first = 0; first < rows.length;) {
            int end = Math.min(first + size, rows.length);
            if (atLeastTwo && end == rows.length - 1) {
                end = rows.length;
            }
            parts.add(Arrays.copyOfRange(rows, first, end));
            first = end;
        }
        return parts;
    }

    private static int[] order(int count, long seed, int epoch) {
        SplittableRandom random = new SplittableRandom(Mix.of(Mix.of(seed, "order"), epoch));
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
