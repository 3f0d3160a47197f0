package graft.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor as a pickle of PyTorch describes it: a window, given by offset, sizes and strides, on a storage that lies
 * elsewhere in the file. Offset and strides count elements.
 */
record TensorRef(StorageRef storage, long offset, long[] shape, long[] strides) {
    /** A tensor may repeat its storage ({@code expand}), but not to more than this many elements. */
    private static final long MAX_REPEATED = 1 << 24;

    /**
     * A storage: {@code count} elements from element {@code first} on of those stored under {@code key}, which are
     * {@code total}. Only files of before PyTorch 1.6 have storages that are parts of others.
     */
    record StorageRef(DType dtype, String key, long total, long first, long count) { }

    /** Where a storage's bytes lie. */
    interface Storages {
        /** @throws Unfit if the file has no such storage or one of another size */
        StateTensor.Elements range(StorageRef storage, long first, long count) throws Unfit;
    }

    /** What is wrong with a tensor; the message is the reason. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String reason, Object... arguments) {
            super(reason.formatted(arguments));
        }
    }

    /** The tensor itself; its elements stay where they are. */
    StateTensor resolve(Storages storages) throws Unfit {
        try {
            long count = StateTensor.count(shape);
            long extent = extent(count);
            if (offset < 0 || extent > storage.count - offset) {
                throw new Unfit("reaches beyond its storage of %d elements", storage.count);
            }
            if (count > Math.max(storage.count, MAX_REPEATED)) {
                throw new Unfit("repeats its storage of %d elements to %d", storage.count, count);
            }
            if (Math.max(count, extent) > Integer.MAX_VALUE / storage.dtype.size()) {
                throw new Unfit("has more than 2 GiB");
            }
            StateTensor.Elements elements = storages.range(storage, Math.addExact(storage.first, offset), extent);
            return new StateTensor(storage.dtype, shape, contiguous() ? elements : () -> gather(elements.bytes(), (int) count));
        } catch (ArithmeticException overflow) {
            throw new Unfit("has impossible sizes %s or strides %s", Arrays.toString(shape), Arrays.toString(strides));
        }
    }

    /** Elements from the first to the last one used. */
    private long extent(long count) {
        if (strides.length != shape.length) {
            throw new ArithmeticException("a stride for every size");
        }
        if (count == 0) {
            return 0;
        }
        long last = 0;
        for (int i = 0; i < shape.length; i++) {
            if (strides[i] < 0) {
                throw new ArithmeticException("a negative stride");
            }
            last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, strides[i]));
        }
        return Math.addExact(last, 1);
    }

    private boolean contiguous() {
        long[] expected = TorchPickle.rowMajor(shape);
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] > 1 && strides[i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** The elements in row-major order, copied one by one. */
    private ByteBuffer gather(ByteBuffer from, int count) {
        int size = storage.dtype.size();
        ByteBuffer to = ByteBuffer.allocate(count * size).order(ByteOrder.LITTLE_ENDIAN);
        long[] index = new long[shape.length];
        long at = 0;
        for (int i = 0; i < count; i++) {
            to.put(i * size, from, (int) at * size, size);
            for (int axis = shape.length - 1; axis >= 0; axis--) { // as an odometer counts
                at += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                at -= shape[axis] * strides[axis];
                index[axis] = 0;
            }
        }
        return to;
    }
}
