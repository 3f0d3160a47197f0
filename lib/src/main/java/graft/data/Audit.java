package graft.data;

import graft.Progress;
import graft.data.Finding.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What may be wrong with a folder of pictures: files that cannot be read, odd ones, unbalanced and empty classes, pictures that are there twice, between training
 * and test above all. It changes nothing. Memory: some 150 bytes a picture beside its name, whatever its size.
 */
public final class Audit {
    private static final int NAME = 44;
    private static final int LINE = 118;

    private final ImageFolder pictures;
    private final List<Finding> findings;

    private Audit(ImageFolder pictures, List<Finding> findings) {
        this.pictures = pictures;
        this.findings = findings.stream().sorted(Comparator.comparing(Finding::kind)).toList();
    }

    /**
     * Reads every picture once, and those that may be duplicates once or twice more, on all processors.
     *
     * @param pictures best taken as they are found ({@link ImageFolder#asFound}), because {@link ImageFolder#of} refuses some of what can be reported
     */
    public static Audit of(ImageFolder pictures, Progress progress) throws InterruptedException {
        List<Picture> all = new ArrayList<>(pictures.train());
        all.addAll(pictures.test());
        List<Finding> findings = new ArrayList<>();
        pictures.strange().forEach(one -> findings.add(Finding.of(Kind.UNREADABLE, one.picture(), one.reason())));
        Fingerprints.Result result = Fingerprints.of(all, progress);
        result.failures().forEach(failure -> findings.add(Finding.of(Kind.UNREADABLE, all.get(failure.picture()), failure.reason())));
        findings.addAll(ClassCounts.of(pictures).findings());
        findings.addAll(OddPictures.of(all, result.fingerprints()));
        for (Duplicate duplicate : Duplicates.of(all, pictures.train().size(), result.fingerprints(), progress)) {
            findings.addAll(findings(duplicate, pictures.classes()));
        }
        return new Audit(pictures, findings);
    }

    /** A duplicate that is in two classes is two findings: of its place, and of its labels. */
    private static List<Finding> findings(Duplicate one, List<String> classes) {
        Kind kind = switch (one.how()) {
            case SAME_FILE, SAME_PIXELS -> one.acrossParts() ? Kind.SAME_BETWEEN : Kind.SAME_WITHIN;
            case COPY -> one.acrossParts() ? Kind.COPY_BETWEEN : Kind.COPY_WITHIN;
            case SIMILAR -> one.acrossParts() ? Kind.SIMILAR_BETWEEN : Kind.SIMILAR_WITHIN;
        };
        List<Picture> both = List.of(one.first(), one.second());
        Finding finding = new Finding(kind, both, one.describe(), one.likeness());
        if (!one.acrossClasses() || one.how() == Duplicate.How.SIMILAR) {
            return List.of(finding);
        }
        String labels = classes.get(one.first().label()) + " and " + classes.get(one.second().label());
        return List.of(finding, new Finding(Kind.CONFLICT, both, labels + ": " + one.describe(), one.likeness()));
    }

    /** This and what something else has found. */
    public Audit with(List<Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        return new Audit(pictures, all);
    }

    public ImageFolder pictures() {
        return pictures;
    }

    /** Everything that was found, the most important kind first; within a kind the surest first. */
    public List<Finding> findings() {
        return findings;
    }

    /** The same by kind, kinds in the order of their importance. */
    public Map<Kind, List<Finding>> byKind() {
        return findings.stream().collect(Collectors.groupingBy(Finding::kind, () -> new EnumMap<>(Kind.class), Collectors.toList()));
    }

    /** The pictures that can be read, training before test. */
    public List<Picture> readable() {
        var lost = findings.stream().filter(one -> one.kind() == Kind.UNREADABLE).flatMap(one -> one.pictures().stream()).collect(Collectors.toSet());
        List<Picture> all = new ArrayList<>(pictures.train());
        all.addAll(pictures.test());
        return all.stream().filter(picture -> !lost.contains(picture)).toList();
    }

    /** A line about the data set, and one for each kind of finding: how many, and the first of them. */
    @Override public String toString() {
        StringBuilder text = new StringBuilder(pictures.toString()).append('\n');
        if (findings.isEmpty()) {
            return text.append("nothing found").toString();
        }
        text.append(String.format(Locale.ROOT, "%n%-" + NAME + "s %7s  %s%n", "found", "how many", "the first"));
        byKind().forEach((kind, found) -> {
            String line = String.format(Locale.ROOT, "%-" + NAME + "s %7d   %s", kind.title(), found.size(), found.get(0));
            text.append(line.length() > LINE ? line.substring(0, LINE - 1) + "…" : line).append('\n');
        });
        return text.toString().stripTrailing();
    }
}
