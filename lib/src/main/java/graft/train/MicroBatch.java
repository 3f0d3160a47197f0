package graft.train;

import ai.djl.engine.EngineException;
import graft.InputException;
import graft.torch.OutOfMemory;

import java.util.Locale;
import java.util.function.Consumer;

/**
 * How many pictures pass through a network together while it trains. The batch of a step stays what the recipe says: its gradients are the sums over its
 * parts, so that a machine with less memory takes more time and gives the same results up to rounding. Where batch norms train, they take the statistics of a
 * part and not of the batch, which is said.
 */
final class MicroBatch {
    /** The share of the available memory that a step may take. */
    private static final double SHARE = 0.8;
    /** Pictures in a part that is measured, and in one of twice the size; a batch norm needs two. */
    static final int MEASURED = 2;

    /** A step, or a part of one, that can be done again with smaller parts. */
    @FunctionalInterface
    interface Step<T> {
        /** @param size pictures in a part, at most; on each processor where several work */
        T run(int size) throws InterruptedException;
    }

    private final boolean mixesPictures;
    private final Consumer<String> note;
    private int size;

    /**
     * @param size to begin with
     * @param mixesPictures whether a picture's output depends on the other pictures of its part
     * @param note is told, in a sentence, of every change
     */
    MicroBatch(int size, boolean mixesPictures, Consumer<String> note) {
        this.size = size;
        this.mixesPictures = mixesPictures;
        this.note = note;
    }

    int size() {
        return size;
    }

    /**
     * Makes the size smaller where the machine's memory asks for it: measured with two pictures in each part and with four.
     *
     * @param step computes gradients and drops them; it may change nothing that matters
     */
    void fit(Step<?> step) throws InterruptedException {
        fit(step, MemoryUse.available());
    }

    void fit(Step<?> step, long available) throws InterruptedException {
        long before = MemoryUse.now();
        long few = peak(step, MEASURED) - before;
        long twice = size > MEASURED ? peak(step, 2 * MEASURED) - before : few;
        long more = Math.max(twice - few, 0) / MEASURED;
        int asked = size;
        while (size > 1 && few + (size - MEASURED) * more > SHARE * available) {
            size /= 2;
        }
        if (size < asked) {
            tell(String.format(Locale.ROOT, "%d pictures at a time would take %.1f GB of the %.1f GB that are free", asked, (few + (asked - MEASURED) * more) / 1e9, available / 1e9));
        }
    }

    private static long peak(Step<?> step, int size) throws InterruptedException {
        try {
            return MemoryUse.peak(() -> step.run(size));
        } catch (InterruptedException | RuntimeException thrown) {
            throw thrown;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Does a step. Where libtorch finds no memory for it, it is done again with parts of half the size, and all later steps too.
     *
     * @throws InputException when one picture alone is too much
     */
    <T> T run(Step<T> step) throws InterruptedException {
        while (true) {
            try {
                return step.run(size);
            } catch (EngineException failed) {
                if (!OutOfMemory.caused(failed)) {
                    throw failed;
                }
                if (size == 1) {
                    throw new InputException("there is not enough memory to train on one picture at a time; smaller pictures, a smaller backbone or fewer stages that train would be right", failed);
                }
                int asked = size;
                size /= 2;
                tell("there is no memory for " + asked + " pictures at a time");
            }
        }
    }

    private void tell(String reason) {
        note.accept(reason + ": going on with " + size + ", in batches as large as before" + (mixesPictures ? "; batch norms now see " + size + " pictures together" : ""));
    }
}
