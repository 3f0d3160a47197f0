package graft.torch;

import java.util.HashMap;
import java.util.IdentityHashMap;
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
    private final Map<Value, Integer> uses = new HashMap<>();
    private final Map<Value, String> texts = new IdentityHashMap<>();
    private final Map<Value, String> names = new IdentityHashMap<>();
    private final StringBuilder lines = new StringBuilder();

    /** @param root whether the module is the one that pictures come to; it brings them into the order of memory that convolutions want */
    ForwardCode(Module module, Precision precision, boolean root, Trace.Use use) {
        this.module = module;
        this.precision = precision;
        this.root = root;
        this.use = use;
    }

    /** The method's text: {@code forward}, or {@code training} with a generator for all that is drawn. @param type the TorchScript class that it belongs to */
    String text(String type) {
        Trace trace = new Trace(use);
        Value input = trace.input();
        Value result = module.forward(input);
        count(result);
        trace.values().forEach(value -> value.operands().forEach(this::count));
        names.put(input, "x");
        if (root) {
            lines.append(INDENT).append("x = torch.contiguous(x, memory_format=2)\n"); // channels last
        }
        trace.values().forEach(this::write);
        String signature = use == Trace.Use.TRAINING ? "training_forward(self: " + type + ", x: Tensor, random: Generator)" : "forward(self: " + type + ", x: Tensor)";
        return "  def " + signature + " -> Tensor:\n" + lines + INDENT + "return " + text((Object) result) + "\n";
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
        if (value.op().equals(Trace.CALL)) {
            Trace called = new Trace(use);
            return overwritable(((Module) value.operands().get(0)).forward(called.input()));
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
            return ModuleCode.member("self", ref.entry());
        }
        return names.containsKey(operand) ? names.get(operand) : texts.get(operand);
    }
}
