package graft.eval;

import java.util.Arrays;
import java.util.Random;

/**
 * t-SNE, van der Maaten and Hinton 2008 (Journal of Machine Learning Research 9, 2579): rows of many numbers become places in a plane where neighbours stay
 * neighbours. It begins with the first two principal components, not with random places (Kobak and Berens 2019, Nature Communications 10, 5416), so that equal rows give equal places,
 * and what is far apart means a little more. The steps are those of scikit-learn's {@code TSNE(method="exact", init="pca")}. Time and memory grow with the square of the rows.
 *
 * @param places {@code [rows][2]}, around 0
 * @param divergence Kullback and Leibler's, in nats: what it made as small as it could, ≥ 0
 */
public record Tsne(double[][] places, double divergence) {
    /** Effective number of neighbours that a row has. */
    private static final double PERPLEXITY = 30;
    private static final int STEPS = 1000;
    /** In so many first steps neighbours attract each other so many times as much, and the momentum is small. */
    private static final int EARLY = 250;
    private static final double EXAGGERATION = 12;
    private static final int POWER_STEPS = 100;
    private static final int SEARCH_STEPS = 100;

    /**
     * Projects rows; two thousand of a thousand numbers take about ten seconds.
     *
     * @param rows of equal length, finite
     * @throws InterruptedException promptly
     */
    public static Tsne of(float[][] rows) throws InterruptedException {
        int n = rows.length;
        double[][] squares = squaredDistances(rows);
        double[][] places = principal(squares);
        double[][] similar = similarities(squares, Math.max(1, Math.min(PERPLEXITY, (n - 1) / 3.0)));
        double[][] speed = new double[n][2];
        double[][] gains = new double[n][2];
        for (double[] gain : gains) {
            Arrays.fill(gain, 1);
        }
        double rate = Math.max(n / EXAGGERATION / 4, 50);
        for (int step = 0; step < STEPS; step++) {
            stopIfInterrupted();
            double[][] gradient = gradient(similar, places, step < EARLY ? EXAGGERATION : 1);
            for (int i = 0; i < n; i++) {
                for (int k = 0; k < 2; k++) {
                    gains[i][k] = Math.max(0.01, speed[i][k] * gradient[i][k] < 0 ? gains[i][k] + 0.2 : gains[i][k] * 0.8);
                    speed[i][k] = (step < EARLY ? 0.5 : 0.8) * speed[i][k] - rate * gains[i][k] * gradient[i][k];
                    places[i][k] += speed[i][k];
                }
            }
        }
        return new Tsne(places, divergence(similar, places));
    }

    private static void stopIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Below the diagonal: {@code [i][j]} for {@code j < i}. */
    private static double[][] squaredDistances(float[][] rows) throws InterruptedException {
        double[][] squares = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            stopIfInterrupted();
            squares[i] = new double[i];
            for (int j = 0; j < i; j++) {
                double sum = 0;
                for (int k = 0; k < rows[i].length; k++) {
                    double difference = rows[i][k] - rows[j][k];
                    sum += difference * difference;
                }
                squares[i][j] = sum;
            }
        }
        return squares;
    }

    /** The first two principal components by orthogonal iteration; the first with standard deviation 1e-4. They follow from the distances (Torgerson 1952). */
    private static double[][] principal(double[][] squares) throws InterruptedException {
        int n = squares.length;
        Random start = new Random(0);
        double[][] axes = {start.doubles(n).toArray(), start.doubles(n).toArray()};
        double[] lengths = new double[2];
        for (int step = 0; step < POWER_STEPS; step++) {
            stopIfInterrupted();
            for (int k = 0; k < 2; k++) {
                axes[k] = centredProduct(squares, axes[k]);
                double along = k == 0 ? 0 : dot(axes[0], axes[1]);
                for (int i = 0; k == 1 && i < n; i++) {
                    axes[1][i] -= along * axes[0][i];
                }
                lengths[k] = Math.sqrt(dot(axes[k], axes[k]));
                for (int i = 0; i < n; i++) {
                    axes[k][i] /= lengths[k] > 0 ? lengths[k] : 1;
                }
            }
        }
        double[][] places = new double[n][2];
        for (int i = 0; i < n; i++) {
            places[i][0] = axes[0][i] * Math.sqrt(n) * 1e-4;
            places[i][1] = axes[1][i] * Math.sqrt(n) * 1e-4 * (lengths[0] > 0 ? Math.sqrt(lengths[1] / lengths[0]) : 0);
        }
        return places;
    }

    /** The centred rows' scalar products, −½ J D J, times a vector. */
    private static double[] centredProduct(double[][] squares, double[] vector) {
        double[] centred = centred(vector);
        double[] product = new double[vector.length];
        for (int i = 0; i < vector.length; i++) {
            for (int j = 0; j < i; j++) {
                product[i] -= 0.5 * squares[i][j] * centred[j];
                product[j] -= 0.5 * squares[i][j] * centred[i];
            }
        }
        return centred(product);
    }

    private static double[] centred(double[] vector) {
        double mean = Arrays.stream(vector).sum() / vector.length;
        return Arrays.stream(vector).map(value -> value - mean).toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** How probable each pair is, below the diagonal: every row's Gaussian is as wide as its number of neighbours wants. With StrictMath, so that every machine says the same. */
    private static double[][] similarities(double[][] squares, double perplexity) throws InterruptedException {
        int n = squares.length;
        double[][] similar = new double[n][];
        Arrays.setAll(similar, i -> new double[i]);
        double[] away = new double[n];
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            stopIfInterrupted();
            for (int j = 0; j < n; j++) {
                away[j] = i == j ? Double.POSITIVE_INFINITY : squares[Math.max(i, j)][Math.min(i, j)];
            }
            double sum = neighbours(away, weights, StrictMath.log(perplexity));
            for (int j = 0; j < n; j++) {
                if (j != i) {
                    similar[Math.max(i, j)][Math.min(i, j)] += weights[j] / sum / (2 * n);
                }
            }
        }
        return similar;
    }

    /** Fills in a row's weights with this entropy, searched by bisection, and gives their sum. */
    private static double neighbours(double[] away, double[] weights, double entropy) {
        double nearest = Arrays.stream(away).min().orElse(0);
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double narrowness = 1;
        double sum = 1;
        for (int step = 0; step < SEARCH_STEPS; step++) {
            sum = 0;
            double moment = 0;
            for (int j = 0; j < away.length; j++) {
                weights[j] = away[j] == Double.POSITIVE_INFINITY ? 0 : StrictMath.exp(narrowness * (nearest - away[j]));
                sum += weights[j];
                moment += weights[j] == 0 ? 0 : weights[j] * (away[j] - nearest);
            }
            double difference = StrictMath.log(sum) + narrowness * moment / sum - entropy;
            if (!(Math.abs(difference) > 1e-5)) {
                break;
            }
            low = difference > 0 ? narrowness : low;
            high = difference > 0 ? high : narrowness;
            narrowness = high == Double.POSITIVE_INFINITY ? 2 * narrowness : (low + high) / 2;
        }
        return sum;
    }

    /** Of the divergence, by each place: neighbours attract each other, all others push away (equation 5). */
    private static double[][] gradient(double[][] similar, double[][] places, double exaggeration) {
        int n = places.length;
        double[][] attraction = new double[n][2];
        double[][] repulsion = new double[n][2];
        double total = 0;
        for (int i = 0; i < n; i++) {
            double[] row = similar[i];
            for (int j = 0; j < i; j++) {
                double dx = places[i][0] - places[j][0];
                double dy = places[i][1] - places[j][1];
                double near = 1 / (1 + dx * dx + dy * dy);
                total += 2 * near;
                double pull = exaggeration * row[j] * near;
                double push = near * near;
                attraction[i][0] += pull * dx;
                attraction[i][1] += pull * dy;
                attraction[j][0] -= pull * dx;
                attraction[j][1] -= pull * dy;
                repulsion[i][0] += push * dx;
                repulsion[i][1] += push * dy;
                repulsion[j][0] -= push * dx;
                repulsion[j][1] -= push * dy;
            }
        }
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < 2 && total > 0; k++) {
                attraction[i][k] = 4 * (attraction[i][k] - repulsion[i][k] / total);
            }
        }
        return attraction;
    }

    private static double divergence(double[][] similar, double[][] places) {
        double total = 0;
        double sum = 0;
        for (int i = 0; i < places.length; i++) {
            for (int j = 0; j < i; j++) {
                double near = near(places[i], places[j]);
                total += 2 * near;
                sum += similar[i][j] == 0 ? 0 : 2 * similar[i][j] * StrictMath.log(similar[i][j] / near);
            }
        }
        return total == 0 ? 0 : sum + StrictMath.log(total); // the similarities sum to 1
    }

    private static double near(double[] a, double[] b) {
        return 1 / (1 + (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]));
    }
}
