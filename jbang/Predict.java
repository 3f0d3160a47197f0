///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//JAVA_OPTIONS -XX:+UseSerialGC
//DEPS graft:graft:0.1.0

import graft.InputException;
import graft.augment.Views;
import graft.data.ImageFolder;
import graft.data.Unreadable;
import graft.eval.Predictions;
import graft.plot.TerminalProgress;
import graft.run.Classifier;
import graft.run.Script;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a trained model says of pictures: one line a picture, the likeliest classes first. */
class Predict implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "FILE|RUN", description = "a .pt or .safetensors file that export wrote, or the folder of a finished run; no code in it is run")
    Path model;

    @Option(names = "--top", paramLabel = "N", description = "how many classes to print, 3 unless said")
    int top = 3;

    @Option(names = "--views", paramLabel = "VIEWS", description = "what of each picture is looked at, its answers averaged: one (unless said), flip (and its mirror image), five-crop, ten-crop")
    String views = Views.ONE.toString();

    @Option(names = "--skip-unreadable", description = "go on without pictures that cannot be read; they are listed on standard error")
    boolean skipUnreadable;

    @Option(names = "--csv", paramLabel = "FILE", description = "write every class's probability there too")
    Path csv;

    @Parameters(arity = "1..*", paramLabel = "PICTURE", description = "pictures, and folders of pictures")
    List<Path> pictures;

    @Override
    public Integer call() throws Exception {
        if (top < 1) {
            throw new InputException("--top is " + top + "; it has to be 1 or more");
        }
        Views asked = Views.of(views);
        try (Classifier classifier = Classifier.load(model)) {
            List<Path> found = pictures.stream().flatMap(path -> Files.isDirectory(path) ? ImageFolder.pictures(path).stream() : Stream.of(path)).toList();
            List<Path> files = skipUnreadable ? readable(found) : found;
            Predictions predictions = classifier.predict(files, asked, new TerminalProgress());
            if (csv != null) {
                predictions.writeCsv(csv);
            }
            for (int i = 0; i < files.size(); i++) {
                System.out.println(files.get(i) + "\t" + likeliest(classifier.classes(), predictions.probabilities(i)));
            }
        }
        return 0;
    }

    private static List<Path> readable(List<Path> files) throws InterruptedException {
        List<Unreadable> unreadable = Unreadable.among(files, new TerminalProgress());
        unreadable.forEach(one -> System.err.println("left out     " + one));
        Set<Path> lost = unreadable.stream().map(one -> one.picture().file()).collect(Collectors.toSet());
        List<Path> rest = files.stream().filter(file -> !lost.contains(file)).toList();
        if (rest.isEmpty()) {
            throw new InputException("no picture can be read, the first " + unreadable.get(0) + "; give others");
        }
        return rest;
    }

    private String likeliest(List<String> classes, double[] probabilities) {
        return IntStream.range(0, probabilities.length).boxed().sorted((a, b) -> Double.compare(probabilities[b], probabilities[a])).limit(top)
            .map(k -> String.format(Locale.ROOT, "%s %.3f", classes.get(k), probabilities[k])).collect(Collectors.joining("\t"));
    }

    public static void main(String... arguments) {
        Predict predict = new Predict();
        Script.main(predict, predict, "predict", "Prints what a trained model says of pictures.", arguments);
    }
}
