package graft.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Expected values are scikit-learn 1.8's {@code roc_curve} and {@code roc_auc_score} for the same numbers. */
class RocCurveTest {
    private static final double[] SCORES = {.9, .8, .8, .7, .6, .6, .55, .5, .4, .3, .2, .1};

    private static RocCurve curve(double[] scores, int... positives) {
        boolean[] positive = new boolean[scores.length];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = positives[i] == 1;
        }
        return RocCurve.of(scores, positive);
    }

    private static final RocCurve FIRST = curve(SCORES, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0);
    private static final RocCurve SECOND = curve(SCORES, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1);

    @Test void pointsAndAreaAreScikitLearns() {
        assertArrayEquals(new double[] {0, 0, 1 / 7.0, 1 / 7.0, 2 / 7.0, 4 / 7.0, 4 / 7.0, 1}, FIRST.falsePositiveRate(), 1e-12);
        assertArrayEquals(new double[] {0, 0.2, 0.4, 0.6, 0.8, 0.8, 1, 1}, FIRST.truePositiveRate(), 1e-12);
        assertEquals(0.8, FIRST.area(), 1e-12);
        assertEquals(0.4375, SECOND.area(), 1e-12);
    }

    @Test void equalScoresCountHalf() {
        assertEquals(0.5, curve(new double[] {1, 1, 1, 1}, 1, 0, 1, 0).area());
        assertEquals(0.875, curve(new double[] {1, 1, 2, 0}, 1, 0, 1, 0).area());
        assertEquals(0, curve(new double[] {1, 2}, 1, 0).area());
        assertEquals(0.5, RocCurve.CHANCE.area());
    }

    @Test void theMeanRunsBetweenTheCurvesAndHasTheirMeanArea() {
        RocCurve mean = RocCurve.mean(List.of(FIRST, SECOND, curve(new double[] {1, 2}, 1, 1)));
        assertEquals((0.8 + 0.4375) / 2, mean.area(), 1e-12);
        double[] x = mean.falsePositiveRate();
        double[] expected = {0.1, 0.1875, 0.31785714285714284, 0.5, 0.525, 0.525, 0.65, 0.75, 0.875, 1}; // np.interp at each rate, upper ends
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], mean.truePositiveRate()[2 * i + 1], 1e-12, "at " + x[2 * i + 1]);
        }
        assertEquals(0, mean.truePositiveRate()[0]);
    }

    @Test void withoutPicturesOfBothKindsThereIsNone() {
        assertFalse(curve(new double[] {1, 2}, 1, 1).defined());
        assertTrue(Double.isNaN(curve(new double[] {1, 2}, 0, 0).area()));
        assertFalse(RocCurve.mean(List.of()).defined());
    }
}
