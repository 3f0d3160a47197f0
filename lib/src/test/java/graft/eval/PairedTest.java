package graft.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.InputException;
import graft.oracle.Ensembles;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairedTest {
    private static Paired paired(int count, int onlyFirst, int onlySecond, long seed) {
        boolean[] first = new boolean[count];
        boolean[] second = new boolean[count];
        for (int i = 0; i < count; i++) {
            first[i] = i >= onlySecond && i % 3 > 0 || i >= onlySecond && i < onlySecond + onlyFirst;
            second[i] = i < onlySecond || i >= onlySecond + onlyFirst && first[i];
        }
        return Paired.of(first, second, seed);
    }

    /** The p-value is scipy's {@code binomtest}; the interval comes from the exact distribution of a resample, of which ours are 10,000. */
    @Test
    void equalsSciPy() throws Exception {
        for (JsonElement element : Ensembles.json().getAsJsonArray("paired")) {
            JsonObject expected = element.getAsJsonObject();
            int count = expected.get("count").getAsInt();
            Paired paired = paired(count, expected.get("only_first").getAsInt(), expected.get("only_second").getAsInt(), 0);
            assertEquals(expected.get("only_first").getAsInt(), paired.onlyFirst());
            assertEquals(expected.get("only_second").getAsInt(), paired.onlySecond());
            assertEquals(1, paired.p() / expected.get("p").getAsDouble(), 1e-9, expected.toString());
            // one picture more or less, or 5 % of the interval's width: what 10,000 resamples can tell
            double width = expected.get("high").getAsDouble() - expected.get("low").getAsDouble();
            double tolerance = Math.max(1.0 / count, 0.05 * width) + 1e-12;
            assertEquals(expected.get("low").getAsDouble(), paired.interval().low(), tolerance, expected.toString());
            assertEquals(expected.get("high").getAsDouble(), paired.interval().high(), tolerance, expected.toString());
        }
    }

    @Test
    void theSeedDecides() {
        assertEquals(paired(2000, 130, 90, 7), paired(2000, 130, 90, 7));
        assertNotEquals(paired(2000, 130, 90, 7).interval(), paired(2000, 130, 90, 8).interval());
        assertEquals("+2.0 % (95 %:", paired(2000, 130, 90, 7).toString().substring(0, 13));
        assertEquals(-paired(2000, 130, 90, 7).difference(), paired(2000, 90, 130, 7).difference());
    }

    @Test
    void picturesAreMatchedByTheirIds() {
        List<String> classes = List.of("a", "b");
        Predictions first = new Predictions(List.of("1", "2", "3"), classes, new int[] {0, 1, -1}, new float[][] {{1, 0}, {0, 1}, {0, 1}});
        Predictions second = new Predictions(List.of("3", "2", "1"), List.of("b", "a"), new int[] {-1, 0, 1}, new float[][] {{1, 0}, {1, 0}, {1, 0}});
        Paired paired = Paired.of(first, second, 0);
        assertEquals(2, paired.count());
        assertEquals(1, paired.onlyFirst());
        assertEquals(0, paired.onlySecond());
        assertEquals(0.5, paired.difference());
        assertEquals(1, paired.p());
        Predictions others = new Predictions(List.of("1", "2", "4"), classes, new int[] {0, 1, 0}, new float[][] {{1, 0}, {0, 1}, {0, 1}});
        Predictions contradicting = new Predictions(List.of("1", "2", "3"), classes, new int[] {1, 1, 0}, new float[][] {{1, 0}, {0, 1}, {0, 1}});
        Predictions unlabelled = new Predictions(List.of("1", "2", "3"), classes, new int[] {-1, -1, -1}, new float[][] {{1, 0}, {0, 1}, {0, 1}});
        assertTrue(assertThrows(InputException.class, () -> Paired.of(first, others, 0)).getMessage().contains("different pictures"));
        assertTrue(assertThrows(InputException.class, () -> Paired.of(first, contradicting, 0)).getMessage().contains("different classes for 1"));
        assertTrue(assertThrows(InputException.class, () -> Paired.of(unlabelled, unlabelled, 0)).getMessage().contains("no picture has a label"));
        assertThrows(IllegalArgumentException.class, () -> Paired.of(new boolean[0], new boolean[0], 0));
    }
}
