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

    /**
     * Where a training is: after a batch.
     *
     * @param epoch counted from 1
     * @param epochs how many there are
     * @param batch counted from 1 in each epoch
     * @param batches how many an epoch has
     * @param loss mean a picture of the epoch so far
     * @param accuracy of the epoch so far, 0 to 1
     * @param learningRate in use
     */
    record Batch(int epoch, int epochs, int batch, int batches, double loss, double accuracy, double learningRate) { }

    /**
     * An epoch of a training that has ended.
     *
     * @param training which of several that are one piece of work, such as {@code fold 2} or {@code resnet50, fold 2}; may be empty
     * @param epoch counted from 1
     * @param epochs how many there are
     * @param learningRate in use during the epoch
     * @param trainLoss mean loss a picture
     * @param trainAccuracy 0 to 1
     * @param validationLoss NaN where nothing was validated
     * @param validationAccuracy 0 to 1; NaN where nothing was validated
     */
    record Epoch(String training, int epoch, int epochs, double learningRate, double trainLoss, double trainAccuracy,
                 double validationLoss, double validationAccuracy) { }

    /** One piece of work under way; closing it ends its line, finished or not. */
    interface Task extends AutoCloseable {
        /** Another {@code count} units are done. */
        void step(long count);

        /** What to show beside the bar, such as {@code loss 0.21}. */
        void note(String text);

        /** A part of the work begins that may take long: its name is shown at once, where a note may wait for the next step. */
        default void begin(String part) {
            note(part);
        }

        /** {@code count} units that were done before, by a run that is resumed now: they count as done, and for no speed. */
        default void skip(long count) { }

        /** A batch of a training is done: shown in place of a note, with the speed, when {@link #step} counts its pictures next. */
        default void batch(Batch batch) { }

        /** An epoch is done: a line of its own in a log, a point of the live curve in a notebook. */
        default void epoch(Epoch epoch) { }

        @Override void close();
    }
}
