package graft.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.util.List;

/** A sum of gradients to which threads add theirs in turn, so that there is one sum, not one for each, and its bits do not depend on who is faster. */
final class GradientSum {
    private List<NDArray> total;
    private int next;
    private Throwable failure;

    /**
     * Adds a part, when all before it are added.
     *
     * @param part counted from 0
     * @param to the manager that will own the sum
     * @throws IllegalStateException if another part failed, so that its turn never comes
     */
    synchronized void add(int part, List<NDArray> gradients, NDManager to) {
        while (next != part && failure == null) {
            await();
        }
        if (failure != null) {
            throw new IllegalStateException("another part of the batch failed", failure);
        }
        if (part == 0) {
            gradients.forEach(gradient -> gradient.attach(to));
            total = gradients;
        } else {
            Network.add(total, gradients);
        }
        next++;
        notifyAll();
    }

    private void await() {
        try {
            wait();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            fail(closed);
        }
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

    synchronized List<NDArray> total() {
        return total;
    }
}
