package graft.data;

import java.util.Arrays;

/** A growing list of pairs of pictures, each in one {@code long} so that a million of them takes 8 MB: 8 bits of distance, then twice 28 bits. */
final class PairList {
    private static final int BITS = 28;
    private static final int MASK = (1 << BITS) - 1;

    private long[] pairs = new long[16];
    private int count;

    /** @param distance 0 to 127 */
    static long of(int distance, int first, int second) {
        return (long) distance << 2 * BITS | (long) first << BITS | second;
    }

    static int first(long pair) {
        return (int) (pair >>> BITS) & MASK;
    }

    static int second(long pair) {
        return (int) pair & MASK;
    }

    synchronized void add(long... more) {
        if (count + more.length > pairs.length) {
            pairs = Arrays.copyOf(pairs, Math.max(count + more.length, 2 * pairs.length));
        }
        System.arraycopy(more, 0, pairs, count, more.length);
        count += more.length;
    }

    /** Every pair once, with its smallest distance, the nearest first. */
    synchronized long[] sorted() {
        long mask = (1L << 2 * BITS) - 1;
        // By pair, the smallest distance first; then the first of each pair, by distance.
        long[] byPair = new long[count];
        for (int i = 0; i < count; i++) {
            byPair[i] = (pairs[i] & mask) << 8 | pairs[i] >>> 2 * BITS;
        }
        Arrays.sort(byPair);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || byPair[i] >>> 8 != byPair[i - 1] >>> 8) {
                byPair[kept++] = byPair[i];
            }
        }
        long[] sorted = new long[kept];
        for (int i = 0; i < kept; i++) {
            sorted[i] = (byPair[i] & 255) << 2 * BITS | byPair[i] >>> 8;
        }
        Arrays.sort(sorted);
        return sorted;
    }
}
