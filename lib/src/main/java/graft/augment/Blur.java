package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.Arrays;

/**
 * Gaussian blur as torchvision's {@code gaussian_blur} (the same for Pillow's pictures and for tensors): a kernel of odd size, the picture
 * reflected at its edges, sums in single precision, rounded to whole grey levels.
 */
final class Blur {
    private Blur() { }

    static Image gaussian(Image image, int kernelHeight, int kernelWidth, double sigma) {
        if (kernelWidth / 2 >= image.width() || kernelHeight / 2 >= image.height()) {
            throw new InputException("a blur with a kernel of " + kernelHeight + "×" + kernelWidth + " is not possible on a picture of " + image.width() + "×"
                + image.height() + "; a kernel of less than twice its sides would be right");
        }
        float[] down = kernel(kernelHeight, sigma);
        float[] across = kernel(kernelWidth, sigma);
        int length = image.width() * 3;
        float[] padded = new float[length + kernelWidth / 2 * 6];
        float[][] ring = new float[kernelHeight][length];   // the last rows after the horizontal pass
        float[] sums = new float[length];
        byte[] pixels = Recycled.array(image.pixels().length);
        int next = -(kernelHeight / 2);
        for (int y = 0; y < image.height(); y++) {
            for (; next <= y + kernelHeight / 2; next++) {
                load(image, reflected(next, image.height()), kernelWidth / 2, padded);
                float[] row = ring[Math.floorMod(next, kernelHeight)];
                Arrays.fill(row, 0);
                for (int tap = 0; tap < kernelWidth; tap++) {
                    add(padded, tap * 3, across[tap], row);
                }
            }
            Arrays.fill(sums, 0.5f);
            for (int tap = 0; tap < kernelHeight; tap++) {
                add(ring[Math.floorMod(y - kernelHeight / 2 + tap, kernelHeight)], 0, down[tap], sums);
            }
            for (int i = 0; i < length; i++) {
                pixels[y * length + i] = (byte) Math.min(255, (int) sums[i]);
            }
        }
        return new Image(image.height(), image.width(), pixels);
    }

    /** Weights {@code exp(−x² / 2σ²)}, of the sum 1. */
    private static float[] kernel(int size, double sigma) {
        double[] weights = new double[size];
        double sum = 0;
        for (int i = 0; i < size; i++) {
            double x = i - size / 2;
            weights[i] = Math.exp(-x * x / (2 * sigma * sigma));
            sum += weights[i];
        }
        float[] kernel = new float[size];
        for (int i = 0; i < size; i++) {
            kernel[i] = (float) (weights[i] / sum);
        }
        return kernel;
    }

    private static void load(Image image, int y, int border, float[] padded) {
        int row = y * image.width() * 3;
        for (int x = 0, at = 0; at < padded.length; x++) {
            int from = row + reflected(x - border, image.width()) * 3;
            for (int channel = 0; channel < 3; channel++) {
                padded[at++] = image.pixels()[from + channel] & 255;
            }
        }
    }

    private static int reflected(int i, int size) {
        return i < 0 ? -i : i < size ? i : 2 * (size - 1) - i;
    }

    private static void add(float[] from, int start, float weight, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[start + i] * weight;
        }
    }
}
