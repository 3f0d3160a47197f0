package graft.augment;

import graft.InputException;
import java.util.random.RandomGenerator;

/** What {@link MixUp} and {@link CutMix} have in common: how a share is drawn, and how each row of a batch is mixed with the one before it. */
final class Mixture {
    private Mixture() { }

    /** The first picture's share, drawn from the distribution Beta(alpha, alpha). */
    static double share(double alpha, RandomGenerator random) {
        return Dirichlet.draw(alpha, 2, random)[0];
    }

    /** Refuses what is no parameter of the distribution. */
    static void check(String name, double alpha) {
        if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new InputException(name + " with alpha = " + alpha + " is not possible; a number above 0, such as 0.2 or 1, would be right");
        }
    }

    /** {@code lambda · x + (1 − lambda) · (the row before x)}, in torchvision's float32 arithmetic. */
    static float[] of(float[] rows, int count, double lambda) {
        float own = (float) lambda;
        float other = (float) (1 - lambda);
        float[] mixed = new float[rows.length];
        int length = rows.length / count;
        for (int row = 0; row < count; row++) {
            int at = row * length;
            int before = (row + count - 1) % count * length;
            for (int i = 0; i < length; i++) {
                mixed[at + i] = rows[before + i] * other + rows[at + i] * own;
            }
        }
        return mixed;
    }

    /** The same for the targets of a batch. */
    static float[][] of(float[][] targets, double lambda) {
        int count = targets.length;
        int classes = targets[0].length;
        float[] flat = new float[count * classes];
        for (int i = 0; i < count; i++) {
            System.arraycopy(targets[i], 0, flat, i * classes, classes);
        }
        float[] mixed = of(flat, count, lambda);
        float[][] rows = new float[count][classes];
        for (int i = 0; i < count; i++) {
            System.arraycopy(mixed, i * classes, rows[i], 0, classes);
        }
        return rows;
    }
}
