package graft.notebook;

import graft.Progress;
import graft.plot.Html;
import graft.plot.LineTask;
import graft.plot.ProgressLine;
import java.util.Locale;
import java.util.UUID;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/**
 * Progress in a notebook cell: one output, a bar and its line of text, updated in place four times a second at most;
 * at the end only the line stays.
 */
public final class NotebookProgress implements Progress {
    private static final long BETWEEN_NANOS = 250_000_000L;

    @Override public Task start(String name, long total, String unit) {
        return new Output(new ProgressLine(name, total, unit, System.nanoTime()));
    }

    private static final class Output extends LineTask {
        private final String id = UUID.randomUUID().toString();
        private final ProgressLine line;

        Output(ProgressLine line) {
            super(line, BETWEEN_NANOS, System::nanoTime);
            this.line = line;
            DisplayData data = bar(line.first());
            data.putTransientData("display_id", id); // setDisplayId has another signature in each of the kernel's releases
            BaseKernel.notebookKernel().display(data);
        }

        @Override protected void running(String text) {
            update(bar(text));
        }

        @Override protected void ended(String text) {
            DisplayData data = new DisplayData(text);
            data.putHTML("<pre style=\"margin:0;font-family:monospace\">" + Html.escape(text) + "</pre>");
            update(data);
        }

        private void update(DisplayData data) {
            BaseKernel.notebookKernel().getIO().display.updateDisplay(id, data);
        }

        private DisplayData bar(String text) {
            DisplayData data = new DisplayData(text);
            data.putHTML(String.format(Locale.ROOT, "<progress value=\"%.3f\" max=\"1\" style=\"width:16em;vertical-align:middle\"></progress>"
                + "<pre style=\"display:inline;margin:0 0 0 1em;font-family:monospace\">%s</pre>", line.share(), Html.escape(text)));
            return data;
        }
    }
}
