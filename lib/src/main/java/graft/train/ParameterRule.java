package graft.train;

import graft.InputException;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * How the parameters whose state-dict names match a pattern differ from the others: a parameter group of {@code torch.optim}, by name.
 *
 * @param pattern a regular expression that is found in the name: {@code "^layer4\\."}, {@code "norm|bias$"}
 * @param learningRate factor on the learning rate, 0 or more
 * @param weightDecay instead of the optimizer's; {@code null} for the optimizer's
 * @param frozen whether they do not train at all
 */
public record ParameterRule(String pattern, double learningRate, Double weightDecay, boolean frozen) {
    public ParameterRule {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException wrong) {
            throw new InputException("the pattern " + pattern + " for parameter names is no regular expression (" + wrong.getDescription() + "); ^layer4\\. would be one", wrong);
        }
        if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY) || weightDecay != null && !(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
            throw new InputException("the parameters " + pattern + " cannot have the learning rate times " + learningRate + " and the weight decay " + weightDecay + "; 0 or more would be right");
        }
    }

    /** Parameters that do not train. */
    public static ParameterRule frozen(String pattern) {
        return new ParameterRule(pattern, 0, null, true);
    }

    /** Parameters with a multiple of the learning rate. */
    public static ParameterRule learningRate(String pattern, double factor) {
        return new ParameterRule(pattern, factor, null, false);
    }

    /** Parameters with a weight decay of their own. */
    public static ParameterRule weightDecay(String pattern, double value) {
        return new ParameterRule(pattern, 1, value, false);
    }

    boolean matches(String name) {
        return Pattern.compile(pattern).matcher(name).find();
    }
}
