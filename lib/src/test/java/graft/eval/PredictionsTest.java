package graft.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionsTest {
    private final Predictions predictions = new Predictions(List.of("test/a, b/1.jpg", "test/2.jpg", "test/3.jpg"),
        List.of("kiwi", "lemon"), new int[] {0, 0, -1}, new float[][] {{1000, 0}, {0, 1}, {0, 0}});

    @Test void softmaxIsStable() {
        assertArrayEquals(new double[] {1, 0}, predictions.probabilities(0));
        assertArrayEquals(new double[] {0.2689414213699951, 0.7310585786300049}, predictions.probabilities(1), 1e-15);
        assertArrayEquals(new int[] {0, 1, 0}, predictions.predicted());
    }

    @Test void someAreTakenAtEvenDistances() {
        assertEquals(List.of("test/a, b/1.jpg", "test/2.jpg"), predictions.evenly(2).ids());
        assertEquals(1, predictions.evenly(2).predicted(1));
        assertEquals(3, predictions.evenly(3).count());
    }

    @Test void mistakesAreTheSurestFirst() {
        Predictions many = new Predictions(List.of("1", "2", "3", "4"), List.of("a", "b"), new int[] {0, 0, 0, -1},
            new float[][] {{0, 1}, {0, 3}, {1, 0}, {0, 9}});
        assertEquals(List.of(1, 0), many.mistakes(5));
        assertEquals(List.of(1), many.mistakes(1));
    }

    @Test void csv(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("new/predictions.csv");
        predictions.writeCsv(file);
        assertEquals("""
            id,label,predicted,probability,kiwi,lemon
            "test/a, b/1.jpg",kiwi,kiwi,1.0,1.0,0.0
            test/2.jpg,kiwi,lemon,0.7310586,0.26894143,0.7310586
            test/3.jpg,,kiwi,0.5,0.5,0.5
            """, Files.readString(file));
        try (var files = Files.list(file.getParent())) {
            assertEquals(List.of(file), files.toList(), "nothing is left beside it");
        }
    }

    @Test void shapesAreChecked() {
        List<String> classes = List.of("a", "b");
        float[][] one = {{1, 2}};
        assertThrows(IllegalArgumentException.class, () -> new Predictions(List.of("1", "2"), classes, new int[] {0}, one));
        assertThrows(IllegalArgumentException.class, () -> new Predictions(List.of("1"), classes, new int[] {0, 1}, one));
        assertThrows(IllegalArgumentException.class, () -> new Predictions(List.of("1"), classes, new int[] {2}, one));
        assertThrows(IllegalArgumentException.class, () -> new Predictions(List.of("1"), classes, new int[] {-2}, one));
        assertThrows(IllegalArgumentException.class, () -> new Predictions(List.of("1"), classes, new int[] {0}, new float[][] {{1}}));
        String message = assertThrows(InputException.class,
            () -> new Predictions(List.of("x.jpg"), classes, new int[] {0}, new float[][] {{1, Float.NaN}})).getMessage();
        assertTrue(message.contains("x.jpg") && message.contains("diverged"), message);
    }

    @Test void aFileInPlaceOfAFolderIsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("taken"), "");
        assertThrows(InputException.class, () -> predictions.writeCsv(file.resolve("predictions.csv")));
    }
}
