package graft.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import com.sun.jna.Function;
import com.sun.jna.Platform;
import graft.InputException;

/** The way to libtorch: loads it once, with the settings that every program here wants. */
public final class Libtorch {
    static {
        // DJL reports its use to a server unless told not to.
        System.setProperty("OPT_OUT_TRACKING", "true");
        largePages();
    }

    private Libtorch() { }

    /** A new manager of arrays on the CPU; closing it frees everything made through it. */
    public static NDManager manager() {
        return engine().newBaseManager(Device.cpu());
    }

    /** libtorch's version, such as {@code 2.7.1}. */
    public static String version() {
        return engine().getVersion();
    }

    /**
     * Asks libtorch for large pages, before it is loaded: where Linux has them, big arrays cost a fraction of the page faults, which
     * are a tenth of a training step.
     */
    private static void largePages() {
        if (Platform.isLinux()) {
            Function.getFunction("c", "setenv").invokeInt(new Object[] {"THP_MEM_ALLOC_ENABLE", "1", 0});
        }
    }

    /** Makes operators that this thread starts run on all processors, which is how a thread begins unless another chose first. */
    public static void allProcessorsAnOperator() {
        engine();
        JniUtils.setNumThreads(Runtime.getRuntime().availableProcessors());
    }

    /**
     * Makes operators that this thread starts run on this thread alone. Work that is split by pictures, one thread for each
     * processor, needs no barrier after every operator and is a third faster and more than operators split over threads.
     */
    public static void oneThreadAnOperator() {
        engine();
        JniUtils.setNumThreads(1);
    }

    /** @throws InputException where the library cannot be unpacked, which DJL does once, or does not run on this machine */
    private static Engine engine() {
        try {
            return Engine.getEngine("PyTorch");
        } catch (EngineException failed) {
            Throwable cause = failed;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new InputException("libtorch cannot be loaded from " + Utils.getEngineCacheDir() + " (" + cause.getMessage()
                + "); a folder with room for 500 MB, chosen with ENGINE_CACHE_DIR, would be right", failed);
        }
    }
}
