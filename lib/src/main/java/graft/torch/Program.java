package graft.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * TorchScript methods, loaded and ready to run. One call from Java runs a whole method: what happens in between is libtorch's
 * own, and is freed there.
 */
public final class Program implements AutoCloseable {
    private final NDManager manager;
    private final PtSymbolBlock block;

    private Program(NDManager manager, PtSymbolBlock block) {
        this.manager = manager;
        this.block = block;
    }

    /**
     * A program of one class without parameters.
     *
     * @param methods the text of its methods, indented by two spaces; {@code self} is of type {@code __torch__.Program}
     * @param arrays the attributes of type Tensor that the methods may set
     */
    public static Program of(String methods, List<String> arrays) {
        StringBuilder code = new StringBuilder("class Program(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n");
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("training", false);
        for (String array : arrays) {
            code.append("  ").append(array).append(" : Tensor\n");
            attributes.put(array, StateTensor.of(new float[0], 0));
        }
        return load(bytes(zip("program", code + methods, TorchPickle.object("__torch__.Program", attributes))));
    }

    /** An interrupt waits until they are written: what fails in a class's constants makes the class useless for good. */
    static byte[] bytes(StoredZip archive) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try {
                    archive.write(bytes);
                    return bytes.toByteArray();
                } catch (ClosedByInterruptException again) {
                    interrupted |= Thread.interrupted();
                } catch (IOException impossible) {
                    throw new UncheckedIOException(impossible);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** An archive: its code, and the object that {@code torch.jit.load} returns. */
    static StoredZip zip(String name, String code, TorchPickle.Obj root) {
        TorchPickle pickle = new TorchPickle();
        StoredZip zip = new StoredZip().add(name + "/data.pkl", pickle.write(root));
        List<StateTensor> storages = pickle.storages();
        for (int k = 0; k < storages.size(); k++) {
            zip.add(name + "/data/" + k, storages.get(k)::bytes);
        }
        return zip.add(name + "/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8))
            .add(name + "/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'})
            .add(name + "/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    }

    static Program load(byte[] archive) {
        NDManager manager = Libtorch.manager();
        try {
            return new Program(manager, JniUtils.loadModule((PtNDManager) manager, new ByteArrayInputStream(archive), false, false));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** An argument that is an array. */
    public static IValue array(NDArray value) {
        return IValue.from((PtNDArray) value);
    }

    /** An argument that is a list of arrays. */
    public static IValue arrays(List<? extends NDArray> values) {
        return IValue.listFrom(values.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
    }

    /**
     * Runs a method that returns an array.
     *
     * @param to the manager that owns the result
     * @param arguments closed here
     */
    public NDArray run(NDManager to, String method, IValue... arguments) {
        try (IValue result = call(method, arguments)) {
            return result.toTensor((PtNDManager) to);
        }
    }

    /** Runs a method that returns a list of arrays; otherwise as {@link #run(NDManager, String, IValue...)}. */
    public List<NDArray> runAll(NDManager to, String method, IValue... arguments) {
        try (IValue result = call(method, arguments)) {
            return result.toNDList((PtNDManager) to);
        }
    }

    /** Switches the module and its parts between training and evaluation. */
    void train(boolean training) {
        if (training) {
            JniUtils.enableTrainingMode(block);
        } else {
            JniUtils.enableInferenceMode(block);
        }
    }

    /**
     * Runs a method with gradients switched on; the other calls have them off. It returns a tuple of arrays.
     *
     * @param to the manager that owns the results
     */
    public List<NDArray> differentiate(NDManager to, String method, List<NDArray> arguments) {
        return forward(to, method, true, arguments);
    }

    /** As {@link #differentiate}, but without gradients; those by the results can be asked for, as they cannot with {@link #run}. */
    public List<NDArray> detached(NDManager to, String method, List<NDArray> arguments) {
        return forward(to, method, false, arguments);
    }

    private List<NDArray> forward(NDManager to, String method, boolean gradients, List<NDArray> arguments) {
        try (NDManager step = to.newSubManager()) {
            NDArray choice = step.create(0f);
            choice.setName("module_method:" + method);
            NDList inputs = new NDList(arguments);
            inputs.add(choice);
            JniUtils.setGradMode(gradients);
            // libtorch's own differentiation of whole methods keeps more than it saves, and fails on bfloat16.
            JniUtils.setGraphExecutorOptimize(false);
            NDList results = IValueUtils.forward(block, inputs, true);
            results.attach(to);
            return results;
        } finally {
            JniUtils.setGradMode(false);
            JniUtils.setGraphExecutorOptimize(true);
        }
    }

    /** Runs a method for what it does; its result is dropped. */
    public void run(String method, IValue... arguments) {
        call(method, arguments).close();
    }

    private IValue call(String method, IValue... arguments) {
        try {
            return IValueUtils.runMethod(block, method, arguments);
        } finally {
            Arrays.stream(arguments).forEach(IValue::close);
        }
    }

    @Override
    public void close() {
        block.close();
        manager.close();
    }
}
