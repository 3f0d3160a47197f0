///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//JAVA_OPTIONS -XX:+UseSerialGC
//DEPS graft:graft:0.1.0

import graft.InputException;
import graft.eval.Predictions;
import graft.plot.TerminalProgress;
import graft.run.Classifier;
import graft.run.Script;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the model of a run says of pictures: one line a picture, the likeliest classes first. */
class Predict implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "RUN", description = "the folder of a finished run")
    Path model;

    @Option(names = "--top", paramLabel = "N", description = "how many classes to print, 3 unless said")
    int top = 3;

    @Parameters(arity = "1..*", paramLabel = "PICTURE", description = "pictures")
    List<Path> pictures;

    @Override
    public Integer call() throws Exception {
        if (top < 1) {
            throw new InputException("--top is " + top + "; it has to be 1 or more");
        }
        try (Classifier classifier = Classifier.load(model)) {
            int[] unknown = pictures.stream().mapToInt(picture -> -1).toArray();
            Predictions predictions = new Predictions(pictures.stream().map(Path::toString).toList(), classifier.classes(), unknown,
                classifier.logits(pictures, new TerminalProgress()));
            for (int i = 0; i < pictures.size(); i++) {
                System.out.println(pictures.get(i) + "\t" + likeliest(classifier.classes(), predictions.probabilities(i)));
            }
        }
        return 0;
    }

    private String likeliest(List<String> classes, double[] probabilities) {
        return IntStream.range(0, probabilities.length).boxed().sorted((a, b) -> Double.compare(probabilities[b], probabilities[a])).limit(top)
            .map(k -> String.format(Locale.ROOT, "%s %.3f", classes.get(k), probabilities[k])).collect(Collectors.joining("\t"));
    }

    public static void main(String... arguments) {
        Predict predict = new Predict();
        Script.main(predict, predict, "predict", "Prints what the model of a run says of pictures.", arguments);
    }
}
