package graft.torch;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes operands and operators as TorchScript text. */
final class Expression {
    private Expression() { }

    /** A call of libtorch's operator with these operands, in this precision. */
    static String of(Value value, Precision precision, boolean training, Function<Object, String> names) {
        List<Object> operands = value.operands();
        Function<Object, String> text = operand -> operand(operand, training, names);
        return switch (value.op()) {
            case "to" -> text.apply(operands.get(0)) + ".to(" + operands.get(1) + ")";
            case Trace.ENTRY -> text.apply(operands.get(0));
            case Trace.PREPEND -> "torch.cat([torch.expand(" + text.apply(operands.get(1)) + ", [torch.size(" + text.apply(operands.get(0)) + ", 0), -1, -1]), "
                + text.apply(operands.get(0)) + "], 1)";
            case Trace.REPEAT_FOR -> "torch.repeat(" + text.apply(operands.get(0)) + ", [torch.floordiv(torch.size(" + text.apply(operands.get(2)) + ", 0), "
                + operands.get(1) + "), 1, 1, 1])";
            case "conv2d", "linear" -> call(value.op(), operands, operand -> cast(operand, text.apply(operand), precision));
            case Trace.LINEAR_FLOAT32 -> call("linear", operands, operand -> cast(operand, text.apply(operand), null));
            // libtorch drops whole channels: with one dimension more in front, these are the pictures.
            case Trace.STOCHASTIC_DEPTH -> "torch.squeeze(torch.feature_dropout(torch.unsqueeze(" + text.apply(operands.get(0)) + ", 0), "
                + text.apply(operands.get(1)) + ", " + text.apply(operands.get(2)) + "), 0)";
            default -> call(value.op(), operands, text);
        };
    }

    private static String call(String op, List<Object> operands, Function<Object, String> text) {
        return operands.stream().map(text).collect(Collectors.joining(", ", "torch." + op + "(", ")"));
    }

    /** Brings a value to the precision, or to float32 without one. In a float32 network nothing needs it. */
    private static String cast(Object operand, String text, Precision precision) {
        boolean array = operand instanceof Value || operand instanceof Module.Ref;
        return !array || precision == Precision.FLOAT32 ? text : text + ".to(" + (precision == null ? Precision.FLOAT32 : precision).scalarType() + ")";
    }

    private static String operand(Object operand, boolean training, Function<Object, String> names) {
        if (operand == null) {
            return "None";
        }
        if (operand == Trace.TRAINING) {
            return training ? "self.training" : "False";
        }
        if (operand instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (operand instanceof Long || operand instanceof Double) {
            return operand.toString();
        }
        if (operand instanceof List<?> list) {
            return list.stream().map(item -> operand(item, training, names)).collect(Collectors.joining(", ", "[", "]"));
        }
        return names.apply(operand);
    }
}
