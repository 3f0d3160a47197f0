package graft.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import graft.Progress;
import graft.data.Parallel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Stored tensors in libtorch's own memory. The elements of a file are read straight into it: no copy of them passes through Java's
 * heap, or lies beside it.
 */
final class NativeArray {
    private NativeArray() { }

    /**
     * An array for each tensor, in their order, read by all processors: most of the time goes into memory that is touched for the first time. When this
     * returns or throws nobody reads any more: the manager may be closed.
     *
     * @throws CancellationException if the thread is interrupted, which it then still is
     */
    static List<NDArray> of(NDManager manager, List<StateTensor> tensors) {
        NDArray[] arrays = new NDArray[tensors.size()];
        try {
            Parallel.forEach(arrays.length, i -> arrays[i] = of(manager, tensors.get(i)), Progress.SILENT.start("weights", arrays.length, "tensors"));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while weights were loaded");
        }
        return List.of(arrays);
    }

    /** A new array with the tensor's elements: INT64 as they are, all other types as float32. */
    private static NDArray of(NDManager manager, StateTensor tensor) {
        boolean integers = tensor.dtype() == DType.INT64;
        NDArray array = manager.create(new Shape(tensor.shape()), integers ? DataType.INT64 : DataType.FLOAT32);
        if (tensor.count() > 0) {
            ByteBuffer memory = JniUtils.getByteBuffer((PtNDArray) array, true).order(ByteOrder.nativeOrder());
            if (integers || tensor.dtype() == DType.FLOAT32) {
                tensor.copyTo(memory);
            } else {
                memory.asFloatBuffer().put(tensor.toFloats());
            }
        }
        return array;
    }
}
