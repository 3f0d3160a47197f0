package graft.torch;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * A module's {@code forward} as TorchScript that reads like the Java it comes from:
 * {@code y = torch.relu(self.bn1.forward(self.conv1.forward(x)))}. A value that is used once is written where it is used, while
 * the line stays short; the others get names.
 */
final class ForwardCode {
    private static final int LINE = 120;
    private static final String INDENT = "    ";

    private final Module module;
    private final Precision precision;
    private final boolean root;
    private final Map<Value, Integer> uses = new HashMap<>();
    private final Map<Value, String> texts = new IdentityHashMap<>();
    private final Map<Value, String> names = new IdentityHashMap<>();
    private final StringBuilder lines = new StringBuilder();

    /** @param root whether the module is the one that pictures come to; it brings them into the order of memory that convolutions want */
    ForwardCode(Module module, Precision precision, boolean root) {
        this.module = module;
        this.precision = precision;
        this.root = root;
    }

    /** The method's text. @param type the TorchScript class that it belongs to */
    String text(String type) {
        Trace trace = new Trace(false);
        Value input = trace.input();
        Value result = module.forward(input);
        uses.put(result, 1);
        trace.values().forEach(value -> value.operands().forEach(this::use));
        names.put(input, "x");
        if (root) {
            lines.append(INDENT).append("x = torch.contiguous(x, memory_format=2)\n"); // channels last
        }
        trace.values().forEach(this::write);
        return "  def forward(self: " + type + ", x: Tensor) -> Tensor:\n" + lines + INDENT + "return " + text((Object) result) + "\n";
    }

    private void use(Object operand) {
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
            Module child = (Module) value.operands().get(0);
            if (module.children().get(child.name()) != child) {
                throw new IllegalArgumentException(module.getClass().getSimpleName() + " calls " + child.getClass().getSimpleName() + ", which is not its child");
            }
            return ModuleCode.member("self", child.name()) + ".forward(" + text(value.operands().get(1)) + ")";
        }
        return Expression.of(value, precision, true, this::text);
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
