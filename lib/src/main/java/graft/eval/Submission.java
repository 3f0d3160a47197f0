package graft.eval;

import graft.AtomicFile;
import graft.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * {@code submission.csv}, what an image-classification contest scores: an ID and a class <em>name</em> a picture.
 * A documented experiment scored below 10 % because it wrote indices of folder names sorted as text
 * (0, 1, 10, 11, …, 2) where the names themselves were asked for; {@link #check} refuses that.
 */
public final class Submission {
    private static final int SHOWN = 3;

    private Submission() { }

    /**
     * Writes the predicted class names, with the columns, IDs and order of the sample; without a sample
     * {@code ID,Label}, the file names in the order of the predictions. It is checked as {@link #check} does before it is written.
     *
     * @param sample the contest's {@code sample_submission.csv}; its IDs may lack folder or extension
     * @throws InputException if the sample asks for a picture that was not predicted, names one twice or is ambiguous
     */
    public static void write(Path file, Optional<Path> sample, Predictions predictions) {
        SubmissionFile rows = rows(sample, predictions, UnaryOperator.identity());
        check(file, rows, sample, predictions);
        write(file, rows);
    }

    /** The same with something else in the place of each class name, and unchecked. */
    static void write(Path file, Optional<Path> sample, Predictions predictions, UnaryOperator<String> label) {
        write(file, rows(sample, predictions, label));
    }

    private static void write(Path file, SubmissionFile rows) {
        AtomicFile.writeText(file, out -> {
            CSVPrinter csv = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get().print(out);
            csv.printRecord(rows.idColumn(), rows.labelColumn());
            for (int i = 0; i < rows.ids().size(); i++) {
                csv.printRecord(rows.ids().get(i), rows.labels().get(i));
            }
        });
    }

    private static SubmissionFile rows(Optional<Path> sample, Predictions predictions, UnaryOperator<String> label) {
        return sample.map(path -> filled(path, predictions, label)).orElseGet(() -> plain(predictions, label));
    }

    private static SubmissionFile plain(Predictions predictions, UnaryOperator<String> label) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < predictions.count(); i++) {
            labels.add(label.apply(predictions.classes().get(predictions.predicted(i))));
        }
        return new SubmissionFile(SubmissionFile.COLUMNS.get(0), SubmissionFile.COLUMNS.get(1),
            PictureIds.contestIds(predictions.ids()), labels);
    }

    /**
     * Refuses a sample that cannot be filled, so that this is known before anything trains.
     *
     * @param pictures the test pictures' IDs
     * @throws InputException if the sample asks for a picture that is not there, names one twice or is ambiguous
     */
    public static void checkSample(Path path, List<String> pictures) {
        SubmissionFile sample = SubmissionFile.read(path);
        refuse(path, duplicates(sample.ids()), "names %s more than once", "each picture must have one row");
        PictureIds known = new PictureIds(pictures);
        refuse(path, sample.ids().stream().filter(id -> known.find(id, path.toString()).isEmpty()).toList(), "asks for %s",
            "there is no such readable test picture: give the data folder that belongs to this sample");
    }

    private static SubmissionFile filled(Path path, Predictions predictions, UnaryOperator<String> label) {
        checkSample(path, predictions.ids());
        SubmissionFile sample = SubmissionFile.read(path);
        PictureIds pictures = new PictureIds(predictions.ids());
        List<String> labels = new ArrayList<>();
        for (String id : sample.ids()) {
            labels.add(label.apply(predictions.classes().get(predictions.predicted(pictures.find(id, path.toString()).orElseThrow()))));
        }
        return new SubmissionFile(sample.idColumn(), sample.labelColumn(), sample.ids(), labels);
    }

    /**
     * Refuses a submission that does not fit the contest.
     *
     * @param sample its sample, which fixes columns, IDs and order; without one the pictures do
     * @param classes the class names a label may be
     * @param pictures the test pictures' IDs
     * @throws InputException saying which IDs are missing, unknown, double or out of order, or which labels are no class names
     */
    public static void check(Path submission, Optional<Path> sample, List<String> classes, List<String> pictures) {
        check(submission, SubmissionFile.read(submission), sample, classes, pictures);
    }

    private static void check(Path submission, SubmissionFile given, Optional<Path> sample, List<String> classes, List<String> pictures) {
        checkIds(submission, given, sample.map(SubmissionFile::read), pictures);
        checkLabels(submission, given.labels(), classes);
    }

    /**
     * The same, and that every label is the predicted class: where classes are named by numbers, an index is a
     * class name too, and only the predictions tell them apart.
     */
    public static void check(Path submission, Optional<Path> sample, Predictions predictions) {
        check(submission, SubmissionFile.read(submission), sample, predictions);
    }

    private static void check(Path submission, SubmissionFile given, Optional<Path> sample, Predictions predictions) {
        check(submission, given, sample, predictions.classes(), predictions.ids());
        PictureIds pictures = new PictureIds(predictions.ids());
        List<String> sorted = List.copyOf(new TreeSet<>(predictions.classes()));
        List<String> wrong = new ArrayList<>();
        boolean textSorted = true;
        for (int i = 0; i < given.ids().size(); i++) {
            int picture = pictures.find(given.ids().get(i), submission.toString()).orElseThrow();
            String predicted = predictions.classes().get(predictions.predicted(picture));
            String label = given.labels().get(i);
            textSorted &= label.equals(Integer.toString(sorted.indexOf(predicted)));
            if (!label.equals(predicted)) {
                wrong.add(given.ids().get(i) + " (" + label + ", predicted " + predicted + ")");
            }
        }
        if (!wrong.isEmpty() && textSorted) {
            throw new InputException(submission + ": its labels are indices of the class names sorted as text, such as "
                + wrong.get(0) + "; they must be the class names themselves");
        }
        refuse(submission, wrong, "does not say what was predicted for %s", "write it again");
    }

    private static void checkIds(Path submission, SubmissionFile given, Optional<SubmissionFile> sample, List<String> pictures) {
        List<String> columns = sample.map(s -> List.of(s.idColumn(), s.labelColumn())).orElse(SubmissionFile.COLUMNS);
        if (!columns.equals(List.of(given.idColumn(), given.labelColumn()))) {
            throw new InputException(submission + ": its columns are " + given.idColumn() + "," + given.labelColumn()
                + " but must be " + String.join(",", columns));
        }
        refuse(submission, duplicates(given.ids()), "names %s more than once", "each picture must have one row");
        List<String> expected = sample.map(SubmissionFile::ids).orElseGet(() -> PictureIds.contestIds(pictures));
        Set<String> missing = new LinkedHashSet<>(expected);
        missing.removeAll(new HashSet<>(given.ids()));
        refuse(submission, List.copyOf(missing), "lacks %s", "every test picture must have a row");
        Set<String> unknown = new LinkedHashSet<>(given.ids());
        unknown.removeAll(new HashSet<>(expected));
        refuse(submission, List.copyOf(unknown), "has the unknown ID %s", "IDs must be spelt as in the sample, or as the files' names without one");
        for (int i = 0; i < expected.size(); i++) {
            if (!expected.get(i).equals(given.ids().get(i))) {
                throw new InputException(submission + ": row " + (i + 1) + " is " + given.ids().get(i) + " but must be "
                    + expected.get(i) + ": the order must be the sample's, or the files' without one");
            }
        }
        PictureIds known = new PictureIds(pictures);
        refuse(submission, expected.stream().filter(id -> known.find(id, submission.toString()).isEmpty()).toList(),
            "has %s", "there is no such test picture");
    }

    private static void checkLabels(Path submission, List<String> labels, List<String> classes) {
        Set<String> names = Set.copyOf(classes);
        Set<String> foreign = new LinkedHashSet<>(labels);
        foreign.removeAll(names);
        if (!foreign.isEmpty() && labels.stream().allMatch(label -> isIndex(label, classes.size()))) {
            throw new InputException(submission + ": its labels are numbers from 0 to " + (classes.size() - 1)
                + ", most likely indices of sorted folder names; they must be class names such as " + classes.get(0));
        }
        refuse(submission, List.copyOf(foreign), "has the label %s", "labels must be class names such as " + classes.get(0));
    }

    private static boolean isIndex(String label, int classes) {
        return label.matches("0|[1-9][0-9]{0,8}") && Integer.parseInt(label) < classes;
    }

    private static List<String> duplicates(List<String> ids) {
        Set<String> seen = new HashSet<>();
        return ids.stream().filter(id -> !seen.add(id)).distinct().toList();
    }

    /** Throws if there is an offender: the file, what it does ({@code %s}: the first few offenders), what would be right. */
    private static void refuse(Path file, List<String> offenders, String what, String right) {
        if (!offenders.isEmpty()) {
            String first = offenders.stream().limit(SHOWN).map(o -> o.isEmpty() ? "(empty)" : o)
                .reduce((a, b) -> a + ", " + b).orElseThrow();
            String more = offenders.size() > SHOWN ? " and " + (offenders.size() - SHOWN) + " more" : "";
            throw new InputException(file + " " + String.format(what, first + more) + "; " + right);
        }
    }
}
