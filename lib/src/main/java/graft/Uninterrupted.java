package graft;

/** A wait for what ends soon, and must have ended before anything else happens. */
public final class Uninterrupted {
    /** What waits. */
    @FunctionalInterface
    public interface Wait<E extends Exception> {
        void await() throws InterruptedException, E;
    }

    private Uninterrupted() { }

    /** Waits to the end; an interrupt does not end it, and is still there afterwards. */
    public static <E extends Exception> void await(Wait<E> wait) throws E {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    wait.await();
                    return;
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
