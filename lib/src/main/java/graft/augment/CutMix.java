package graft.augment;

import java.util.random.RandomGenerator;

/**
 * In each picture a rectangle is replaced by that of the picture before it in the batch, and the labels are mixed in the shares of the area (CutMix, Yun et al.
 * 2019, arXiv:1905.04899), as in torchvision: one rectangle for the whole batch, in the picture's shape, of the area 1 − Beta(alpha, alpha) before it is
 * cut off at the borders.
 *
 * @param alpha above 0; 1 makes every area equally likely, less prefers very small and very large ones
 */
public record CutMix(double alpha) implements BatchTransform {
    public CutMix {
        Mixture.check("CutMix", alpha);
    }

    @Override public Batch apply(Batch batch, RandomGenerator random) {
        double lambda = Mixture.share(alpha, random);
        int x = random.nextInt(batch.width());
        int y = random.nextInt(batch.height());
        Resample.Box box = box(batch.height(), batch.width(), lambda, y, x);
        return cut(batch, box.top(), box.left(), box.height(), box.width());
    }

    /** The rectangle around a point; it may be empty. */
    static Resample.Box box(int height, int width, double lambda, int y, int x) {
        double half = 0.5 * Math.sqrt(1 - lambda);
        int top = Math.max(0, y - (int) (half * height));
        int left = Math.max(0, x - (int) (half * width));
        int bottom = Math.min(height, y + (int) (half * height));
        int right = Math.min(width, x + (int) (half * width));
        return new Resample.Box(top, left, bottom - top, right - left);
    }

    /** The rectangle, in pixels, comes from the picture before; it lies within the picture and may be empty. */
    public static Batch cut(Batch batch, int top, int left, int height, int width) {
        float[] pixels = batch.pixels().clone();
        int planes = batch.count() * 3;
        int plane = batch.height() * batch.width();
        for (int i = 0; i < planes; i++) {
            int before = (i + planes - 3) % planes;   // the same colour of the picture before
            for (int y = top; y < top + height; y++) {
                int row = y * batch.width() + left;
                System.arraycopy(batch.pixels(), before * plane + row, pixels, i * plane + row, width);
            }
        }
        double lambda = 1.0 - (double) (width * height) / plane;
        return new Batch(batch.height(), batch.width(), batch.mean(), batch.std(), pixels, Mixture.of(batch.targets(), lambda));
    }

    /** As torchvision writes it: {@code CutMix(alpha=1.0)}. */
    @Override public String toString() {
        return "CutMix(alpha=" + alpha + ")";
    }
}
