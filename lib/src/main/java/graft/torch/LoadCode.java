package graft.torch;

import ai.djl.ndarray.NDManager;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A method that is given some of a network's weights, folds and converts them, and keeps them as attributes of the program. A large
 * network has several, so that its weights are in memory once and not twice.
 */
final class LoadCode {
    /** So many numbers are enough for one call: 64 MiB in float32. */
    private static final long ENOUGH = 1 << 24;

    private final String name;
    private final StringBuilder lines = new StringBuilder();
    private final Map<Module.Ref, Integer> entries = new LinkedHashMap<>();

    LoadCode(String name) {
        this.name = name;
    }

    void line(String text) {
        lines.append("    ").append(text).append('\n');
    }

    /** How the method names an entry that it is given. It is an array of its own, which the program may keep. */
    String given(Module.Ref ref) {
        return "w[" + entries.computeIfAbsent(ref, r -> entries.size()) + "]";
    }

    boolean full() {
        return entries.keySet().stream().mapToLong(Module.Ref::count).sum() >= ENOUGH;
    }

    /** The method's text. */
    String text() {
        return "  def " + name + "(self: __torch__.Program, w: List[Tensor]) -> int:\n" + lines + "    return 0\n";
    }

    /** Runs the method. @param state holds every entry that it is given, other than those that follow from the module's shape */
    void run(Program program, StateDict state) {
        try (NDManager manager = Libtorch.manager()) {
            List<StateTensor> weights = entries.keySet().stream().map(ref -> ref.fixed() == null ? state.get(ref.fullName()) : ref.fixed()).toList();
            program.run(name, Program.arrays(NativeArray.of(manager, weights)));
        }
    }
}
