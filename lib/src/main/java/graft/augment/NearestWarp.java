package graft.augment;

import graft.data.Image;

/**
 * Affine, nearest neighbour: Pillow's {@code affine_fixed}, steps of 1/65536 of a pixel. The part of each row that comes from within the old
 * picture is found first, so that moving its pixels needs no tests. (Pillow's arithmetic is in 32 bits, which restricts its use to 32,767
 * pixels a side; this one is in 64.)
 */
final class NearestWarp {
    private static final int BITS = 16;

    private NearestWarp() { }

    static void fill(Image image, Affine matrix, int height, int width, Fill fill, byte[] to) {
        byte[] from = image.pixels();
        long stepX = fixed(matrix.a());
        long stepY = fixed(matrix.d());
        long startX = fixed(matrix.c() + matrix.a() * 0.5 + matrix.b() * 0.5);
        long startY = fixed(matrix.f() + matrix.d() * 0.5 + matrix.e() * 0.5);
        long down = fixed(matrix.b());
        long downY = fixed(matrix.e());
        long limitX = (long) image.width() << BITS;
        long limitY = (long) image.height() << BITS;
        for (int y = 0; y < height; y++, startX += down, startY += downY) {
            int first = Math.max(first(startX, stepX, limitX, width), first(startY, stepY, limitY, width));
            int end = Math.max(first, Math.min(end(startX, stepX, limitX, width), end(startY, stepY, limitY, width)));
            int row = y * width * 3;
            move(from, image.width(), startX + first * stepX, startY + first * stepY, stepX, stepY, to, row + first * 3, row + end * 3);
            fill.fill(to, row, row + first * 3);
            fill.fill(to, row + end * 3, row + width * 3);
        }
    }

    private static void move(byte[] from, int width, long startX, long startY, long stepX, long stepY, byte[] to, int first, int end) {
        long x = startX;
        long y = startY;
        int at = first;
        for (; at < end - 3; at += 3, x += stepX, y += stepY) {
            Pixels.move(from, ((int) (y >> BITS) * width + (int) (x >> BITS)) * 3, to, at);
        }
        if (at < end) {
            Pixels.copy(from, ((int) (y >> BITS) * width + (int) (x >> BITS)) * 3, to, at);
        }
    }

    private static long fixed(double value) {
        return (long) Math.floor(value * (1 << BITS) + 0.5);
    }

    /** The first x with {@code 0 ≤ start + x · step < limit}, if there is one. */
    private static int first(long start, long step, long limit, int width) {
        long first;
        if (step > 0) {
            first = start >= 0 ? 0 : ceiling(-start, step);
        } else if (step < 0) {
            first = start < limit ? 0 : Math.floorDiv(start - limit, -step) + 1;
        } else {
            first = start >= 0 && start < limit ? 0 : width;
        }
        return (int) Math.min(width, first);
    }

    /** One more than the last such x. */
    private static int end(long start, long step, long limit, int width) {
        long end;
        if (step > 0) {
            end = start >= limit ? 0 : ceiling(limit - start, step);
        } else if (step < 0) {
            end = start < 0 ? 0 : Math.floorDiv(start, -step) + 1;
        } else {
            end = width;
        }
        return (int) Math.min(width, end);
    }

    private static long ceiling(long dividend, long divisor) {
        return -Math.floorDiv(-dividend, divisor);
    }
}
