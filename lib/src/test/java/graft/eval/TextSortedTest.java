package graft.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.data.ImageFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class TextSortedTest {
    private static final List<String> HUNDRED = numbers(100);

    @TempDir Path folder;

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    /** Five pictures of each class, of which three are told right. */
    private static Predictions sixtyPercent(List<String> classes) {
        int n = classes.size();
        List<String> ids = new ArrayList<>();
        int[] labels = new int[5 * n];
        float[][] logits = new float[5 * n][n];
        for (int i = 0; i < 5 * n; i++) {
            ids.add("test/" + i + ".jpg");
            labels[i] = i / 5;
            logits[i][i % 5 < 3 ? i / 5 : (i / 5 + n / 2 + 1) % n] = 1;
        }
        return new Predictions(ids, classes, labels, logits);
    }

    /** The documented case: 60 % in validation, below 10 % in the contest. */
    @Test
    void sixtyPercentBecomeLessThanTen() {
        TextSorted mistake = new TextSorted(HUNDRED);
        assertEquals(List.of("0", "1", "90", "91", "92", "93", "94", "95", "96", "97", "98", "99"), mistake.unharmed());
        assertEquals("2", mistake.label("10"));
        assertEquals("12", mistake.label("2"));
        double accuracy = mistake.accuracy(sixtyPercent(HUNDRED));
        assertTrue(accuracy >= 0.072 && accuracy < 0.10, "twelve classes stay right, and few others by accident: " + accuracy);
        assertTrue(mistake.describe(sixtyPercent(HUNDRED)).matches("60\\.0 % become [7-9]\\.[0-9] %: 12 of 100 labels stay right"), mistake.describe(sixtyPercent(HUNDRED)));
    }

    @Test
    void theCheckCatchesIt() throws Exception {
        for (int i = 0; i < 12; i++) {
            Path picture = folder.resolve("train/" + i + "/0.jpg");
            Files.createDirectories(picture.getParent());
            Files.write(picture, new byte[1]);
        }
        ImageFolder data = ImageFolder.of(folder);
        Predictions predictions = sixtyPercent(data.classes());
        Path file = new TextSorted(data.classes()).write(folder, data, predictions);
        assertEquals("submission-as-published.csv", file.getFileName().toString());
        assertEquals(61, Files.readAllLines(file).size());
        assertTrue(TextSorted.refusal(file, data, predictions).contains("its labels are indices of the class names sorted as text"), TextSorted.refusal(file, data, predictions));
        Path right = folder.resolve("right.csv");
        Submission.write(right, data.sampleSubmission(), predictions);
        assertEquals("", TextSorted.refusal(right, data, predictions));
    }
}
