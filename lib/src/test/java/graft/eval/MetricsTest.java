package graft.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import graft.oracle.Formula;
import java.io.InputStreamReader;
import java.io.Reader;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsTest {
    /** Predictions of {@code [n][classes]} logits; pictures are named by number. */
    static Predictions predictions(List<String> classes, int[] labels, float[][] logits) {
        List<String> ids = IntStream.range(0, labels.length).mapToObj(i -> "test/" + i + ".jpg").toList();
        return new Predictions(ids, classes, labels, logits);
    }

    /** scikit-learn's figures, copied from shared/oracle/training.json. */
    @Test void equalsScikitLearn() throws Exception {
        JsonObject expected;
        try (Reader reader = new InputStreamReader(MetricsTest.class.getResourceAsStream("/oracle/metrics.json"))) {
            expected = new Gson().fromJson(reader, JsonObject.class);
        }
        float[] u = Formula.uniform("scores", 240);
        float[][] logits = new float[60][4];
        int[] labels = new int[60];
        for (int i = 0; i < 60; i++) {
            labels[i] = i % 4;
            for (int c = 0; c < 4; c++) {
                logits[i][c] = 3 * u[i * 4 + c] + (c == labels[i] ? 1 : 0);
            }
        }
        Predictions predictions = predictions(List.of("a", "b", "c", "d"), labels, logits);
        Metrics metrics = Metrics.of(predictions);

        assertEquals(expected.get("accuracy").getAsDouble(), metrics.accuracy(), 1e-9);
        assertEquals(expected.get("top2").getAsDouble(), Metrics.topK(predictions, 2), 1e-9);
        assertEquals(expected.get("precision").getAsDouble(), metrics.precision(), 1e-9);
        assertEquals(expected.get("recall").getAsDouble(), metrics.recall(), 1e-9);
        assertEquals(expected.get("f1").getAsDouble(), metrics.f1(), 1e-9);
        assertEquals(expected.get("auc").getAsDouble(), metrics.auc(), 1e-9);
        assertEquals(expected.get("kappa").getAsDouble(), metrics.kappa(), 1e-9);
        assertEquals(expected.get("loss").getAsDouble(), metrics.loss(), 5e-9); // logits are float32 here, float64 there
        assertArrayEquals(new Gson().fromJson(expected.get("confusion"), int[][].class), metrics.confusion());
        assertArrayEquals(new Gson().fromJson(expected.get("precision_per_class"), double[].class),
            metrics.perClass().stream().mapToDouble(Metrics.ClassMetrics::precision).toArray(), 1e-9);
        assertArrayEquals(new Gson().fromJson(expected.get("recall_per_class"), double[].class),
            metrics.perClass().stream().mapToDouble(Metrics.ClassMetrics::recall).toArray(), 1e-9);
        assertArrayEquals(new Gson().fromJson(expected.get("f1_per_class"), double[].class),
            metrics.perClass().stream().mapToDouble(Metrics.ClassMetrics::f1).toArray(), 1e-9);
        assertTrue(metrics.perClass().stream().allMatch(c -> c.support() == 15));
    }

    @Test void aClassThatOccursNowhereDoesNotLowerTheAverages() {
        Metrics metrics = Metrics.of(predictions(List.of("a", "b", "c"), new int[] {0, 1},
            new float[][] {{1, 0, 0}, {0, 1, 0}}));
        assertEquals(1, metrics.precision());
        assertEquals(1, metrics.f1());
        assertTrue(Double.isNaN(metrics.auc()), "undefined without a picture of c");
        assertTrue(metrics.toJson().get("auc").isJsonNull());
    }

    @Test void aClassPredictedButNeverTrueCountsAsZero() { // sklearn: labels are the union of true and predicted
        Metrics metrics = Metrics.of(predictions(List.of("a", "b", "c"), new int[] {0, 1, 1},
            new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}));
        assertEquals(2.0 / 3, metrics.precision(), 1e-12);
        assertEquals(0.5, metrics.recall(), 1e-12);
    }

    @Test void picturesWithoutLabelAreLeftOut() {
        Metrics metrics = Metrics.of(predictions(List.of("a", "b"), new int[] {0, -1, 1},
            new float[][] {{1, 0}, {1, 0}, {1, 0}}));
        assertEquals(2, metrics.count());
        assertEquals(0.5, metrics.accuracy());
        assertThrows(IllegalArgumentException.class,
            () -> Metrics.of(predictions(List.of("a", "b"), new int[] {-1}, new float[][] {{1, 0}})));
    }

    @Test void wilson() { // the ends are where (p − x)² = z² x (1 − x) / n
        Interval interval = Interval.wilson(95, 120);
        for (double end : new double[] {interval.low(), interval.high()}) {
            assertEquals(0, Math.pow(95.0 / 120 - end, 2) - 1.959963984540054 * 1.959963984540054 * end * (1 - end) / 120, 1e-12);
        }
        assertTrue(interval.low() < 95.0 / 120 && interval.high() > 95.0 / 120);
        assertEquals(0, Interval.wilson(0, 10).low());
        assertEquals(1, Interval.wilson(10, 10).high());
    }

    @Test void jsonHasTheDocumentedNames() {
        JsonObject json = Metrics.of(predictions(List.of("a", "b"), new int[] {0, 1}, new float[][] {{1, 0}, {0, 1}})).toJson();
        assertEquals(Set.of("accuracy", "top5", "precision", "recall", "f1", "auc", "loss", "count"), json.keySet());
        assertEquals(2, json.get("count").getAsInt());
        assertEquals(Collections.nCopies(3, 1.0), List.of(json.get("accuracy").getAsDouble(), json.get("top5").getAsDouble(), json.get("auc").getAsDouble()));
    }
}
