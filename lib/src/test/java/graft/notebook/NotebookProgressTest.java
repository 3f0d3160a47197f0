package graft.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.Progress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.Test;

class NotebookProgressTest {
    private final Map<String, DisplayData> outputs = new LinkedHashMap<>();
    private int replaced;
    private long nanos;

    private final NotebookProgress.Cell cell = new NotebookProgress.Cell() {
        @Override public void show(String id, DisplayData data) {
            assertEquals(null, outputs.put(id, data));
        }

        @Override public void replace(String id, DisplayData data) {
            outputs.replace(id, data);
            replaced++;
        }
    };

    private String text(int output) {
        return (String) outputs.values().stream().toList().get(output).getData(MIMEType.TEXT_PLAIN);
    }

    private String html(int output) {
        return (String) outputs.values().stream().toList().get(output).getData(MIMEType.TEXT_HTML);
    }

    private void epochs(Progress.Task task, String training, int from, int to) {
        for (int epoch = from; epoch <= to; epoch++) {
            nanos += 100_000_000L;
            task.batch(new Progress.Batch(epoch, 40, 1, 1, 1.0 / epoch, 0.5, 1e-3));
            task.step(10);
            task.epoch(new Progress.Epoch(training, epoch, 40, 1e-3, 1.0 / epoch, 0.5, 1.5, 0.4 + 0.01 * epoch));
        }
    }

    @Test void aTrainingIsALineAndItsCurveInPlace() {
        Progress.Task task = new NotebookProgress(cell, () -> nanos).start("training", 400, "pictures");
        epochs(task, "", 1, 40);
        assertEquals(2, outputs.size());
        assertTrue(text(0).startsWith("training    epoch "), text(0));
        assertTrue(html(0).contains("<progress value=\"0."), html(0));
        assertEquals("best of 31 epochs is 31, validation accuracy 71.0 %", text(1), "a curve is not drawn for each of many fast epochs");
        task.close();
        assertEquals("training    40 epochs   loss 0.025   accuracy 50.0 %   validation 80.0 %   100 pictures/s   0:04", text(0));
        assertEquals("best of 40 epochs is 40, validation accuracy 80.0 %", text(1), "the end is drawn always");
        assertTrue(html(1).startsWith("<img alt=\"best of 40 epochs") && html(1).contains("src=\"data:image/png;base64,") && html(1).length() < 150_000, html(1).length() + " characters");
        assertTrue(replaced <= 4 * 4 + 3, replaced + " replacements in four seconds");
    }

    @Test void severalTrainingsHaveACurveEach() {
        try (Progress.Task task = new NotebookProgress(cell, () -> nanos).start("training", 400, "pictures")) {
            epochs(task, "fold 1", 1, 3);
            epochs(task, "fold 2", 1, 2);
        }
        assertEquals("fold 2: best of 2 epochs is 2, validation accuracy 42.0 %", text(1));
    }

    @Test void otherWorkHasNoCurve() {
        try (Progress.Task task = new NotebookProgress(cell, () -> nanos).start("<features>", 10, "pictures")) {
            nanos += 1_000_000_000L;
            task.step(10);
        }
        assertEquals(1, outputs.size());
        assertEquals("<pre style=\"margin:0;font-family:monospace\">&lt;features&gt;  10/10     10 pictures/s   0:01</pre>", html(0));
    }
}
