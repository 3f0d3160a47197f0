package graft.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the {@code data.pkl} of a {@code .pth} file or a TorchScript archive: pickle protocol 2, tensors by persistent
 * id as {@code torch.save} writes them. What can be written: {@code null}, {@code Boolean}, {@code Integer},
 * {@code Long}, {@code Double}, {@code String}, {@code List}, {@code Map}, {@link StateTensor}, {@link Parameter} and
 * {@link Obj}.
 *
 * <pre>{@code
 * TorchPickle pickle = new TorchPickle();
 * zip.add("net/data.pkl", pickle.write(TorchPickle.object("__torch__.Net", attributes)));
 * for (int k = 0; k < pickle.storages().size(); k++) zip.add("net/data/" + k, pickle.storages().get(k)::bytes);
 * }</pre>
 */
final class TorchPickle {
    /** An instance of a TorchScript class, such as {@code __torch__.Net}; built by {@link #object}. */
    record Obj(String className, Map<String, ?> attributes) { }

    /**
     * A tensor that requires a gradient.
     *
     * @param shape of the tensor
     * @param strides where its elements lie in {@code storage}, in elements, by dimension
     */
    record Parameter(StateTensor storage, long[] shape, long[] strides) {
        Parameter(StateTensor tensor) {
            this(tensor, tensor.shape(), rowMajor(tensor.shape()));
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<StateTensor> storages = new ArrayList<>();
    private final Map<StateTensor, Integer> keys = new IdentityHashMap<>();

    /** An instance of {@code className} ({@code __torch__.Net}) with attributes in the order of the map. */
    static Obj object(String className, Map<String, ?> attributes) {
        return new Obj(className, attributes);
    }

    /** The bytes of {@code data.pkl}. A tensor that occurs twice is stored once. Call it once. */
    byte[] write(Object root) {
        out.write(0x80); // PROTO
        out.write(2);
        put(root);
        out.write('.'); // STOP
        return out.toByteArray();
    }

    /** The tensors met while writing, in order: {@code storages().get(k).bytes()} is the content of {@code data/k}. */
    List<StateTensor> storages() {
        return List.copyOf(storages);
    }

    private void put(Object value) {
        if (value == null) {
            out.write('N');
        } else if (value instanceof Boolean bool) {
            out.write(bool ? 0x88 : 0x89); // NEWTRUE, NEWFALSE
        } else if (value instanceof Integer || value instanceof Long) {
            putInteger(((Number) value).longValue());
        } else if (value instanceof Double number) {
            out.write('G'); // BINFLOAT, the one big-endian number
            out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
        } else if (value instanceof String text) {
            putString(text);
        } else if (value instanceof List<?> list) {
            out.write(']'); // EMPTY_LIST
            out.write('('); // MARK
            list.forEach(this::put);
            out.write('e'); // APPENDS
        } else if (value instanceof Map<?, ?> map) {
            putMap(map);
        } else if (value instanceof StateTensor tensor) {
            putTensor(tensor, tensor.shape(), rowMajor(tensor.shape()), false);
        } else if (value instanceof Parameter parameter) {
            putTensor(parameter.storage, parameter.shape, parameter.strides, true);
        } else if (value instanceof Obj object) {
            putObject(object);
        } else {
            throw new IllegalArgumentException("no pickle for " + value.getClass());
        }
    }

    private void putMap(Map<?, ?> map) {
        out.write('}'); // EMPTY_DICT
        out.write('('); // MARK
        map.forEach((key, value) -> {
            put(key);
            put(value);
        });
        out.write('u'); // SETITEMS
    }

    private void putObject(Obj object) {
        int dot = object.className.lastIndexOf('.');
        putGlobal(object.className.substring(0, dot), object.className.substring(dot + 1));
        out.write(')'); // EMPTY_TUPLE
        out.write(0x81); // NEWOBJ
        putMap(object.attributes);
        out.write('b'); // BUILD
    }

    /** {@code torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, OrderedDict())}. */
    private void putTensor(StateTensor storage, long[] shape, long[] strides, boolean requiresGrad) {
        putGlobal("torch._utils", "_rebuild_tensor_v2");
        out.write('(');
        putStorage(storage);
        putInteger(0);
        putTuple(shape);
        putTuple(strides);
        put(requiresGrad);
        putGlobal("collections", "OrderedDict");
        out.write(')');
        out.write('R'); // REDUCE
        out.write('t');
        out.write('R');
    }

    private void putStorage(StateTensor tensor) {
        Integer key = keys.get(tensor);
        if (key == null) {
            key = storages.size();
            keys.put(tensor, key);
            storages.add(tensor);
        }
        out.write('(');
        putString("storage");
        putGlobal("torch", tensor.dtype().storage());
        putString(key.toString());
        putString("cpu");
        putInteger(tensor.count());
        out.write('t');
        out.write('Q'); // BINPERSID
    }

    private void putTuple(long... values) {
        out.write('('); // MARK
        Arrays.stream(values).forEach(this::putInteger);
        out.write('t'); // TUPLE
    }

    private void putInteger(long value) {
        ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        if (value == (int) value) {
            bytes.put((byte) 'J').putInt((int) value); // BININT
        } else {
            bytes.put((byte) 0x8a).put((byte) 8).putLong(value); // LONG1
        }
        out.write(bytes.array(), 0, bytes.position());
    }

    private void putString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write('X'); // BINUNICODE
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }

    private void putGlobal(String module, String name) {
        out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The strides of a contiguous tensor, in elements, as PyTorch gives them. */
    static long[] rowMajor(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, shape[i]);
        }
        return strides;
    }
}
