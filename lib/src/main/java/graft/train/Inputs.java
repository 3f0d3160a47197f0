package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import graft.data.Picture;

import java.util.List;

/** What a network is shown while it trains: views of pictures, or what the frozen stages before it made of them. */
interface Inputs extends AutoCloseable {
    /**
     * A batch as the network takes it.
     *
     * @param inputs float32 {@code [batch, …]}
     * @param labels the class of each picture, 0 to classes − 1
     * @param targets the shares of the classes, {@code [batch][classes]}, where pictures were mixed; else {@code null}
     */
    record Batch(NDArray inputs, int[] labels, float[][] targets) { }

    /** The pictures, in the order in which their rows are counted. */
    List<Picture> pictures();

    /**
     * A batch: a pure function of its arguments and the recipe's seed.
     *
     * @param to the manager that owns its arrays
     * @param rows which pictures
     * @param epoch counted from 0
     * @param index which batch of the epoch it is
     */
    Batch batch(NDManager to, int[] rows, int epoch, int index) throws InterruptedException;

    @Override
    void close();
}
