package graft.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long nanos;

    private Progress progress(boolean inPlace, int width) {
        return new TerminalProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), inPlace, width, () -> nanos);
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void seconds(double more) {
        nanos += (long) (more * 1e9);
    }

    @Test void theFinishedLine() {
        try (Progress.Task task = progress(false, 80).start("features", 240, "pictures")) {
            seconds(3.93);
            task.step(240);
        }
        assertEquals(List.of("features    240 pictures", "features    240/240   61 pictures/s   0:04"), lines());
    }

    @Test void aNoteTakesThePlaceOfTheRate() {
        try (Progress.Task task = progress(false, 80).start("training", 40, "epochs")) {
            seconds(2);
            task.step(40);
            task.note("loss 0.21   accuracy 98.3 %");
        }
        assertEquals("training    40/40     loss 0.21   accuracy 98.3 %   0:02", lines().get(1));
    }

    @Test void withoutTerminalALineEveryTenSeconds() {
        try (Progress.Task task = progress(false, 80).start("features", 1200, "pictures")) {
            for (int i = 0; i < 24; i++) {
                seconds(1);
                task.step(50);
            }
        }
        assertEquals(4, lines().size(), lines().toString());
        assertEquals("features    500/1,200 50 pictures/s   0:10   0:14 left", lines().get(1));
        assertEquals("features    1,200/1,200 50 pictures/s   0:24", lines().get(3));
        assertTrue(bytes.toString(StandardCharsets.UTF_8).chars().noneMatch(c -> c == '\r' || c == 27), "no control characters in a log");
    }

    @Test void onATerminalOneLineIsRedrawnTenTimesASecondAtMost() {
        try (Progress.Task task = progress(true, 30).start("features", 1000, "pictures")) {
            for (int i = 0; i < 1000; i++) {
                seconds(0.001);
                task.step(1);
            }
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(1, text.chars().filter(c -> c == '\n').count());
        long drawn = text.chars().filter(c -> c == '\r').count();
        assertTrue(drawn >= 10 && drawn <= 13, drawn + " times");
        for (String line : text.replace("\n", "").split("\r\u001b\\[K")) {
            assertTrue(line.length() < 30 || line.endsWith("0:01"), "fits the terminal: " + line);
        }
    }

    @Test void whatIsInterruptedSaysHowFarItCame() {
        Progress.Task task = progress(false, 80).start("features", 240, "pictures");
        seconds(40);
        task.step(60);
        task.close();
        task.close();
        assertEquals(List.of("features    240 pictures", "features    60/240    1.5 pictures/s   0:40   2:00 left", "features    60/240    1.5 pictures/s   0:40"), lines());
    }

    /** Three epochs of four batches of ten pictures; a batch takes {@code seconds}. */
    private void train(Progress.Task task, double seconds) {
        for (int epoch = 1; epoch <= 3; epoch++) {
            for (int batch = 1; batch <= 4; batch++) {
                seconds(seconds);
                task.batch(new Progress.Batch(epoch, 3, batch, 4, 1.0 / epoch, 0.5 + 0.1 * epoch, 5e-4));
                task.step(10);
            }
            task.epoch(new Progress.Epoch("", epoch, 3, 5e-4, 1.0 / epoch, 0.5 + 0.1 * epoch, epoch == 2 ? Double.NaN : 1.25, epoch == 2 ? Double.NaN : 0.55));
        }
    }

    @Test void aTrainingInALogHasALineAnEpochAndOneEveryTenSeconds() {
        try (Progress.Task task = progress(false, 80).start("training", 120, "pictures")) {
            train(task, 4);
        }
        assertEquals(List.of("training    120 pictures",
            "training    epoch 1/3 3/4   loss 1.00   accuracy 60.0 %   0:36 left   2.5 pictures/s   lr 5e-4",
            "  epoch 1/3    loss 1.00   accuracy 60.0 %   validation 55.0 % (loss 1.25)   lr 5e-4",
            "training    epoch 2/3 3/4   loss 0.50   accuracy 70.0 %   0:20 left   2.5 pictures/s   lr 5e-4",
            "  epoch 2/3    loss 0.50   accuracy 70.0 %   lr 5e-4",
            "training    epoch 3/3 3/4   loss 0.33   accuracy 80.0 %   0:04 left   2.5 pictures/s   lr 5e-4",
            "  epoch 3/3    loss 0.33   accuracy 80.0 %   validation 55.0 % (loss 1.25)   lr 5e-4",
            "training    3 epochs   loss 0.33   accuracy 80.0 %   validation 55.0 %   2.5 pictures/s   0:48"), lines());
    }

    @Test void epochsOfMillisecondsDoNotFillALog() {
        try (Progress.Task task = progress(false, 80).start("training", 120, "pictures")) {
            train(task, 0.1);
        }
        assertEquals(3, lines().size(), lines().toString());
        assertTrue(lines().get(1).startsWith("  epoch 3/3"), "the first that ends after a full second: " + lines());
    }

    @Test void aTerminalKeepsLongEpochsOnly() {
        try (Progress.Task task = progress(true, 120).start("training", 120, "pictures")) {
            train(task, 2);
        }
        assertEquals(1, text().split("\n").length);
        bytes.reset();
        try (Progress.Task task = progress(true, 120).start("training", 120, "pictures")) {
            train(task, 4);
        }
        assertEquals(4, text().split("\n").length);
        assertTrue(text().split("\n")[0].endsWith("\r\u001b[K  epoch 1/3    loss 1.00   accuracy 60.0 %   validation 55.0 % (loss 1.25)   lr 5e-4"), text());
    }

    @Test void aNarrowTerminalShowsWholeFiguresOnly() {
        try (Progress.Task task = progress(true, 70).start("training", 120, "pictures")) {
            train(task, 1);
        }
        assertTrue(text().contains("\r\u001b[Ktraining    epoch 1/3 2/4   loss 1.00   accuracy 60.0 %   0:10 left\r"), text());
    }

    @Test void whatAnEarlierProcessDidIsNoSpeed() {
        try (Progress.Task task = progress(false, 80).start("training", 120, "pictures")) {
            task.skip(80);
            seconds(10);
            task.step(10);
            task.note("validating");
        }
        assertEquals(List.of("training    120 pictures", "training    90/120    1.0 pictures/s   0:10   0:30 left", "training    90/120    validating   0:10"), lines());
    }

    @Test void aPartThatBeginsIsShownAtOnce() {
        Progress.Task task = progress(false, 80).start("variants", 3, "runs");
        task.note("SGD, seed 0: not trained again");
        task.skip(1);
        task.begin("SGD, seed 1");
        assertEquals(List.of("variants    3 runs", "variants    1/3       SGD, seed 1   0:00"), lines());
    }

    @Test void aRemarkTakesTheFiguresPlaceUntilTheNextBatch() {
        Progress.Task task = progress(false, 80).start("training", 120, "pictures");
        task.batch(new Progress.Batch(1, 3, 1, 4, 0.0567, 0.6, 0.01));
        task.note("validating");
        seconds(10);
        task.step(40);
        assertEquals("training    epoch 1/3 1/4   validating   0:20 left   4.0 pictures/s   lr 1e-2", lines().get(1));
        task.batch(new Progress.Batch(2, 3, 1, 4, 0.0567, 0.6, 3.21e-5));
        seconds(10);
        task.step(10);
        assertEquals("training    epoch 2/3 1/4   loss 0.057   accuracy 60.0 %   0:28 left   2.5 pictures/s   lr 3.2e-5", lines().get(2));
    }
}
