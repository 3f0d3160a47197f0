package graft.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * A picture that was taken for something else.
 *
 * @param truth name of its class
 * @param predicted name of the class it was taken for
 * @param probability how sure the classifier was of that, 0 to 1
 */
public record Mistake(Path file, String truth, String predicted, double probability) {
    /**
     * The surest mistakes first.
     *
     * @param file where the picture of an id lies
     * @param most how many at most
     */
    public static List<Mistake> worst(Predictions predictions, Function<String, Path> file, int most) {
        return predictions.mistakes(most).stream().map(i -> new Mistake(file.apply(predictions.ids().get(i)),
            predictions.classes().get(predictions.label(i)), predictions.classes().get(predictions.predicted(i)),
            predictions.probabilities(i)[predictions.predicted(i)])).toList();
    }
}
