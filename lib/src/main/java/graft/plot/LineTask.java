package graft.plot;

import graft.Progress;
import java.util.function.LongSupplier;

/** Work shown as one {@link ProgressLine}, redrawn now and then; steps may come from several threads. */
public abstract class LineTask implements Progress.Task {
    private final ProgressLine line;
    private final long betweenNanos;
    private final LongSupplier clock;
    private long drawn;
    private boolean closed;

    /** @param betweenNanos the least time between two drawings, in nanoseconds of {@code clock} */
    protected LineTask(ProgressLine line, long betweenNanos, LongSupplier clock) {
        this.line = line;
        this.betweenNanos = betweenNanos;
        this.clock = clock;
        this.drawn = clock.getAsLong();
    }

    /** Draws the line while the work runs. */
    protected abstract void running(String text);

    /** Draws the line when the work has ended. */
    protected abstract void ended(String text);

    @Override public final synchronized void step(long count) {
        line.step(count);
        redraw();
    }

    @Override public final synchronized void note(String text) {
        line.note(text);
        redraw();
    }

    @Override public final synchronized void begin(String part) {
        line.note(part);
        draw(clock.getAsLong());
    }

    @Override public final synchronized void skip(long count) {
        line.skip(count);
        redraw();
    }

    @Override public final synchronized void batch(Progress.Batch batch) {
        line.batch(batch); // drawn by the step that follows
    }

    @Override public final synchronized void epoch(Progress.Epoch epoch) {
        line.epoch(epoch);
        if (!closed && epochEnded(epoch, ProgressLine.of(epoch))) {
            drawn = clock.getAsLong();
        }
    }

    /**
     * An epoch of a training has ended.
     *
     * @param text the line that tells it
     * @return whether something was drawn, so that the running line may wait
     */
    protected boolean epochEnded(Progress.Epoch epoch, String text) {
        return false;
    }

    private void redraw() {
        long now = clock.getAsLong();
        if (now - drawn >= betweenNanos) {
            draw(now);
        }
    }

    private void draw(long now) {
        if (!closed) {
            drawn = now;
            running(line.running(now));
        }
    }

    @Override public final synchronized void close() {
        if (!closed) {
            closed = true;
            ended(line.last(clock.getAsLong()));
        }
    }
}
