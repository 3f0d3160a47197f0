package graft.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TsneTest {
    private static final int ROWS = 120;
    private static final int NEIGHBOURS = 5;

    /** Six groups in sixteen dimensions. */
    private static float[][] rows() {
        float[][] rows = new float[ROWS][16];
        for (int i = 0; i < ROWS; i++) {
            for (int k = 0; k < 16; k++) {
                double noise = Math.abs(StrictMath.sin((i + 1) * 12.9898 + (k + 1) * 78.233) * 43758.5453) % 1;
                rows[i][k] = (float) ((i % 6 * 7 + k * 3) % 11 / 4.0 + noise * 1.5);
            }
        }
        return rows;
    }

    /** scikit-learn 1.9.1 on the same rows, {@code TSNE(method="exact", init="pca", perplexity=30)}: divergence 0.0672, trustworthiness of 5 neighbours 0.9837; of two principal components 0.9311. */
    @Test void neighboursStayNeighboursAsInScikitLearn() throws InterruptedException {
        Tsne tsne = Tsne.of(rows());
        assertEquals(0.0672, tsne.divergence(), 0.0015);
        assertEquals(0.9837, trustworthiness(rows(), tsne.places()), 0.003);
    }

    @Test void equalRowsGiveEqualBits() throws InterruptedException {
        assertTrue(Arrays.deepEquals(Tsne.of(rows()).places(), Tsne.of(rows()).places()));
    }

    @Test void fewOrEqualRowsHavePlacesToo() throws InterruptedException {
        assertEquals(0, Tsne.of(new float[0][0]).places().length);
        for (int n : new int[] {1, 2, 3, 4, 40}) {
            for (float[][] rows : new float[][][] {new float[n][7], Arrays.copyOf(rows(), n)}) {
                Tsne tsne = Tsne.of(rows);
                assertTrue(Arrays.stream(tsne.places()).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite), n + " rows");
                assertTrue(Double.isFinite(tsne.divergence()), n + " rows");
            }
        }
        float[][] twice = rows();
        twice[1] = twice[0].clone();
        double[][] places = Tsne.of(twice).places();
        assertArrayEquals(places[0], places[1], 1e-6, "equal rows are in the same place");
    }

    @Test void anInterruptStopsIt() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> Tsne.of(rows()));
    }

    /** {@code sklearn.manifold.trustworthiness}. */
    private static double trustworthiness(float[][] rows, double[][] places) {
        double penalty = 0;
        for (int i = 0; i < ROWS; i++) {
            int self = i;
            int[] there = nearest(i, j -> IntStream.range(0, 16).mapToDouble(k -> Math.pow(rows[self][k] - rows[j][k], 2)).sum());
            int[] here = nearest(i, j -> Math.pow(places[self][0] - places[j][0], 2) + Math.pow(places[self][1] - places[j][1], 2));
            for (int r = 0; r < NEIGHBOURS; r++) {
                int neighbour = here[r];
                int rank = 1 + IntStream.range(0, there.length).filter(at -> there[at] == neighbour).findFirst().orElseThrow();
                penalty += Math.max(0, rank - NEIGHBOURS);
            }
        }
        return 1 - penalty * 2 / (ROWS * NEIGHBOURS * (2.0 * ROWS - 3 * NEIGHBOURS - 1));
    }

    private static int[] nearest(int i, java.util.function.IntToDoubleFunction distance) {
        return IntStream.range(0, ROWS).filter(j -> j != i).boxed().sorted((a, b) -> Double.compare(distance.applyAsDouble(a), distance.applyAsDouble(b))).mapToInt(Integer::intValue).toArray();
    }
}
