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
}
