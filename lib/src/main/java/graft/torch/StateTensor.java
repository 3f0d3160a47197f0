package graft.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/**
 * One stored tensor: its type, its shape, and its elements where they lie, usually a mapped range of a file.
 * Nothing is copied until {@link #toFloats()} or {@link #toLongs()} is called. Immutable.
 */
public final class StateTensor {
    /** Where the elements lie, row-major and little endian. */
    @FunctionalInterface
    interface Elements {
        /** All of them, where they lie if that is possible. */
        ByteBuffer bytes();

        /** Copies them to {@code memory}, from its position to its limit. */
        default void copyTo(ByteBuffer memory) {
            memory.put(bytes().duplicate().rewind());
        }
    }

    private final DType dtype;
    private final long[] shape;
    private final long count;
    private final Elements elements;

    /** @param elements {@code count * dtype.size()} bytes */
    StateTensor(DType dtype, long[] shape, Elements elements) {
        this.dtype = dtype;
        this.shape = shape.clone();
        this.count = count(shape);
        this.elements = elements;
        if (count > Integer.MAX_VALUE / dtype.size()) {
            throw new ArithmeticException("more than 2 GiB in one tensor");
        }
    }

    /** A float32 tensor; {@code values} are copied. */
    public static StateTensor of(float[] values, long... shape) {
        ByteBuffer bytes = allocate(values.length, DType.FLOAT32, shape);
        bytes.asFloatBuffer().put(values);
        return new StateTensor(DType.FLOAT32, shape, () -> bytes);
    }

    /** An int64 tensor; {@code values} are copied. */
    public static StateTensor of(long[] values, long... shape) {
        ByteBuffer bytes = allocate(values.length, DType.INT64, shape);
        bytes.asLongBuffer().put(values);
        return new StateTensor(DType.INT64, shape, () -> bytes);
    }

    /** A float32 tensor whose values are made each time that they are asked for, and take no memory between. */
    public static StateTensor of(Supplier<float[]> values, long... shape) {
        return new StateTensor(DType.FLOAT32, shape, () -> of(values.get(), shape).bytes());
    }

    private static ByteBuffer allocate(int values, DType dtype, long[] shape) {
        if (count(shape) != values) {
            throw new IllegalArgumentException(values + " values for a tensor of " + count(shape));
        }
        return ByteBuffer.allocate(Math.multiplyExact(values, dtype.size())).order(ByteOrder.LITTLE_ENDIAN);
    }

    public DType dtype() {
        return dtype;
    }

    /** Sizes, outermost first; empty for a single number. */
    public long[] shape() {
        return shape.clone();
    }

    /** How many elements. */
    public long count() {
        return count;
    }

    /** The elements, row-major, little endian, {@code count() * dtype().size()} bytes, read-only. */
    public ByteBuffer bytes() {
        return elements.bytes().duplicate().rewind().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Copies the elements as they are stored to {@code memory}, which has room for just them. Those of a file never pass through Java's heap. */
    void copyTo(ByteBuffer memory) {
        elements.copyTo(memory);
    }

    /** The elements as numbers, row-major; every type is converted, {@code BOOL} to 0 and 1. */
    public float[] toFloats() {
        float[] values = new float[(int) count];
        ByteBuffer in = bytes();
        switch (dtype) {
            case FLOAT32 -> in.asFloatBuffer().get(values);
            case FLOAT16 -> fill(values, i -> HalfFloat.toFloat(in.getShort(2 * i)));
            case BFLOAT16 -> fill(values, i -> Float.intBitsToFloat(in.getShort(2 * i) << 16));
            case FLOAT64 -> fill(values, i -> (float) in.getDouble(8 * i));
            default -> fill(values, i -> (float) integer(in, i));
        }
        return values;
    }

    /**
     * The elements of an integer or {@code BOOL} tensor, row-major.
     *
     * @throws IllegalStateException if the elements are floating-point numbers
     */
    public long[] toLongs() {
        if (dtype.floating()) {
            throw new IllegalStateException("a " + dtype + " tensor has no integers");
        }
        long[] values = new long[(int) count];
        ByteBuffer in = bytes();
        for (int i = 0; i < values.length; i++) {
            values[i] = integer(in, i);
        }
        return values;
    }

    private interface FloatAt {
        float get(int index);
    }

    private static void fill(float[] values, FloatAt at) {
        for (int i = 0; i < values.length; i++) {
            values[i] = at.get(i);
        }
    }

    private long integer(ByteBuffer in, int i) {
        return switch (dtype) {
            case INT64 -> in.getLong(8 * i);
            case INT32 -> in.getInt(4 * i);
            case INT16 -> in.getShort(2 * i);
            case INT8 -> in.get(i);
            case UINT8 -> in.get(i) & 0xff;
            case BOOL -> in.get(i) == 0 ? 0 : 1;
            default -> throw new AssertionError(dtype);
        };
    }

    /**
     * The product of {@code shape}.
     *
     * @throws ArithmeticException if a size is negative or the product exceeds a {@code long}
     */
    static long count(long[] shape) {
        long count = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new ArithmeticException("a negative size");
            }
            count = Math.multiplyExact(count, size);
        }
        return count;
    }

    /** Reads as {@code FLOAT32 [64, 3, 7, 7]}. */
    @Override
    public String toString() {
        return dtype + " " + java.util.Arrays.toString(shape);
    }
}
