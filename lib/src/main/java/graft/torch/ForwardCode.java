package graft.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A module's {@code forward} as TorchScript that reads like the Java it comes from:
 * {@code y = torch.relu_(self.bn1.forward(self.conv1.forward(x)))}. A value that is used once is written where it is used, while
 * the line stays short; the others get names.
 */
final class ForwardCode {
    private static final int LINE = 120;
    private static final String INDENT = "    ";
    /** Operators whose gradient needs their result but not what it is made of. */
    private static final Set<String> OVERWRITING = Set.of("relu", "relu6");
    /** Operators that make an array of their own which their gradient does not need. */
    private static final Set<String> OVERWRITABLE = Set.of("conv2d", "batch_norm", "linear", "add");

    private final Module module;
    private final Precision precision;
    private final boolean root;
    private final Trace.Use use;
    private final Learned learned;
    private final Map<Value, Integer> uses = new HashMap<>();
    private final Map<Value, String> texts = new IdentityHashMap<>();
    private final Map<Value, String> names = new IdentityHashMap<>();
    private final StringBuilder lines = new StringBuilder();
    /** What the method that is being written is given. */
    private Value input;

    /** @param root whether the module is the one that pictures come to; it brings them into the order of memory that convolutions want */
    ForwardCode(Module module, Precision precision, boolean root, Trace.Use use, Learned learned) {
        this.module = module;
        this.precision = precision;
        this.root = root;
        this.use = use;
        this.learned = learned;
    }

    /** The method's text: {@code forward}, or {@code training} with a generator for all that is drawn. @param type the TorchScript class that it belongs to */
    String text(String type) {
        Trace trace = new Trace(use, learned, module);
        input = trace.input();
        Value result = module.forward(input);
        count(result);
        trace.values().forEach(value -> value.operands().forEach(this::count));
        names.put(input, "x");
        bringIntoOrder();
        trace.values().forEach(this::write);
        String signature = use == Trace.Use.TRAINING ? "training_forward(self: " + type + ", x: Tensor, random: Generator)" : "forward(self: " + type + ", x: Tensor)";
        return "  def " + signature + " -> Tensor:\n" + lines + INDENT + "return " + text((Object) result) + "\n";
    }

    private void bringIntoOrder() {
        if (root && module.takesMaps()) {
            lines.append(INDENT).append("x = torch.contiguous(x, memory_format=2)\n"); // channels last
        }
    }

    /** A part of the chain of blocks: its method, and the parameters in it that train. */
    record Segment(String text, Set<String> parameters) { }

    /**
     * The module as methods {@code segment_0}, {@code segment_1}, …, each of which takes what the one before it gives: the blocks, with what
     * comes before the first in the first and after the last in one of its own.
     */
    List<Segment> segments(String type) {
        Trace trace = new Trace(use, learned, module) {
            @Override
            Value call(Module called, Value x) {
                return !called.isBlock() && called.holdsBlocks() ? inline(called, x) : super.call(called, x);
            }
        };
        input = trace.input();
        Value result = module.forward(input);
        count(result);
        trace.values().forEach(value -> value.operands().forEach(this::count));
        List<Segment> segments = new ArrayList<>();
        Set<String> parameters = new LinkedHashSet<>();
        for (int i = 0; i < trace.values().size(); i++) {
            Value value = trace.values().get(i);
            if (lines.isEmpty()) {
                names.put(input, "x");
                lines.append(INDENT).append("random = torch.Generator(seed=int(seed))\n");
                if (segments.isEmpty()) {
                    bringIntoOrder();
                }
            }
            write(value);
            value.operands().forEach(operand -> addParameters(operand, parameters));
            if (value == result || value.op().equals(Trace.CALL) && ((Module) value.operands().get(0)).isBlock() && onlyLink(trace, i)) {
                segments.add(new Segment("  def segment_" + segments.size() + "(self: " + type + ", x: Tensor, seed: Tensor) -> Tensor:\n" + lines + INDENT + "return "
                    + text((Object) value) + "\n", Set.copyOf(parameters)));
                input = value;
                names.clear();
                lines.setLength(0);
                parameters.clear();
            }
        }
        return segments;
    }

    /** Whether all that comes later needs this value and nothing from before it. */
    private static boolean onlyLink(Trace trace, int index) {
        Set<Object> later = new HashSet<>(trace.values().subList(index, trace.values().size()));
        return trace.values().subList(index + 1, trace.values().size()).stream().flatMap(value -> value.operands().stream())
            .allMatch(operand -> !(operand instanceof Value) || later.contains(operand));
    }

    private void addParameters(Object operand, Set<String> parameters) {
        if (operand instanceof Module.Ref ref) {
            if (learned.parameter(ref)) {
                parameters.add(ref.fullName());
            }
        } else if (operand instanceof Module called) {
            called.state().forEach((name, entry) -> {
                if (entry.trains() && learned.names().test(called.path() + "." + name)) {
                    parameters.add(called.path() + "." + name);
                }
            });
        }
    }

    private void count(Object operand) {
        if (operand instanceof Value value) {
            uses.merge(value, 1, Integer::sum);
        }
    }

    private void write(Value value) {
        if (value.op().equals(Trace.COUNT)) {
            lines.append(INDENT).append("if self.training:\n").append(INDENT).append("  torch.add_(").append(text(value.operands().get(0))).append(", 1)\n");
            return;
        }
        if (expression(value).length() > LINE - INDENT.length() - "return ".length()) {
            value.operands().forEach(this::name);
        }
        texts.put(value, expression(value));
        if (uses.getOrDefault(value, 0) > 1) {
            name(value);
        }
    }

    private String expression(Value value) {
        if (value.op().equals(Trace.CALL)) {
            String argument = text(value.operands().get(1));
            return part((Module) value.operands().get(0)) + (use == Trace.Use.TRAINING ? ".training_forward(" + argument + ", random)" : ".forward(" + argument + ")");
        }
        if (OVERWRITING.contains(value.op()) && uses.get(value.operands().get(0)) == 1 && overwritable((Value) value.operands().get(0))) {
            return "torch." + value.op() + "_(" + text(value.operands().get(0)) + ")";
        }
        return Expression.of(value, precision, true, this::text);
    }

    private boolean overwritable(Value value) {
        if (value == input) {
            return false;
        }
        if (value.op().equals(Trace.CALL)) {
            Module called = (Module) value.operands().get(0);
            return overwritable(called.forward(new Trace(use, learned, called).input()));
        }
        return OVERWRITABLE.contains(value.op());
    }

    /** How the code names a part of the module: {@code self.classifier} or, deeper, {@code getattr(self.classifier, "0")}. */
    private String part(Module called) {
        String own = module.path().isEmpty() ? "" : module.path() + ".";
        Module at = module;
        String text = "self";
        if (called.path().startsWith(own)) {
            for (String name : called.path().substring(own.length()).split("\\.")) {
                at = at == null ? null : at.children().get(name);
                text = ModuleCode.member(text, name);
            }
        }
        if (at != called || at == module) {
            throw new IllegalArgumentException(module.getClass().getSimpleName() + " calls " + called.getClass().getSimpleName() + ", which is no part of it");
        }
        return text;
    }

    /** Gives a value a name, on a line of its own, unless it has one. */
    private void name(Object operand) {
        if (operand instanceof Value value && !names.containsKey(value)) {
            String name = names.size() == 1 ? "y" : "y" + names.size();
            lines.append(INDENT).append(name).append(" = ").append(texts.get(value)).append('\n');
            names.put(value, name);
        }
    }

    private String text(Object operand) {
        if (operand instanceof Module.Ref ref) {
            return ModuleCode.member(ref.module() == module ? "self" : part(ref.module()), ref.entry());
        }
        return names.containsKey(operand) ? names.get(operand) : texts.get(operand);
    }
}
