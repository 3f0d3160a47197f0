package graft.plot;

import java.util.Locale;

/**
 * How far a piece of work is, as one line of text: {@code features    240/240   61 pictures/s   0:04}. While the
 * work runs the remaining time stands behind.
 */
public final class ProgressLine {
    private final String name;
    private final long total;
    private final String unit;
    private final long startNanos;
    private long done;
    private String note = "";

    public ProgressLine(String name, long total, String unit, long startNanos) {
        this.name = name;
        this.total = total;
        this.unit = unit;
        this.startNanos = startNanos;
    }

    public void step(long count) {
        done += count;
    }

    public void note(String text) {
        note = text;
    }

    boolean complete() {
        return done >= total;
    }

    /** From 0 to 1. */
    public double share() {
        return total == 0 ? 1 : Math.min(1, (double) done / total);
    }

    /** The line at the start, without figures that are not known yet. */
    public String first() {
        return String.format(Locale.ROOT, "%-11s %s %s", name, grouped(total), unit);
    }

    /** The line while the work runs. */
    public String running(long nanos) {
        long elapsed = nanos - startNanos;
        String left = done == 0 ? "" : "   " + time((long) (elapsed * (total - done) / (double) done)) + " left";
        return last(nanos) + (complete() ? "" : left);
    }

    /** The line when it has ended. */
    public String last(long nanos) {
        long elapsed = nanos - startNanos;
        String middle = note.isEmpty() ? rate(elapsed) : note;
        return String.format(Locale.ROOT, "%-11s %-9s %s%s", name, grouped(done) + "/" + grouped(total),
            middle.isEmpty() ? "" : middle + "   ", time(elapsed));
    }

    private String rate(long elapsed) {
        if (done == 0 || elapsed <= 0) {
            return "";
        }
        double perSecond = done * 1e9 / elapsed;
        return String.format(Locale.ROOT, perSecond < 10 ? "%.1f %s/s" : "%,.0f %s/s", perSecond, unit);
    }

    private static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String time(long nanos) {
        long seconds = Math.round(nanos / 1e9);
        return seconds < 3600 ? String.format("%d:%02d", seconds / 60, seconds % 60)
            : String.format("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
