package graft.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Writes the methods of a {@link FrozenProgram}: {@code load0}, {@code load1}, …, which fold and convert the weights, and {@code forward}. */
final class FrozenCode {
    /** Operators that libtorch also has in place; the result of each has its first operand's shape. */
    private static final Set<String> OVERWRITING = Set.of("relu", "relu6", "silu", "hardswish", "hardsigmoid", "sigmoid", "gelu", "mul");
    /** oneDNN's names of activations, where they are not libtorch's. */
    private static final Map<String, String> KERNELS = Map.of("relu6", "hardtanh", "silu", "swish");

    private final Fusion fusion;
    private final Precision precision;
    private final boolean fused;
    private final List<LoadCode> loads = new ArrayList<>();
    /** The last of {@code loads}, which is being written. */
    private LoadCode load;
    private final StringBuilder forward = new StringBuilder("  def forward(self: __torch__.Program, pixels: Tensor) -> Tensor:\n");
    private final List<String> attributes = new ArrayList<>();
    private final Map<Value, String> names = new LinkedHashMap<>();
    private final Set<Value> constants = new HashSet<>();

    FrozenCode(Fusion fusion, Precision precision, boolean fused) {
        this.fusion = fusion;
        this.precision = precision;
        this.fused = fused;
    }

    /** The attributes that the methods set. */
    List<String> attributes() {
        return attributes;
    }

    /** The methods that take the weights, in their order. */
    List<LoadCode> loads() {
        return loads;
    }

    /** The text of all methods. */
    String write(Value input, Value result, List<Float> mean, List<Float> std) {
        nextLoad();
        keep("mean", "torch.reshape(torch.mul(torch.tensor(" + mean + "), 255.), [1, 3, 1, 1])");
        keep("scale", "torch.reshape(torch.reciprocal(torch.mul(torch.tensor(" + std + "), 255.)), [1, 3, 1, 1])");
        forward.append("    x = torch.permute(pixels, [0, 3, 1, 2]).to(6)\n");
        forward.append("    x = torch.mul_(torch.sub_(x, self.mean), self.scale).to(").append(precision.scalarType()).append(")\n");
        names.put(input, "x");
        List<Fusion.Step> steps = fusion.steps();
        Map<Value, Integer> lastUse = lastUses(steps);
        for (int i = 0; i < steps.size(); i++) {
            Fusion.Step step = steps.get(i);
            if (load.full()) {
                nextLoad();
            }
            if (step instanceof Fusion.Operator && constant(step.result())) {
                compute(step.result());
                continue;
            }
            int index = i;
            String name = "x" + (i + 1);
            String text = step instanceof Fusion.Convolution convolution
                ? convolution(convolution, otherIsFree(convolution, lastUse, i))
                : step instanceof Fusion.Linear linear ? linear(linear) : operator(step.result(), value -> lastUse.get(value) == index);
            names.put(step.result(), name);
            forward.append("    ").append(name).append(" = ").append(text).append('\n');
        }
        forward.append("    return torch.contiguous(").append(name(result)).append(".to(6))\n");
        return loads.stream().map(LoadCode::text).collect(Collectors.joining()) + forward;
    }

    private void nextLoad() {
        load = new LoadCode("load" + loads.size());
        loads.add(load);
    }

    /** Keeps the value of an expression as an attribute of the program. */
    private String keep(String attribute, String expression) {
        attributes.add(attribute);
        load.line("self." + attribute + " = " + expression);
        return "self." + attribute;
    }

    /** Whether the sum can be taken in the memory of its other operand: nothing reads that afterwards, nor the convolution while it writes. */
    private boolean otherIsFree(Fusion.Convolution step, Map<Value, Integer> lastUse, int now) {
        Value other = fusion.resolve(step.other);
        return other != null && lastUse.get(other) == now && other != fusion.resolve(step.convolution.operands().get(0));
    }

    private Map<Value, Integer> lastUses(List<Fusion.Step> steps) {
        Map<Value, Integer> last = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            Fusion.Step step = steps.get(i);
            List<Object> operands = operands(step);
            for (Object operand : operands) {
                if (operand instanceof Value) {
                    last.put(fusion.resolve(operand), i);
                }
            }
        }
        return last;
    }

    private static List<Object> operands(Fusion.Step step) {
        if (step instanceof Fusion.Convolution convolution) {
            return Arrays.asList(convolution.convolution.operands().get(0), convolution.other);
        }
        return step instanceof Fusion.Linear linear ? linear.linear().operands() : step.result().operands();
    }

    private String name(Object operand) {
        Object source = source(operand);
        return source instanceof Module.Ref ref ? stored(ref) : names.get(source);
    }

    /** The entry or the value that an operand stands for. */
    private Object source(Object operand) {
        if (operand instanceof Module.Ref) {
            return operand;
        }
        Value value = fusion.resolve(operand);
        return value.op().equals(Trace.ENTRY) ? value.operands().get(0) : value;
    }

    /** Whether a value is made of entries alone, so that it is the same for all pictures. */
    private boolean constant(Value value) {
        return value.operands().stream().allMatch(operand -> !(operand instanceof Value) || constants.contains(fusion.resolve(operand)));
    }

    /** Computes a constant once, when the weights are loaded. */
    private void compute(Value value) {
        constants.add(value);
        if (value.op().equals(Trace.ENTRY)) {
            return;
        }
        String attribute = "constant" + constants.size();
        String text = Expression.of(value, Precision.FLOAT32, false, operand -> source(operand) instanceof Module.Ref ref ? load.given(ref) : names.get(source(operand)));
        names.put(value, keep(attribute, text));
    }

    /** A linear layer; with oneDNN's kernel its weight is stored in the order that the kernel reads it in. */
    private String linear(Fusion.Linear step) {
        List<Object> operands = step.linear().operands();
        String x = cast(name(operands.get(0)));
        String bias = operands.get(2) instanceof Module.Ref ref ? converted(ref) : "None";
        Module.Ref weight = (Module.Ref) operands.get(1);
        if (!fused) {
            String y = "torch.linear(" + x + ", " + converted(weight) + ", " + bias + ")";
            return step.gelu() ? "torch.gelu_(" + y + ")" : y;
        }
        String attribute = attribute(weight, "_packed");
        keep(attribute, "ops.mkldnn._reorder_linear_weight(torch.contiguous(" + cast(load.given(weight)) + "), None)");
        return "ops.mkldnn._linear_pointwise(" + x + ", self." + attribute + ", " + bias + ", \"" + (step.gelu() ? "gelu" : "none")
            + "\", annotate(List[Optional[number]], []), \"" + (step.gelu() ? "none" : "") + "\")";
    }

    private String cast(String text) {
        return precision == Precision.FLOAT32 ? text : text + ".to(" + precision.scalarType() + ")";
    }

    /** An entry stored in the precision of the network. */
    private String converted(Module.Ref ref) {
        String attribute = attribute(ref, "_converted");
        return attributes.contains(attribute) ? "self." + attribute : keep(attribute, cast(load.given(ref)));
    }

    /** An operator that was not fused; it takes the place of its first operand where that is free. */
    private String operator(Value value, Predicate<Value> lastUse) {
        String text = Expression.of(value, precision, false, this::name);
        boolean inPlace = OVERWRITING.contains(value.op()) && value.operands().stream().noneMatch(constants::contains) && value.operands().stream().allMatch(fusion::overwritable)
            && lastUse.test(fusion.resolve(value.operands().get(0)));
        return inPlace ? text.replaceFirst("\\(", "_(") : text;
    }

    /** An entry stored as it is, for operators that nothing was folded into. */
    private String stored(Module.Ref ref) {
        String attribute = attribute(ref, "");
        return attributes.contains(attribute) ? "self." + attribute : keep(attribute, load.given(ref));
    }

    private static String attribute(Module.Ref ref, String suffix) {
        return ref.fullName().replace('.', '_') + suffix;
    }

    private String convolution(Fusion.Convolution step, boolean otherIsFree) {
        List<Object> operands = step.convolution.operands();
        Module.Ref weightEntry = (Module.Ref) operands.get(1);
        String weight = attribute(weightEntry, "");
        String bias = attribute(weightEntry, "_bias");
        String w = load.given(weightEntry);
        String b = operands.get(2) == null ? null : load.given((Module.Ref) operands.get(2));
        String to = ".to(" + precision.scalarType() + ")";
        if (step.norm != null) {
            List<Object> norm = step.norm.operands();
            load.line("s = torch.div(" + load.given((Module.Ref) norm.get(1)) + ", torch.sqrt(torch.add(" + load.given((Module.Ref) norm.get(4)) + ", " + norm.get(7) + ")))");
            w = "torch.mul(" + w + ", torch.reshape(s, [-1, 1, 1, 1]))";
            String mean = load.given((Module.Ref) norm.get(3));
            mean = b == null ? mean : "torch.sub(" + mean + ", " + b + ")";
            b = "torch.sub(" + load.given((Module.Ref) norm.get(2)) + ", torch.mul(" + mean + ", s))";
        }
        keep(weight, "torch.clone(" + w + to + ", memory_format=2)");
        if (b != null) {
            keep(bias, b + to);
        }
        return apply(step, otherIsFree, "self." + weight, b == null ? "None" : "self." + bias);
    }

    private String apply(Fusion.Convolution step, boolean otherIsFree, String weight, String bias) {
        List<Object> operands = step.convolution.operands();
        String x = cast(name(operands.get(0)));
        String act = step.activation == null ? null : step.activation.op();
        if (!fused) {
            String y = "torch.conv2d(" + x + ", " + weight + ", " + bias + ", " + operands.get(3) + ", " + operands.get(4) + ", " + operands.get(5) + ", " + operands.get(6) + ")";
            y = step.other == null ? y : "torch.add_(" + y + ", " + name(step.other) + ")";
            return act == null ? y : "torch." + act + "_(" + y + ")";
        }
        String geometry = weight + ", " + bias + ", " + operands.get(4) + ", " + operands.get(3) + ", " + operands.get(5) + ", " + operands.get(6);
        String limits = "annotate(List[Optional[number]], " + ("relu6".equals(act) ? "[0., 6.]" : "[]") + ")";
        String kernel = act == null ? "none" : KERNELS.getOrDefault(act, act);
        String algorithm = "gelu".equals(act) ? "none" : "";
        if (step.other == null) {
            return "ops.mkldnn._convolution_pointwise(" + x + ", " + geometry + ", \"" + kernel + "\", " + limits + ", \"" + algorithm + "\")";
        }
        String after = ", \"add\", 1., " + (act == null ? "None" : "\"" + kernel + "\"") + ", " + limits + ", \"\")";
        String other = name(step.other);
        return otherIsFree
            ? "ops.mkldnn._convolution_pointwise_(" + other + ", " + x + ", " + geometry + after
            : "ops.mkldnn._convolution_pointwise(" + x + ", " + other + ", " + geometry + after;
    }
}
