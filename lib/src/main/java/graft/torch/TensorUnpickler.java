package graft.torch;

import graft.InputException;
import graft.torch.MappedFile.Cursor;
import graft.torch.TensorRef.StorageRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads the pickles that {@code torch.save} writes for state dicts and {@code torch.jit.save} for modules, and nothing else. Every opcode passes through
 * {@link #dispatch}, which knows those that such pickles contain; every global is looked up in {@link #global}, never in
 * the library's registry; what a global stands for is one of {@link Callable}'s five, none of which runs anything.
 * The list follows {@code torch/_weights_only_unpickler.py}.
 *
 * <p>Dictionaries become {@link LinkedHashMap}, lists {@link ArrayList}, tuples {@code Object[]}, tensors {@link
 * TensorRef}.
 */
final class TensorUnpickler extends Unpickler {
    /** A state dict of 10,000 tensors has some 400,000. */
    private static final int MAX_OPCODES = 4_000_000;
    private static final int MAX_STRING = 1 << 20;
    private static final int MAX_DIMENSIONS = 64;

    /** What a pickle may call. */
    private enum Callable { TENSOR, PARAMETER, DICTIONARY, SIZE, INSTANCE }

    private final Cursor cursor;
    private final String file;
    private final boolean script;
    private final Map<String, StorageRef> storages = new HashMap<>();
    private int opcodes;

    /**
     * @param file for messages
     * @param script whether instances of TorchScript classes may be there: they become {@link ScriptModule.Instance}
     */
    TensorUnpickler(Cursor cursor, String file, boolean script) {
        this.cursor = cursor;
        this.file = file;
        this.script = script;
    }

    /** The next pickle. @throws InputException if it is damaged or holds anything but data and tensors */
    Object next() {
        try {
            return load(cursor);
        } catch (InputException | CancellationException stopped) {
            throw stopped;
        } catch (IOException | RuntimeException broken) {
            // The library meets malformed input with whatever exception comes: a failed cast, an index, a negative size.
            throw new InputException("%s is damaged: its pickle breaks off or makes no sense near byte %d"
                    .formatted(file, cursor.position()), broken);
        }
    }

    /** The storages that tensors have asked for, by key. */
    Map<String, StorageRef> storages() {
        return storages;
    }

    @Override
    protected Object dispatch(short opcode) throws IOException {
        if (++opcodes > MAX_OPCODES) {
            throw new InputException("%s is not a state dict: its pickle has more than %d operations"
                    .formatted(file, MAX_OPCODES));
        }
        switch (opcode) {
            case Opcodes.PROTO, Opcodes.FRAME, Opcodes.STOP, Opcodes.MARK,
                    Opcodes.NONE, Opcodes.NEWTRUE, Opcodes.NEWFALSE,
                    Opcodes.BININT, Opcodes.BININT1, Opcodes.BININT2, Opcodes.LONG1, Opcodes.BINFLOAT,
                    Opcodes.SHORT_BINSTRING, Opcodes.SHORT_BINUNICODE,
                    Opcodes.EMPTY_LIST, Opcodes.APPEND, Opcodes.APPENDS,
                    Opcodes.EMPTY_TUPLE, Opcodes.TUPLE, Opcodes.TUPLE1, Opcodes.TUPLE2, Opcodes.TUPLE3,
                    Opcodes.BINPUT, Opcodes.LONG_BINPUT, Opcodes.BINGET, Opcodes.LONG_BINGET, Opcodes.MEMOIZE,
                    Opcodes.BINPERSID -> {
                return super.dispatch(opcode);
            }
            case Opcodes.BINUNICODE, Opcodes.BINSTRING -> stack.add(string(opcode == Opcodes.BINUNICODE));
            // The library's dictionaries forget the order of their keys.
            case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                Object key = stack.pop();
                put(dictionary(stack.peek()), key, value);
            }
            case Opcodes.SETITEMS -> {
                List<Object> items = stack.pop_all_since_marker();
                Map<Object, Object> dictionary = dictionary(stack.peek());
                for (int i = 0; i < items.size(); i += 2) {
                    put(dictionary, items.get(i), items.get(i + 1));
                }
            }
            case Opcodes.GLOBAL -> {
                String module = line();
                stack.add(global(module, line()));
            }
            case Opcodes.STACK_GLOBAL -> {
                String name = (String) stack.pop();
                stack.add(global((String) stack.pop(), name));
            }
            case Opcodes.REDUCE, Opcodes.NEWOBJ -> {
                Object[] arguments = (Object[]) stack.pop();
                stack.add(call((Callable) stack.pop(), arguments));
            }
            case Opcodes.BUILD -> {
                Object attributes = stack.pop();
                if (stack.peek() instanceof ScriptModule.Instance instance) {
                    instance.attributes(dictionary(attributes));
                } else {
                    dictionary(stack.peek()); // what it is given, such as a state dict's _metadata, is not needed
                }
            }
            default -> throw new InputException(("%s uses pickle operation 0x%02x, which a state dict has no use for: "
                    + "only tensors are read, nothing is run").formatted(file, opcode));
        }
        return NO_RETURN_VALUE;
    }

    private String string(boolean unicode) throws IOException {
        int length = PickleUtils.bytes_to_integer(PickleUtils.readbytes(input, 4));
        if (length < 0 || length > MAX_STRING || length > cursor.remaining()) {
            throw new PickleException("a string of " + length + " bytes");
        }
        byte[] bytes = PickleUtils.readbytes(input, length);
        return unicode ? new String(bytes, StandardCharsets.UTF_8) : PickleUtils.rawStringFromBytes(bytes);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = input.read(); c != '\n'; c = input.read()) {
            if (c < 0 || line.length() == 256) {
                throw new PickleException("a name without end");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private Object global(String module, String name) {
        if (module.equals("torch") && name.endsWith("Storage")) {
            for (DType dtype : DType.values()) {
                if (dtype.storage().equals(name)) {
                    return dtype;
                }
            }
        }
        if (script && (module.equals("__torch__") || module.startsWith("__torch__."))) {
            return Callable.INSTANCE;
        }
        return switch (module + "." + name) {
            case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> Callable.TENSOR;
            case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" -> Callable.PARAMETER;
            // Counter and Namespace: schedules and arguments that training scripts save beside the state dict.
            case "collections.OrderedDict", "collections.Counter", "argparse.Namespace" -> Callable.DICTIONARY;
            case "torch.Size" -> Callable.SIZE;
            default -> throw new InputException(("%s asks for %s.%s, which a state dict has no use for: "
                    + "only tensors are read, nothing is run").formatted(file, printable(module), printable(name)));
        };
    }

    private static String printable(String name) {
        return name.replaceAll("[^\\x21-\\x7e]", "?");
    }

    private static Object call(Callable callable, Object[] arguments) {
        return switch (callable) {
            case TENSOR -> new TensorRef((StorageRef) Objects.requireNonNull(arguments[0]), number(arguments[1]),
                    numbers(arguments[2]), numbers(arguments[3]));
            case PARAMETER -> (TensorRef) arguments[0];
            case DICTIONARY -> arguments.length == 0 ? new LinkedHashMap<>() : filled(arguments[0]);
            case SIZE -> (Object[]) arguments[0];
            case INSTANCE -> new ScriptModule.Instance();
        };
    }

    /** {@code Counter(dict)}, and Python 2's {@code OrderedDict([[key, value], …])}. */
    private static Map<Object, Object> filled(Object argument) {
        if (argument instanceof Map<?, ?>) {
            return dictionary(argument);
        }
        // The list is used up: a pickle that passes it again and again gets no more than it has written.
        List<?> pairs = (ArrayList<?>) argument;
        Map<Object, Object> dictionary = new LinkedHashMap<>();
        for (Object pair : pairs) {
            List<?> keyAndValue = (ArrayList<?>) pair;
            put(dictionary, keyAndValue.get(0), keyAndValue.get(1));
        }
        pairs.clear();
        return dictionary;
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, Object> dictionary(Object object) {
        return (LinkedHashMap<Object, Object>) object;
    }

    /** Keys are texts and numbers: a container as a key, holding itself perhaps, would never be done hashing. */
    private static void put(Map<Object, Object> dictionary, Object key, Object value) {
        if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
            throw new PickleException("a key that is neither text nor number");
        }
        dictionary.put(key, value);
    }

    /** {@code ('storage', type, key, location, count)}, of old with {@code (view_key, first, count)} or None behind. */
    @Override
    protected Object persistentLoad(Object id) {
        Object[] parts = (Object[]) id;
        if (!"storage".equals(parts[0])) {
            throw new PickleException("a persistent id that is no storage");
        }
        long total = number(parts[4]);
        StorageRef whole = new StorageRef((DType) Objects.requireNonNull(parts[1]), (String) parts[2], total, 0, total);
        StorageRef known = storages.putIfAbsent(whole.key(), whole);
        if (total < 0 || known != null && !known.equals(whole)) {
            throw new PickleException("a storage that is described in two ways");
        }
        if (parts.length > 5 && parts[5] instanceof Object[] view) {
            long first = number(view[1]);
            long count = number(view[2]);
            if (first < 0 || count < 0 || first > total - count) {
                throw new PickleException("a view beyond its storage");
            }
            return new StorageRef(whole.dtype(), whole.key(), total, first, count);
        }
        return whole;
    }

    private static long number(Object value) {
        return value instanceof Integer small ? small : (Long) value;
    }

    private static long[] numbers(Object tuple) {
        Object[] values = (Object[]) tuple;
        if (values.length > MAX_DIMENSIONS) {
            throw new PickleException("a tensor of " + values.length + " dimensions");
        }
        long[] numbers = new long[values.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(values[i]);
        }
        return numbers;
    }
}
