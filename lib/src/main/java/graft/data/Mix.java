package graft.data;

import java.nio.charset.StandardCharsets;

/**
 * Well-mixed 64-bit numbers from seeds and names, the same on every platform and for ever: the source of everything that is drawn for a
 * picture. The mixing step is the finalizer of SplitMix64 (Steele, Lea, Flood 2014; constants by David Stafford), names go through
 * FNV-1a first.
 */
public final class Mix {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private Mix() { }

    /** A number that depends on every bit of the seed and of the name. */
    public static long of(long seed, String name) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 255)) * 0x100000001b3L;
        }
        return of(seed, hash);
    }

    /** A number that depends on every bit of both; {@code of(a, b)} is not {@code of(b, a)}. */
    public static long of(long seed, long value) {
        return mixed(mixed(seed + GOLDEN) + GOLDEN + value);
    }

    private static long mixed(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
