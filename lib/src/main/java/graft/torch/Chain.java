package graft.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The training step of a network that is a chain of blocks, one block after the other: the gradients of a block's parameters are given away before those of
 * the block before it are computed. Activation checkpointing (Chen et al. 2016, arXiv:1604.06174) computes each block's arrays a second time then,
 * instead of keeping them.
 */
final class Chain {
    /** Is given gradients as they are found. */
    @FunctionalInterface
    interface Receiver {
        /**
         * Those of one block; closed afterwards.
         *
         * @param parameters their numbers, in the order of {@link Network#parameters()}
         */
        void receive(List<Integer> parameters, List<NDArray> gradients);
    }

    /** What a block is given, which needs a gradient unless it is the first that trains, and what it gives. */
    private record Link(NDArray begin, NDArray end) { }

    private final Program program;
    private final List<NDArray> parameters;
    private final List<List<Integer>> blocks;
    private final boolean recompute;
    private final int first;

    /** @param blocks the numbers of the parameters of each method {@code segment_0}, {@code segment_1}, …, as far as they train */
    Chain(Program program, List<NDArray> parameters, List<List<Integer>> blocks, boolean recompute) {
        this.program = program;
        this.parameters = parameters;
        this.blocks = blocks;
        this.recompute = recompute;
        int trains = 0;
        while (trains < blocks.size() - 1 && blocks.get(trains).isEmpty()) {
            trains++;
        }
        first = trains;
    }

    /**
     * The gradients of a loss by all parameters.
     *
     * @param seed decides what the network draws
     * @param loss gives the gradient of the loss by the outputs
     */
    void gradients(NDManager to, NDArray pictures, long seed, UnaryOperator<NDArray> loss, Receiver receiver) {
        try (NDManager step = to.newSubManager()) {
            List<Link> links = new ArrayList<>();
            NDArray at = pictures;
            for (int k = 0; k < blocks.size(); k++) {
                NDArray end = recompute || k < first ? program.detached(step, method(k), List.of(at, seed(step, seed, k))).get(0) : run(step, at, seed, k);
                links.add(new Link(at, end));
                at = recompute || k < first ? end : end.stopGradient();
            }
            NDArray gradient = loss.apply(at);
            for (int k = blocks.size() - 1; k >= first; k--) {
                Link link = links.remove(k);
                try (NDManager pass = step.newSubManager()) {
                    NDArray end = recompute ? run(pass, link.begin, seed, k) : link.end;
                    List<NDArray> by = new ArrayList<>(blocks.get(k).stream().map(parameters::get).toList());
                    if (k > first) {
                        by.add(link.begin);
                    }
                    List<NDArray> found = Network.gradients(pass, end, gradient, by);
                    gradient.close();
                    link.end.close();
                    if (k > first) {
                        gradient = found.get(by.size() - 1);
                        gradient.attach(step);
                        link.begin.close();
                    }
                    receiver.receive(blocks.get(k), found.subList(0, blocks.get(k).size()));
                }
            }
        }
    }

    private NDArray run(NDManager to, NDArray begin, long seed, int block) {
        begin.setRequiresGradient(block > first);
        return program.differentiate(to, method(block), List.of(begin, seed(to, seed, block))).get(0);
    }

    private static String method(int block) {
        return "segment_" + block;
    }

    private NDArray seed(NDManager to, long seed, int block) {
        return to.create(seed * blocks.size() + block);
    }
}
