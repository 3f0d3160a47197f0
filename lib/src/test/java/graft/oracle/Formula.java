package graft.oracle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Weights and pictures that any language can rebuild from a name: a port of {@code formula.py} beside the reference
 * values (splitmix64 over the CRC-32 of the name, exact in float32).
 */
public final class Formula {
    private Formula() { }

    /** {@code count} values in [−1, 1), a pure function of {@code name}. */
    public static float[] uniform(String name, int count) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            long z = (crc.getValue() << 32) + i + 0x9E3779B97F4A7C15L;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            z ^= z >>> 31;
            values[i] = (float) ((z >>> 40) * 0x1p-23 - 1);
        }
        return values;
    }

    /** The values for the entry {@code name} of a model's state dict; which kind of parameter it is decides their scale. */
    public static float[] stateTensor(String name, long[] shape, double variance, double gain) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        String leaf = name.substring(name.lastIndexOf('.') + 1);
        if (leaf.equals("running_var")) {
            return scaled(name, count, variance, variance / 4);
        }
        if (leaf.equals("running_mean")) {
            return scaled(name, count, 0, 0x1p-4);
        }
        if (name.contains("layer_scale") || leaf.equals("gamma") || leaf.equals("gamma_1") || leaf.equals("gamma_2")) {
            return scaled(name, count, 0.25, 0x1p-3);
        }
        if (leaf.contains("token") || name.contains("pos_embed") || name.contains("relative_position_bias_table")) {
            return scaled(name, count, 0, 0.25);
        }
        if (shape.length <= 1) {
            return leaf.equals("weight") ? scaled(name, count, 1, 0x1p-3) : scaled(name, count, 0, 0x1p-4);
        }
        double fanIn = count / shape[0];
        int k = (int) Math.floor(Math.log(Math.sqrt(fanIn / 3)) / Math.log(2) + 0.5);
        return scaled(name, count, 0, gain * Math.scalb(1.0, -k));
    }

    private static float[] scaled(String name, int count, double offset, double scale) {
        float[] values = uniform(name, count);
        for (int i = 0; i < count; i++) {
            values[i] = (float) offset + (float) (values[i] * scale); // each step rounded to float32, as numpy does
        }
        return values;
    }

    /** An RGB test picture, {@code [height][width][3]} unsigned bytes: gradients and edges, and noise from {@link #uniform}. */
    public static byte[] image(int height, int width, String name) {
        float[] noise = uniform(name, height * width * 3);
        byte[] pixels = new byte[height * width * 3];
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double disc = Math.pow(x - width / 2.0, 2) + Math.pow(y - height / 2.0, 2);
                double[] base = {
                    96 + 80 * (x / (double) Math.max(width - 1, 1)) + 40 * ((x / 16 + y / 16) % 2),
                    160 - 90 * (y / (double) Math.max(height - 1, 1)) + 30 * ((x + y) / 24 % 2),
                    64 + (disc < Math.pow(Math.min(height, width) / 3.0, 2) ? 120 : 0)};
                for (int c = 0; c < 3; c++, i++) {
                    double value = Math.floor(base[c] + noise[i] * 12.0 + 0.5);
                    pixels[i] = (byte) (int) Math.max(0, Math.min(255, value));
                }
            }
        }
        return pixels;
    }
}
