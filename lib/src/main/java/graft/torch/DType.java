package graft.torch;

/**
 * The element types of stored tensors, under PyTorch's names. All are stored little endian.
 */
public enum DType {
    FLOAT32(4, "F32", "FloatStorage"),
    FLOAT16(2, "F16", "HalfStorage"),
    BFLOAT16(2, "BF16", "BFloat16Storage"),
    FLOAT64(8, "F64", "DoubleStorage"),
    INT64(8, "I64", "LongStorage"),
    INT32(4, "I32", "IntStorage"),
    INT16(2, "I16", "ShortStorage"),
    INT8(1, "I8", "CharStorage"),
    UINT8(1, "U8", "ByteStorage"),
    BOOL(1, "BOOL", "BoolStorage");

    private final int size;
    private final String safetensors;
    private final String storage;

    DType(int size, String safetensors, String storage) {
        this.size = size;
        this.safetensors = safetensors;
        this.storage = storage;
    }

    /** Bytes an element. */
    public int size() {
        return size;
    }

    /** Whether elements are floating-point numbers. */
    public boolean floating() {
        return this == FLOAT32 || this == FLOAT16 || this == BFLOAT16 || this == FLOAT64;
    }

    /** Its name in a safetensors header, such as {@code BF16}. */
    String safetensors() {
        return safetensors;
    }

    /** The class of {@code torch} that stands for it in a pickle, such as {@code BFloat16Storage}. */
    String storage() {
        return storage;
    }
}
