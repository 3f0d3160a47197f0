package graft.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The TorchScript classes of a module and all its parts. Modules whose code and attributes are equal share a class, as PyTorch's
 * own compiler does; a class has the name of its Java class, with a number where several differ ({@code Conv2d_2}).
 */
final class ModuleCode {
    /** What PyTorch's {@code code/} would not read as the name of an attribute, besides numbers. */
    private static final Set<String> KEYWORDS = Set.of("and", "as", "assert", "break", "class", "continue", "def", "del", "elif", "else", "except",
        "False", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "None", "nonlocal", "not", "or", "pass", "raise", "return",
        "True", "try", "while", "with", "yield");
    private static final String NAME = "\0";

    private final Module root;
    private final Precision precision;
    private final boolean trains;
    private final Learned learned;
    private final List<ForwardCode.Segment> segments;
    /** The modules that are called as a whole; the others are names in a state dict and have no {@code forward}. */
    private final Set<Module> called = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Module, String> names = new IdentityHashMap<>();
    private final Map<String, String> nameOfText = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    /** Code for an archive. */
    ModuleCode(Module root, Precision precision) {
        this(root, precision, false, Learned.ALL, false);
    }

    /**
     * Code for training: there is a method {@code training_forward} beside {@code forward}.
     *
     * @param recompute whether there are {@link #segments}
     */
    ModuleCode(Module root, Precision precision, Learned learned, boolean recompute) {
        this(root, precision, true, learned, recompute);
    }

    private ModuleCode(Module root, Precision precision, boolean trains, Learned learned, boolean recompute) {
        this.root = root;
        this.precision = precision;
        this.trains = trains;
        this.learned = learned;
        reach(root);
        compile(root);
        segments = recompute ? new ForwardCode(root, precision, true, Trace.Use.TRAINING, learned).segments("__torch__." + className(root)) : List.of();
    }

    private void reach(Module module) {
        if (called.add(module)) {
            Trace trace = new Trace(Trace.Use.FORWARD, learned, module);
            module.forward(trace.input());
            trace.values().stream().filter(value -> value.op().equals(Trace.CALL)).forEach(value -> reach((Module) value.operands().get(0)));
        }
    }

    String className(Module module) {
        return names.get(module);
    }

    /** All classes, parts before the whole; the root's is the last. */
    String text() {
        StringBuilder all = new StringBuilder();
        nameOfText.forEach((text, name) -> all.append(all.isEmpty() ? "" : "\n").append(text.replace(NAME, name)));
        return all.toString();
    }

    /** The root as a chain of methods, where that was asked for; see {@link ForwardCode#segments}. */
    List<ForwardCode.Segment> segments() {
        return segments;
    }

    /**
     * Methods of the root: {@code state} returns its parameters and buffers, in the order of {@link Module#state()}; {@code forward_training}
     * draws from a generator of its own, so that several threads can train at once and draw what the seed says; and the {@link #segments}.
     */
    String trainingMethods() {
        List<String> paths = new ArrayList<>();
        entries(root, "self", paths);
        String self = "(self: __torch__." + className(root);
        return "  def state" + self + ") -> List[Tensor]:\n    return [\n      " + String.join(",\n      ", paths) + "]\n"
            + "  def forward_training" + self + ", x: Tensor, seed: Tensor) -> Tensor:\n"
            // Without the seed as its argument the generator would be a constant, the same one for all threads.
            + "    random = torch.Generator(seed=int(seed))\n    return self.training_forward(x, random)\n"
            + segments.stream().map(ForwardCode.Segment::text).collect(Collectors.joining());
    }

    private static void entries(Module module, String path, List<String> paths) {
        module.entries().keySet().forEach(name -> paths.add(member(path, name)));
        module.children().forEach((name, child) -> entries(child, member(path, name), paths));
    }

    private void compile(Module module) {
        module.children().values().forEach(this::compile);
        String text = "class " + NAME + "(Module):\n" + attributes(module);
        if (called.contains(module)) {
            text += forward(module, Trace.Use.FORWARD) + (trains ? forward(module, Trace.Use.TRAINING) : "");
        }
        names.put(module, nameOfText.computeIfAbsent(text, unseen -> newName(module)));
    }

    private String forward(Module module, Trace.Use use) {
        return new ForwardCode(module, precision, module == root, use, learned).text("__torch__." + NAME);
    }

    private String newName(Module module) {
        String name = module.getClass().getSimpleName();
        String plain = name.isEmpty() ? "Network" : name;
        int count = counts.merge(plain, 1, Integer::sum);
        return count == 1 ? plain : plain + "_" + count;
    }

    private String attributes(Module module) {
        StringBuilder text = new StringBuilder();
        text.append("  __parameters__ = ").append(quoted(module, true)).append('\n');
        text.append("  __buffers__ = ").append(quoted(module, false)).append('\n');
        module.entries().keySet().forEach(name -> text.append(declaration(name, "Tensor")));
        module.constants().keySet().forEach(name -> text.append(declaration(name, "Tensor")));
        text.append("  training : bool\n");
        module.children().forEach((name, child) -> text.append(declaration(name, "__torch__." + className(child))));
        return text.toString();
    }

    private static List<String> quoted(Module module, boolean trains) {
        return module.entries().entrySet().stream().filter(entry -> entry.getValue().trains() == trains).map(entry -> '"' + entry.getKey() + '"').toList();
    }

    private static String declaration(String name, String type) {
        return identifier(name) ? "  " + name + " : " + type + "\n" : "  __annotations__[\"" + name + "\"] = " + type + "\n";
    }

    /** How code names an attribute: {@code self.conv1}, or {@code getattr(self, "0")} where the name is no identifier. */
    static String member(String object, String name) {
        return identifier(name) ? object + "." + name : "getattr(" + object + ", \"" + name + "\")";
    }

    private static boolean identifier(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*") && !KEYWORDS.contains(name);
    }
}
