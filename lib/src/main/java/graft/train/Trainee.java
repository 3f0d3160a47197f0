package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import graft.data.Picture;
import graft.torch.Module;
import graft.torch.Network;
import graft.torch.StateDict;

import java.util.List;
import java.util.OptionalDouble;

/** What a training works on: a network, known from each of its stages on, what it begins with, and what it is shown. */
interface Trainee {
    /** How many stages come before the head. */
    int stages();

    /** The stage that an entry of the state dict belongs to; the head's is {@link #stages()}. */
    int stageOf(String entry);

    /** The weight decay of an entry, where that is its own and not the optimizer's. */
    OptionalDouble weightDecay(String entry);

    /**
     * Where the network is cut when the stages before {@code firstStage} do not train: what comes before the cut is computed once for each view,
     * and only the rest is loaded to train.
     *
     * @return 0 to {@code firstStage}
     */
    int cut(int firstStage) throws InterruptedException;

    /** A new description of what comes after the cut. */
    Module description(int cut);

    /** Every number that it begins with. */
    StateDict weights();

    /** What is shown in training. */
    Inputs inputs(List<Picture> pictures, int cut) throws InterruptedException;

    /**
     * What the recipe's teacher says of inputs that the network is shown in training.
     *
     * @param to the manager that owns the result
     * @return logits, float32 {@code [batch, classes]}
     */
    NDArray teacher(NDManager to, NDArray inputs) throws InterruptedException;

    /**
     * What the network says of pictures as they are evaluated.
     *
     * @param network loaded from the cut on; it is left in evaluation mode
     * @return {@code [pictures][classes]}
     */
    float[][] logits(List<Picture> pictures, int cut, Network network) throws InterruptedException;

    /**
     * What the network says of pictures once it is trained: of each by itself.
     *
     * @param weights every number of it
     * @return {@code [pictures][classes]}
     */
    float[][] judged(List<Picture> pictures, StateDict weights) throws InterruptedException;
}
