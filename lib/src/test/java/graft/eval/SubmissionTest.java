package graft.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionTest {
    private static final List<String> FRUIT = List.of("kiwi", "lemon", "orange");
    @TempDir Path folder;
    private Path file;
    private final Predictions predictions = predicted(FRUIT, List.of("test/0.jpg", "test/1.jpg", "test/10.jpg"), 2, 0, 1);

    @BeforeEach void place() {
        file = folder.resolve("submission.csv");
    }

    /** Predictions of the given class indices. */
    private static Predictions predicted(List<String> classes, List<String> ids, int... predicted) {
        float[][] logits = new float[predicted.length][classes.size()];
        IntStream.range(0, predicted.length).forEach(i -> logits[i][predicted[i]] = 1);
        return new Predictions(ids, classes, IntStream.range(0, predicted.length).map(i -> -1).toArray(), logits);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test void withoutSampleFileNamesInOrder() throws Exception {
        Submission.write(file, Optional.empty(), predictions);
        assertEquals("ID,Label\n0.jpg,orange\n1.jpg,kiwi\n10.jpg,lemon\n", Files.readString(file));
        Submission.check(file, Optional.empty(), FRUIT, predictions.ids());
        Submission.check(file, Optional.empty(), predictions);
    }

    @Test void withoutSamplePathsWhereNamesRepeat() throws Exception {
        Submission.write(file, Optional.empty(), predicted(FRUIT, List.of("test/a/1.jpg", "test/b/1.jpg"), 0, 1));
        assertEquals("ID,Label\ntest/a/1.jpg,kiwi\ntest/b/1.jpg,lemon\n", Files.readString(file));
    }

    @Test void theSampleDecidesColumnsIdsAndOrder() throws Exception {
        for (String style : List.of("%d.jpg", "%d", "test/%d.jpg", "test/%d", "images/%d.jpg")) {
            String sample = "picture,class\n" + style.formatted(10) + ",x\n" + style.formatted(0) + ",x\n" + style.formatted(1) + ",x\n";
            Optional<Path> path = Optional.of(file("sample.csv", sample));
            Submission.write(file, path, predictions);
            assertEquals(sample.replaceFirst(",x", ",lemon").replaceFirst(",x", ",orange").replaceFirst(",x", ",kiwi"), Files.readString(file));
            Submission.check(file, path, predictions);
        }
    }

    @Test void aSampleWithByteOrderMarkAndCrLf() throws Exception {
        Submission.write(file, Optional.of(file("sample.csv", "\uFEFFID,Label\r\n1.jpg,0\r\n")), predictions);
        assertEquals("ID,Label\n1.jpg,kiwi\n", Files.readString(file));
    }

    @Test void theSampleMustFitThePictures() throws Exception {
        assertRefused(() -> Submission.write(file, Optional.of(file("s.csv", "ID,Label\n0.jpg,0\n7.jpg,0\n8.jpg,0\n")), predictions), "s.csv", "7.jpg, 8.jpg");
        assertRefused(() -> Submission.write(file, Optional.of(file("s.csv", "ID,Label\n0.jpg,0\n0.jpg,0\n")), predictions), "s.csv", "0.jpg", "more than once");
        assertRefused(() -> Submission.write(file, Optional.of(file("s.csv", "one\n")), predictions), "s.csv", "ID,Label");
        assertRefused(() -> Submission.write(file, Optional.of(file("s.csv", "ID,Label\n1\n")), predictions), "s.csv", "line 2");
        assertRefused(() -> Submission.write(file, Optional.of(folder.resolve("none.csv")), predictions), "none.csv", "does not exist");
        Predictions twice = predicted(FRUIT, List.of("test/a/1.jpg", "test/b/1.png"), 0, 1);
        assertRefused(() -> Submission.write(file, Optional.of(file("s.csv", "ID,Label\n1,0\n")), twice), "several", "test/a/1.jpg, test/b/1.png");
        assertFalse(Files.exists(file), "nothing was written");
    }

    @Test void idsThatDoNotFitAreRefused() throws Exception {
        Optional<Path> none = Optional.empty();
        assertRefused(() -> Submission.check(file("a.csv", "ID,Label\n0.jpg,kiwi\n"), none, predictions), "a.csv lacks 1.jpg, 10.jpg");
        assertRefused(() -> Submission.check(file("a.csv", "ID,Label\n0.jpg,kiwi\n1.jpg,kiwi\n10.jpg,kiwi\n11.jpg,kiwi\n"), none, predictions), "unknown ID 11.jpg");
        assertRefused(() -> Submission.check(file("a.csv", "ID,Label\n0.jpg,kiwi\n0.jpg,kiwi\n"), none, predictions), "0.jpg more than once");
        assertRefused(() -> Submission.check(file("a.csv", "ID,Label\n0.jpg,kiwi\n10.jpg,kiwi\n1.jpg,kiwi\n"), none, predictions), "row 2 is 10.jpg", "1.jpg");
        assertRefused(() -> Submission.check(file("a.csv", "id,label\n"), none, predictions), "id,label", "ID,Label");
        assertRefused(() -> Submission.check(file("a.csv", "ID,Label\n0.jpg,kiwi\n1.jpg,pear\n10.jpg,\n"), none, predictions), "label pear, (empty)", "kiwi");
    }

    @Test void indicesInPlaceOfNamesAreRecognised() throws Exception {
        Path trap = file("a.csv", "ID,Label\n0.jpg,2\n1.jpg,0\n10.jpg,1\n");
        assertRefused(() -> Submission.check(trap, Optional.empty(), FRUIT, predictions.ids()), "indices", "kiwi");
    }

    @Test void textSortedIndicesOfNumericNamesAreRecognised() throws Exception {
        List<String> classes = IntStream.range(0, 12).mapToObj(Integer::toString).toList(); // as text: 0 1 10 11 2 3 …
        Predictions numeric = predicted(classes, List.of("test/0.jpg", "test/1.jpg"), 2, 10);
        Path trap = file("a.csv", "ID,Label\n0.jpg,4\n1.jpg,2\n");
        Submission.check(trap, Optional.empty(), classes, numeric.ids()); // all are class names: without predictions nobody can tell
        assertRefused(() -> Submission.check(trap, Optional.empty(), numeric), "sorted as text", "0.jpg (4, predicted 2)");
        Path other = file("b.csv", "ID,Label\n0.jpg,2\n1.jpg,3\n");
        assertRefused(() -> Submission.check(other, Optional.empty(), numeric), "1.jpg (3, predicted 10)");
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void assertRefused(Action action, String... parts) {
        String message = assertThrows(InputException.class, action::run).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message + " should contain: " + part);
        }
    }
}
