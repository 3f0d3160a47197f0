package graft.data;

import java.util.function.IntConsumer;

/**
 * Finds the hashes near a hash without comparing it with all: multi-index hashing (Norouzi, Punjani, Fleet 2012, arXiv:1307.2982). Of two hashes that
 * differ in at most 11 bits, one of the four 16-bit blocks differs in at most 2; so a look into 4 × 137 buckets is enough.
 */
final class HashIndex {
    private static final int BLOCKS = 4;
    private static final int BITS = 16;
    private static final int IN_BLOCK = 2;
    /** The largest distance for which nothing is missed. */
    static final int REACH = BLOCKS * (IN_BLOCK + 1) - 1;
    /** What turns a block's value into each one that is near: 1 + 16 + 120. */
    private static final int[] NEAR = near();

    private final long[] hashes;
    /** Where the bucket of a block's value begins in {@code items}; a bucket ends where the next one begins. */
    private final int[][] starts = new int[BLOCKS][(1 << BITS) + 1];
    private final int[][] items;

    /** @param hashes is not copied */
    HashIndex(long[] hashes) {
        this.hashes = hashes;
        items = new int[BLOCKS][hashes.length];
        for (int block = 0; block < BLOCKS; block++) {
            int[] start = starts[block];
            for (long hash : hashes) {
                start[value(hash, block) + 1]++;
            }
            for (int i = 1; i < start.length; i++) {
                start[i] += start[i - 1];
            }
            int[] next = start.clone();
            for (int i = 0; i < hashes.length; i++) {
                items[block][next[value(hashes[i], block)]++] = i;
            }
        }
    }

    private static int[] near() {
        int[] near = new int[1 + BITS + BITS * (BITS - 1) / 2];
        int count = 1;
        for (int i = 0; i < BITS; i++) {
            near[count++] = 1 << i;
            for (int j = 0; j < i; j++) {
                near[count++] = 1 << i | 1 << j;
            }
        }
        return near;
    }

    /** Gives the index of every hash at most {@code radius} away, once each, in no particular order. */
    void near(long hash, int radius, IntConsumer found) {
        if (radius > REACH) {
            throw new IllegalArgumentException("distance " + radius + " is beyond " + REACH);
        }
        for (int block = 0; block < BLOCKS; block++) {
            int value = value(hash, block);
            for (int change : NEAR) {
                int bucket = value ^ change;
                for (int i = starts[block][bucket]; i < starts[block][bucket + 1]; i++) {
                    int item = items[block][i];
                    if (Long.bitCount(hashes[item] ^ hash) <= radius && !seenBefore(hashes[item] ^ hash, block)) {
                        found.accept(item);
                    }
                }
            }
        }
    }

    /** Whether one of the blocks before has found it already. */
    private static boolean seenBefore(long difference, int block) {
        for (int before = 0; before < block; before++) {
            if (Integer.bitCount(value(difference, before)) <= IN_BLOCK) {
                return true;
            }
        }
        return false;
    }

    private static int value(long hash, int block) {
        return (int) (hash >>> block * BITS) & (1 << BITS) - 1;
    }
}
