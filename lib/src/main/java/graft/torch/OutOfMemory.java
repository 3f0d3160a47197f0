package graft.torch;

import ai.djl.engine.EngineException;

/** How libtorch says that it got no memory. */
public final class OutOfMemory {
    private OutOfMemory() { }

    /** Whether libtorch got no memory, and something failed for that: its allocator's words on a CPU, or CUDA's. */
    public static boolean caused(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof EngineException && (message.contains("DefaultCPUAllocator") || message.contains("can't allocate memory") || message.contains("not enough memory")
                || message.contains("CUDA out of memory"))) {
                return true;
            }
        }
        return false;
    }
}
