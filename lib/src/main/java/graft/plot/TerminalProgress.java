package graft.plot;

import graft.Progress;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Progress on standard error: one line that is redrawn in place on a terminal; elsewhere (a log, a pipe) a line at the
 * start, one at the end and one every ten seconds between. Of a training each epoch leaves its line, except that a terminal
 * keeps only those of ten seconds and more, and a log one a second at most. (Progress-bar libraries draw bars; this form of line, and
 * plain lines in a log, took more code with one than without.)
 */
public final class TerminalProgress implements Progress {
    private static final long IN_PLACE_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 10_000_000_000L;
    /** What an epoch must have taken for its line to stay, on a terminal and elsewhere. */
    private static final long KEPT_NANOS = 10_000_000_000L;
    private static final long LOGGED_NANOS = 1_000_000_000L;
    private static final String TO_LINE_START_AND_CLEAR = "\r\u001b[K";

    private final PrintStream out;
    private final boolean inPlace;
    private final int width;
    private final LongSupplier nanos;

    /** On {@link System#err}, in place if that is a terminal. */
    public TerminalProgress() {
        this(System.err, isTerminal(), isTerminal() ? columns() : 0, System::nanoTime);
    }

    TerminalProgress(PrintStream out, boolean inPlace, int width, LongSupplier nanos) {
        this.out = out;
        this.inPlace = inPlace;
        this.width = width;
        this.nanos = nanos;
    }

    @Override public Task start(String name, long total, String unit) {
        ProgressLine line = new ProgressLine(name, total, unit, nanos.getAsLong());
        if (inPlace) {
            draw(line.first());
        } else {
            out.println(line.first());
        }
        return new Line(line);
    }

    private void draw(String text) {
        out.print(TO_LINE_START_AND_CLEAR + ProgressLine.fitted(text, width - 1));
        out.flush();
    }

    private final class Line extends LineTask {
        private long epochBegan = nanos.getAsLong();

        Line(ProgressLine line) {
            super(line, inPlace ? IN_PLACE_NANOS : PLAIN_NANOS, nanos);
        }

        @Override protected void running(String text) {
            if (inPlace) {
                draw(text);
            } else {
                out.println(text);
            }
        }

        @Override protected boolean epochEnded(Epoch epoch, String text) {
            long now = nanos.getAsLong();
            if (now - epochBegan < (inPlace ? KEPT_NANOS : LOGGED_NANOS)) {
                epochBegan = inPlace ? now : epochBegan; // a log waits until a second is full
                return false;
            }
            epochBegan = now;
            out.println((inPlace ? TO_LINE_START_AND_CLEAR : "") + text);
            return !inPlace;
        }

        @Override protected void ended(String text) {
            out.println((inPlace ? TO_LINE_START_AND_CLEAR : "") + text);
        }
    }

    /** Java only knows whether input and output together are a terminal; on Linux the kernel tells about standard error itself. */
    private static boolean isTerminal() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        Path error = Path.of("/proc/self/fd/2");
        if (Files.isSymbolicLink(error)) {
            try {
                String target = Files.readSymbolicLink(error).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            } catch (IOException e) {
                return false; // unknown, so plain lines: they are right everywhere
            }
        }
        return System.console() != null;
    }

    /** As wide as the terminal says; of one that does not say, as narrow as they come. */
    private static int columns() {
        String columns = System.getenv("COLUMNS");
        if (columns == null) {
            try { // COLUMNS is a shell's own variable, which it seldom exports
                Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).redirectError(ProcessBuilder.Redirect.DISCARD).start();
                columns = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip().replaceFirst("\\d+ ", "");
            } catch (IOException e) {
                columns = ""; // no such program, or no terminal: unknown
            }
        }
        return columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : 80;
    }
}
