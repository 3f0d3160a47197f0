package graft.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.util.Arrays;
import java.util.List;

/**
 * A sum of gradients over the parts of a batch, to which threads add theirs in turn: there is one sum, not one for each thread, and its bits do not depend
 * on who is faster.
 */
final class GradientSum {
    private final NDManager manager;
    private final NDArray[] total;
    /** The part that each parameter waits for. */
    private final int[] next;
    private Throwable failure;

    /** @param manager owns the sum */
    GradientSum(NDManager manager, int parameters) {
        this.manager = manager;
        total = new NDArray[parameters];
        next = new int[parameters];
    }

    /**
     * Adds a part's gradients by some parameters, when those of all parts before it are added.
     *
     * @param part counted from 0
     * @param parameters the same ones together in every part
     * @throws IllegalStateException if another part failed, so that its turn never comes
     */
    void add(int part, List<Integer> parameters, List<NDArray> gradients) {
        if (parameters.isEmpty()) {
            return;
        }
        awaitTurn(part, parameters.get(0));
        if (part == 0) {
            for (int i = 0; i < gradients.size(); i++) {
                gradients.get(i).attach(manager);
                total[parameters.get(i)] = gradients.get(i);
            }
        } else {
            Network.add(parameters.stream().map(parameter -> total[parameter]).toList(), gradients);
        }
        endTurn(parameters);
    }

    private synchronized void awaitTurn(int part, int parameter) {
        while (next[parameter] != part && failure == null) {
            try {
                wait();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
                fail(closed);
            }
        }
        if (failure != null) {
            throw new IllegalStateException("another part of the batch failed", failure);
        }
    }

    private synchronized void endTurn(List<Integer> parameters) {
        parameters.forEach(parameter -> next[parameter]++);
        notifyAll();
    }

    /** Lets go all that wait for a part that will not come. */
    synchronized void fail(Throwable cause) {
        failure = failure == null ? cause : failure;
        notifyAll();
    }

    /** What went wrong first, or {@code null}. */
    synchronized Throwable failure() {
        return failure;
    }

    /** Frees what was added: nobody wants a part of the sum. Called when no thread adds any more. */
    synchronized void discard() {
        for (NDArray array : total) {
            if (array != null) {
                array.close();
            }
        }
    }

    /** The sum by every parameter, when all parts are added. */
    synchronized List<NDArray> total() {
        return Arrays.asList(total);
    }
}
