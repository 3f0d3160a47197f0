package graft.eval;

import graft.InputException;
import graft.data.ImageFolder;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The mistake that cost a documented experiment its score, to show what it does: the labels of a submission are not class names but indices into the names sorted as text
 * (0, 1, 10, 11, …, 2), the order in which folders are listed. Of 100 classes named 0 to 99 twelve keep their label, 0, 1 and 90 to 99, so that 60 % become about 7 %.
 */
public final class TextSorted {
    private static final String FILE = "submission-as-published.csv";

    private final List<String> classes;
    private final List<String> sorted;

    /** @param classes the class names, in the order of the labels */
    public TextSorted(List<String> classes) {
        this.classes = List.copyOf(classes);
        sorted = List.copyOf(new TreeSet<>(classes));
    }

    /** What is written where a class is meant. */
    public String label(String name) {
        return Integer.toString(sorted.indexOf(name));
    }

    /** The classes whose label is right nevertheless. */
    public List<String> unharmed() {
        return classes.stream().filter(name -> label(name).equals(name)).toList();
    }

    /** The share of pictures, of those whose class is known, whose label would be right, 0 to 1. */
    public double accuracy(Predictions predictions) {
        int right = 0;
        int count = 0;
        for (int i = 0; i < predictions.count(); i++) {
            if (predictions.label(i) >= 0) {
                count++;
                right += label(classes.get(predictions.predicted(i))).equals(classes.get(predictions.label(i))) ? 1 : 0;
            }
        }
        return (double) right / count;
    }

    /** The submission with such labels, beside the right one: {@value #FILE}. @return where it is */
    public Path write(Path folder, ImageFolder data, Predictions predictions) {
        Path file = folder.resolve(FILE);
        Submission.write(file, data.sampleSubmission(), predictions, this::label);
        return file;
    }

    /** What {@link Submission#check} says of it; empty if every class keeps its label, as up to ten numbered ones do. */
    public static String refusal(Path file, ImageFolder data, Predictions predictions) {
        try {
            Submission.check(file, data.sampleSubmission(), predictions);
            return "";
        } catch (InputException refused) {
            return refused.getMessage();
        }
    }

    /** The score before and after: {@code 60.0 % become 7.2 %: 12 of 100 labels stay right}. @param judged pictures whose class is known */
    public String describe(Predictions judged) {
        return String.format(Locale.ROOT, "%.1f %% become %.1f %%: %d of %d labels stay right", 100 * Metrics.of(judged).accuracy(), 100 * accuracy(judged), unharmed().size(), classes.size());
    }
}
