package graft.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import graft.eval.Metrics;
import graft.eval.Predictions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SummaryTest {
    /** Five pictures of each class, so many of them taken for the class after it. */
    private static String bestAndWorst(List<String> classes, int... wrong) {
        List<float[]> logits = new ArrayList<>();
        for (int c = 0; c < wrong.length; c++) {
            for (int i = 0; i < 5; i++) {
                float[] row = new float[wrong.length];
                row[i < wrong[c] ? (c + 1) % wrong.length : c] = 1;
                logits.add(row);
            }
        }
        return Summary.bestAndWorst(Metrics.of(new Predictions(IntStream.range(0, logits.size()).mapToObj(i -> i + ".jpg").toList(), classes,
            IntStream.range(0, logits.size()).map(i -> i / 5).toArray(), logits.toArray(float[][]::new))));
    }

    @Test void theBestComesFirstAndWhoeverSharesThePlaceToo() {
        assertEquals("best: forest, sea, street     worst: hill (4 of 5 taken for sea)", bestAndWorst(List.of("hill", "sea", "forest", "street"), 4, 1, 0, 1));
        assertEquals("best: sea, street     worst: hill (4 of 5 taken for sea)", bestAndWorst(List.of("hill", "sea", "forest", "street"), 4, 0, 1, 0));
    }

    @Test void ofManyAFewAreNamed() {
        assertEquals("best: 0, 1, 3, 4 and 2 others     worst: 2 (3 of 5 taken for 3)", bestAndWorst(List.of("0", "1", "2", "3", "4", "5", "6"), 0, 0, 3, 0, 0, 0, 0));
    }

    @Test void theWorstIsNotAmongTheBest() {
        assertEquals("best: a     worst: b (2 of 5 taken for c)", bestAndWorst(List.of("a", "b", "c"), 0, 2, 2));
        assertEquals("worst: a (2 of 5 taken for b)", bestAndWorst(List.of("a", "b", "c"), 2, 2, 2));
        assertEquals("every class is right every time", bestAndWorst(List.of("a", "b", "c"), 0, 0, 0));
    }
}
