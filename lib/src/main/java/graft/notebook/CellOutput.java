package graft.notebook;

import graft.Uninterrupted;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends outputs to the notebook from a thread of its own. The kernel interrupts a cell's thread to stop it, and a message that such a thread sends fails
 * halfway (ZeroMQ's {@code Errno 4}), which would end a training before it has saved where it stands.
 */
final class CellOutput {
    private static final ExecutorService SENDER = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "graft cell output");
        thread.setDaemon(true);
        return thread;
    });

    private CellOutput() { }

    /** Returns when it is sent; an interrupt does not end the wait, and is still there afterwards. */
    static void send(Runnable output) {
        Future<?> sent = SENDER.submit(output);
        try {
            Uninterrupted.await(sent::get);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("an output was not sent", failed.getCause());
        }
    }
}
