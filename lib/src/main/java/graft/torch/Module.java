package graft.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A network, or a part of one, described in Java: its parameters and buffers under the names of the state dict, its
 * children, and what it computes. A description holds no numbers; {@link Archive} and {@link FrozenProgram} compile it
 * to TorchScript, running {@link #forward} once to write down what it calls.
 */
public abstract class Module {
    /**
     * A parameter (trains) or buffer (does not) of one module.
     *
     * @param value what a buffer holds that follows from the module's shape; {@code null} for all others
     */
    public record Entry(DType type, boolean trains, List<Long> shape, StateTensor value) {
        /** How many numbers it holds. */
        public long count() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, StateTensor> constants = new LinkedHashMap<>();
    private final Map<String, Module> children = new LinkedHashMap<>();
    private Module parent;
    private String name = "";

    /** Adds a part under the name that its state-dict entries begin with; a module has one parent. */
    protected final <M extends Module> M child(String childName, M module) {
        Module added = module;
        if (added.parent != null || added == this || children.containsKey(childName)) {
            throw new IllegalArgumentException("child " + childName + " of " + getClass().getSimpleName() + " is already in use");
        }
        added.parent = this;
        added.name = childName;
        children.put(childName, module);
        return module;
    }

    /** Declares a float32 parameter of the given shape. */
    protected final void parameter(String entryName, long... shape) {
        declare(entryName, DType.FLOAT32, true, shape);
    }

    /** Declares a buffer: part of the state dict, never trained. */
    protected final void buffer(String entryName, DType type, long... shape) {
        declare(entryName, type, false, shape);
    }

    /** Declares a buffer whose numbers follow from the module's shape: part of the state dict, but the same in every file. */
    protected final void buffer(String entryName, StateTensor value) {
        entries.put(entryName, new Entry(value.dtype(), false, dims(value.shape()), value));
    }

    /** Declares numbers that follow from the module's shape and are not part of the state dict. */
    protected final void constant(String entryName, StateTensor value) {
        constants.put(entryName, value);
    }

    private void declare(String entryName, DType type, boolean trains, long... shape) {
        entries.put(entryName, new Entry(type, trains, dims(shape), null));
    }

    private static List<Long> dims(long... shape) {
        List<Long> dims = new ArrayList<>();
        for (long dim : shape) {
            dims.add(dim);
        }
        return Collections.unmodifiableList(dims);
    }

    /** What the module computes. Called once for each compilation, with values that stand for arrays. */
    protected abstract Value forward(Value x);

    /** Whether this is one of the blocks that its network is a chain of; {@link BatchGradients} can compute them twice to save memory. */
    protected boolean isBlock() {
        return false;
    }

    /**
     * Whether it takes {@code [batch, channels, height, width]}, as pictures are; the module that a network is made of has that brought into the order
     * of memory that convolutions want.
     */
    protected boolean takesMaps() {
        return true;
    }

    final boolean holdsBlocks() {
        return children.values().stream().anyMatch(child -> child.isBlock() || child.holdsBlocks());
    }

    /** Applies the module to a value, as {@code self.conv1(x)} does in Python. */
    public final Value of(Value x) {
        return x.trace().call(this, x);
    }

    /** A reference to the parameter or buffer of this name, for use in {@link #forward}. */
    protected final Ref ref(String entryName) {
        if (!entries.containsKey(entryName) && !constants.containsKey(entryName)) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " declares no entry " + entryName);
        }
        return new Ref(this, entryName);
    }

    /** An entry or constant as a value of the program that {@code x} belongs to. */
    protected final Value entry(Value x, String entryName) {
        return x.trace().write(Trace.ENTRY, ref(entryName));
    }

    /** An entry of a module, as an operand. */
    public record Ref(Module module, String entry) {
        /** Its numbers, where they follow from the module's shape and not from a state dict; otherwise {@code null}. */
        StateTensor fixed() {
            Entry declared = module.entries.get(entry);
            return declared == null ? module.constants.get(entry) : declared.value();
        }

        /** How many numbers it holds. */
        long count() {
            StateTensor fixed = fixed();
            return fixed == null ? module.entries.get(entry).count() : fixed.count();
        }

        boolean trains() {
            Entry declared = module.entries.get(entry);
            return declared != null && declared.trains();
        }

        String fullName() {
            return module.path().isEmpty() ? entry : module.path() + "." + entry;
        }
    }

    final Map<String, Entry> entries() {
        return entries;
    }

    final Map<String, StateTensor> constants() {
        return constants;
    }

    final Map<String, Module> children() {
        return children;
    }

    final String name() {
        return name;
    }

    /** The dotted path from the root, empty for the root itself. */
    final String path() {
        return parent == null ? "" : parent.path().isEmpty() ? name : parent.path() + "." + name;
    }

    /** Takes out all entries but those of the given full names, and the parts that have none left. */
    protected final void keep(Predicate<String> names) {
        entries.keySet().removeIf(entry -> !names.test(path().isEmpty() ? entry : path() + "." + entry));
        children.values().removeIf(child -> {
            boolean had = !child.state().isEmpty();
            child.keep(names);
            return had && child.state().isEmpty();
        });
    }

    /** All entries below this module under their full names, in the order of PyTorch's {@code state_dict()}. */
    public final Map<String, Entry> state() {
        Map<String, Entry> all = new LinkedHashMap<>();
        collect("", all);
        return all;
    }

    private void collect(String prefix, Map<String, Entry> all) {
        entries.forEach((key, entry) -> all.put(prefix + key, entry));
        children.forEach((key, module) -> module.collect(prefix + key + ".", all));
    }

    /** How many numbers train, as PyTorch counts {@code parameters()}. */
    public final long parameterCount() {
        return state().values().stream().filter(Entry::trains).mapToLong(Entry::count).sum();
    }
}
