package graft.augment;

import java.util.random.RandomGenerator;

/** Positive weights of the sum 1: gamma variables divided by their sum. */
final class Dirichlet {
    private Dirichlet() { }

    /** {@code count} weights of the symmetric distribution with parameter {@code alpha}. */
    static double[] draw(double alpha, int count, RandomGenerator random) {
        double[] weights = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = Math.max(Double.MIN_NORMAL, gamma(alpha, random));
            sum += weights[i];
        }
        for (int i = 0; i < count; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /** A gamma variable of this shape (Marsaglia and Tsang 2000); below 1 by the shape above it. */
    private static double gamma(double shape, RandomGenerator random) {
        if (shape < 1) {
            return gamma(shape + 1, random) * Math.pow(1 - random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double root = 1 + c * x;
            double v = root * root * root;
            if (v > 0 && Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }
}
