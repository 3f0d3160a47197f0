package graft.notebook;

import graft.InputException;
import graft.Progress;
import graft.plot.Curves;
import graft.plot.Html;
import graft.plot.LineTask;
import graft.plot.ProgressLine;
import graft.train.History;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/**
 * Progress in a notebook cell: one output, a bar and its line of text, updated in place four times a second at most;
 * at the end only the line stays. Of a training the curves so far stand below it, as a static picture.
 */
public final class NotebookProgress implements Progress {
    private static final long BETWEEN_NANOS = 250_000_000L;
    /** A picture of curves takes some hundredths of a second to draw, which a training should not notice. */
    private static final long BETWEEN_CURVES_NANOS = 3_000_000_000L;

    /** A cell's outputs, each with a name under which it can be replaced. */
    interface Cell {
        void show(String id, DisplayData data);

        void replace(String id, DisplayData data);
    }

    private final Cell cell;
    private final LongSupplier nanos;

    public NotebookProgress() {
        this(new KernelCell(), System::nanoTime);
    }

    NotebookProgress(Cell cell, LongSupplier nanos) {
        this.cell = cell;
        this.nanos = nanos;
    }

    @Override public Task start(String name, long total, String unit) {
        return new Output(new ProgressLine(name, total, unit, nanos.getAsLong()));
    }

    private final class Output extends LineTask {
        private final String id = UUID.randomUUID().toString();
        private final ProgressLine line;
        private final Map<String, History> trainings = new HashMap<>();
        private Curves curves;
        private String curvesId;
        private long curvesDrawn;

        Output(ProgressLine line) {
            super(line, BETWEEN_NANOS, nanos);
            this.line = line;
            cell.show(id, bar(line.first()));
        }

        @Override protected void running(String text) {
            cell.replace(id, bar(text));
        }

        @Override protected boolean epochEnded(Epoch e, String text) {
            History history = trainings.computeIfAbsent(e.training(), name -> new History());
            history.add(new History.Epoch(e.epoch(), e.learningRate(), e.trainLoss(), e.trainAccuracy(), e.validationLoss(), e.validationAccuracy()));
            curves = Curves.of(e.training(), history);
            if (curvesId == null || nanos.getAsLong() - curvesDrawn >= BETWEEN_CURVES_NANOS) {
                draw();
            }
            return false;
        }

        private void draw() {
            DisplayData data = new DisplayData(curves.describe());
            try {
                data.putHTML("<img alt=\"" + Html.escape(curves.describe()) + "\" style=\"width:100%;max-width:960px\" src=\"data:" + curves.imageType()
                    + ";base64," + Base64.getEncoder().encodeToString(curves.imageBytes()) + "\">");
            } catch (InputException noFonts) {
                data = new DisplayData("no live curve, because " + noFonts.getMessage()); // no reason to stop a training
            }
            if (curvesId == null) {
                curvesId = UUID.randomUUID().toString();
                cell.show(curvesId, data);
            } else {
                cell.replace(curvesId, data);
            }
            curves = null;
            curvesDrawn = nanos.getAsLong();
        }

        @Override protected void ended(String text) {
            DisplayData data = new DisplayData(text);
            data.putHTML("<pre style=\"margin:0;font-family:monospace\">" + Html.escape(text) + "</pre>");
            cell.replace(id, data);
            if (curves != null) {
                draw();
            }
        }

        private DisplayData bar(String text) {
            DisplayData data = new DisplayData(text);
            data.putHTML(String.format(Locale.ROOT, "<progress value=\"%.3f\" max=\"1\" style=\"width:16em;display:block\"></progress>"
                + "<pre style=\"margin:0;font-family:monospace\">%s</pre>", line.share(), Html.escape(text)));
            return data;
        }
    }

    private static final class KernelCell implements Cell {
        @Override public void show(String id, DisplayData data) {
            data.putTransientData("display_id", id); // setDisplayId has another signature in each of the kernel's releases
            CellOutput.send(() -> BaseKernel.notebookKernel().display(data));
        }

        @Override public void replace(String id, DisplayData data) {
            CellOutput.send(() -> BaseKernel.notebookKernel().getIO().display.updateDisplay(id, data));
        }
    }
}
