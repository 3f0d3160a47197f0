package graft.plot;

import graft.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Progress on standard error: one line that is redrawn in place on a terminal; elsewhere (a log, a pipe) a line at the
 * start, one at the end and one every ten seconds between. (Progress-bar libraries draw bars; this form of line, and
 * plain lines in a log, took more code with one than without.)
 */
public final class TerminalProgress implements Progress {
    private static final long IN_PLACE_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 10_000_000_000L;
    private static final String TO_LINE_START_AND_CLEAR = "\r\u001b[K";

    private final PrintStream out;
    private final boolean inPlace;
    private final int width;
    private final LongSupplier nanos;

    /** On {@link System#err}, in place if that is a terminal. */
    public TerminalProgress() {
        this(System.err, isTerminal(), columns(), System::nanoTime);
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
        out.print(TO_LINE_START_AND_CLEAR + (text.length() < width ? text : text.substring(0, width - 1)));
        out.flush();
    }

    private final class Line extends LineTask {
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

    private static int columns() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : 100;
    }
}
