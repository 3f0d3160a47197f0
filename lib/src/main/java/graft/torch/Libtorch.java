package graft.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/** The way to libtorch: loads it once, with the settings that every program here wants. */
public final class Libtorch {
    static {
        // The profiling executor recompiles a program in its first runs, for nothing on a CPU: its fusion needs LLVM.
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        // DJL reports its use to a server unless told not to.
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private static final String ENGINE = "PyTorch";

    private Libtorch() { }

    /** A new manager of arrays on the CPU; closing it frees everything made through it. */
    public static NDManager manager() {
        return NDManager.newBaseManager(Device.cpu(), ENGINE);
    }

    /** libtorch's version, such as {@code 2.7.1}. */
    public static String version() {
        return Engine.getEngine(ENGINE).getVersion();
    }

    /**
     * Makes operators that this thread starts run on this thread alone. Work that is split by pictures, one thread for each
     * processor, needs no barrier after every operator and is a third faster and more than operators split over threads.
     */
    public static void oneThreadAnOperator() {
        Engine.getEngine(ENGINE); // loads the library, if nothing has yet
        JniUtils.setNumThreads(1);
    }
}
