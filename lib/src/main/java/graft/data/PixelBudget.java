package graft.data;

import java.util.concurrent.Semaphore;

/**
 * How much memory the pictures that are being decoded may take together: half of the Java heap. Ordinary photographs
 * pass freely; very large ones wait for each other, and one that could never fit is refused by its header, before anything is
 * allocated.
 */
final class PixelBudget {
    /** Pillow's own limit ({@code Image.MAX_IMAGE_PIXELS} times two), above which a picture counts as a decompression bomb. */
    static final long MOST_PIXELS = 178_956_970;

    private static final long FREE = 32L << 20;
    private static final int KIB = 1024;
    private static final int TOTAL = (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 2 / KIB);
    private static final Semaphore PERMITS = new Semaphore(TOTAL, true);

    private PixelBudget() { }

    /** Refuses a picture whose header claims an impossible or dangerous size; otherwise what decoding it takes, in bytes. */
    static long check(long width, long height, int bytesPerPixel) throws UnreadablePictureException {
        if (width < 1 || height < 1) {
            throw new UnreadablePictureException("is damaged (its header gives a size of " + width + "×" + height + ")");
        }
        if (height > MOST_PIXELS / width) {
            throw new UnreadablePictureException("is too large: " + width + "×" + height + " pixels, the limit is 178 megapixels");
        }
        long needed = width * height * bytesPerPixel;
        if (needed / KIB >= TOTAL) {
            throw new UnreadablePictureException("is too large for the memory of this Java: " + width + "×" + height + " pixels need "
                + (needed >> 20) + " MB, half of the heap is " + TOTAL / KIB + " MB (-Xmx gives more)");
        }
        return needed;
    }

    /** Waits until there is room; what it returns must be given to {@link #release}. */
    static int acquire(long bytes) {
        int permits = bytes <= FREE ? 0 : (int) Math.min(TOTAL, bytes / KIB);
        PERMITS.acquireUninterruptibly(permits);
        return permits;
    }

    static void release(int permits) {
        PERMITS.release(permits);
    }
}
