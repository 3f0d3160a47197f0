package graft;

/**
 * Where long work says how far it is. The terminal and the notebook each show it in their own way, with a rate and
 * the remaining time ({@code graft.plot}); work that nobody watches reports to {@link #SILENT}.
 */
public interface Progress {
    /** Reports to nobody. */
    Progress SILENT = (name, total, unit) -> new Task() {
        @Override public void step(long count) { }

        @Override public void note(String text) { }

        @Override public void close() { }
    };

    /**
     * Begins a piece of work.
     *
     * @param name what is done, one word: {@code features}, {@code training}
     * @param total how many units there are
     * @param unit what is counted, in the plural: {@code pictures}, {@code epochs}
     */
    Task start(String name, long total, String unit);

    /** One piece of work under way; closing it ends its line, finished or not. */
    interface Task extends AutoCloseable {
        /** Another {@code count} units are done. */
        void step(long count);

        /** What to show beside the bar, such as {@code loss 0.21}. */
        void note(String text);

        @Override void close();
    }
}
