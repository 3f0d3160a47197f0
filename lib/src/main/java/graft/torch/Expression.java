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
            case Trace.ENTRY -> text.apply(operands.get(0));
            case Trace.PREPEND -> "torch.cat([torch.expand(" + text.apply(operands.get(1)) + ", [torch.size(" + text.apply(operands.get(0)) + ", 0), -1, -1]), "
                + text.apply(operands.get(0)) + "], 1)";
            case Trace.BESIDE -> "torch.cat([" + text.apply(operands.get(0)) + ", " + text.apply(operands.get(1)) + "], 1)";
            case Trace.REPEAT_FOR -> "torch.repeat(" + text.apply(operands.get(0)) + ", [torch.floordiv(torch.size(" + text.apply(operands.get(2)) + ", 0), "
                + operands.get(1) + "), 1, 1, 1])";
            case Trace.FLOAT32 -> float32(operands.get(0), text, precision);
            case Trace.CAST -> cast(operands.get(0), text.apply(operands.get(0)), precision);
            case "conv2d", "linear" -> call(value.op(), operands, operand -> cast(operand, text.apply(operand), precision));
            case Trace.ITEM -> text.apply(operands.get(0)) + "[" + operands.get(1) + "]";
            case Trace.DROPOUT_MASK -> mask("torch.empty_like(" + text.apply(operands.get(0)) + ")", (Double) operands.get(1));
            case Trace.PICTURE_MASK -> mask("torch.new_empty(" + text.apply(operands.get(0)) + ", torch.slice([torch.size(" + text.apply(operands.get(0))
                + ", 0), 1, 1, 1], 0, torch.dim(" + text.apply(operands.get(0)) + ")))", (Double) operands.get(1));
            // libtorch drops whole channels: with one dimension more in front, these are the pictures.
            case Trace.STOCHASTIC_DEPTH -> "torch.squeeze(torch.feature_dropout(torch.unsqueeze(" + text.apply(operands.get(0)) + ", 0), "
                + text.apply(operands.get(1)) + ", " + text.apply(operands.get(2)) + "), 0)";
            case Trace.LINEAR_FLOAT32 -> call("linear", operands, operand -> operand instanceof Value ? float32(operand, text, precision) : text.apply(operand));
            case Trace.CONVOLUTION_FLOAT32 -> call("conv2d", operands, operand -> operand instanceof Value ? float32(operand, text, precision) : text.apply(operand));
            default -> call(value.op(), operands, text);
        };
    }

    /** Each number is 0 with the given probability and else such that the mean stays 1. */
    private static String mask(String empty, double probability) {
        return "torch.div_(torch.bernoulli_(" + empty + ", " + (1 - probability) + ", generator=random), " + (1 - probability) + ")";
    }

    private static String call(String op, List<Object> operands, Function<Object, String> text) {
        return operands.stream().map(text).collect(Collectors.joining(", ", "torch." + op + "(", ")"));
    }

    /** Brings an array to the network's precision. In a float32 network everything is float32 already. */
    private static String cast(Object operand, String text, Precision precision) {
        boolean array = operand instanceof Value || operand instanceof Module.Ref;
        return !array || precision == Precision.FLOAT32 ? text : text + ".to(" + precision.scalarType() + ")";
    }

    private static String float32(Object value, Function<Object, String> text, Precision precision) {
        return precision == Precision.FLOAT32 ? text.apply(value) : text.apply(value) + ".to(" + Precision.FLOAT32.scalarType() + ")";
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
        if (operand instanceof Double number) {
            return number.toString().replace(".0E", "E").replace('E', 'e'); // 1.0E-5 is 1e-5 in Python
        }
        if (operand instanceof Long) {
            return operand.toString();
        }
        if (operand instanceof List<?> list) {
            return list.stream().map(item -> operand(item, training, names)).collect(Collectors.joining(", ", "[", "]"));
        }
        return names.apply(operand);
    }
}
