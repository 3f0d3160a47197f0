package graft.oracle;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Weights and pictures that any language can rebuild from a name: a port of the reference values' {@code formula.py}. */
public final class Formula {
    private Formula() { }

    /** {@code count} values in [−1, 1), a pure function of the name: splitmix64 over its CRC-32. */
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

    /** The tensor for an entry of a state dict, by the rules of {@code formula.py}. */
    public static float[] stateTensor(String name, long[] shape, double variance, double gain) {
        long count = 1;
        for (long dim : shape) {
            count *= dim;
        }
        float[] u = uniform(name, Math.toIntExact(count));
        String leaf = name.substring(name.lastIndexOf('.') + 1);
        double scale;
        double offset = 0;
        if (leaf.equals("running_var")) {
            scale = variance / 4;
            offset = variance;
        } else if (leaf.equals("running_mean")) {
            scale = 1 / 16.0;
        } else if (name.contains("layer_scale") || leaf.startsWith("gamma")) {
            scale = 1 / 8.0;
            offset = 1 / 4.0;
        } else if (leaf.contains("token") || name.contains("pos_embed") || name.contains("relative_position_bias_table")) {
            scale = 1 / 4.0;
        } else if (shape.length <= 1) {
            scale = leaf.equals("weight") ? 1 / 8.0 : 1 / 16.0;
            offset = leaf.equals("weight") ? 1 : 0;
        } else {
            double k = Math.floor(Math.log(Math.sqrt(count / (double) shape[0] / 3.0)) / Math.log(2) + 0.5);
            scale = gain * Math.pow(2, -k);
        }
        for (int i = 0; i < u.length; i++) {
            u[i] = (float) (offset + u[i] * scale);
        }
        return u;
    }

    /** An RGB test picture, unsigned bytes {@code [height, width, 3]}: gradients, edges and noise. */
    public static byte[] image(int height, int width, String name) {
        float[] noise = uniform(name, height * width * 3);
        byte[] pixels = new byte[height * width * 3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double radius = Math.min(height, width) / 3.0;
                boolean inside = (x - width / 2.0) * (x - width / 2.0) + (y - height / 2.0) * (y - height / 2.0) < radius * radius;
                double[] base = {
                    96 + 80 * (x / (double) Math.max(width - 1, 1)) + 40 * ((x / 16 + y / 16) % 2),
                    160 - 90 * (y / (double) Math.max(height - 1, 1)) + 30 * ((x + y) / 24 % 2),
                    64 + (inside ? 120 : 0),
                };
                for (int c = 0; c < 3; c++) {
                    int i = (y * width + x) * 3 + c;
                    pixels[i] = (byte) Math.max(0, Math.min(255, Math.floor(base[c] + noise[i] * 12.0 + 0.5)));
                }
            }
        }
        return pixels;
    }
}
