package graft.run;

import static graft.plot.Html.escape;

import graft.AtomicFile;
import graft.data.Audit;
import graft.data.ClassCounts;
import graft.data.Finding;
import graft.data.Finding.Kind;
import graft.data.Finding.Weight;
import graft.plot.FindingGrid;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An audit on one page, with the pictures that it is about. */
final class AuditReport {
    /** Findings of a kind that are shown with their pictures, and as text. */
    private static final int SHOWN = 12;
    private static final int LISTED = 30;
    private static final int MOST_UNFOLDED = 20;

    private final Audit audit;
    private final Page page;

    private AuditReport(Audit audit) {
        this.audit = audit;
        page = new Page("Audit of " + audit.pictures().name(), audit.pictures().toString().substring(audit.pictures().name().length() + 2));
    }

    static void write(Path file, Audit audit, Map<String, String> environment, String commandLine) {
        String html = new AuditReport(audit).page(environment, commandLine);
        AtomicFile.writeText(file, out -> out.write(html));
    }

    private String page(Map<String, String> environment, String commandLine) {
        page.headline(String.format(Locale.ROOT, "%,d", count(Weight.HARMFUL)), count(Weight.HARMFUL) == 1 ? "harmful finding" : "harmful findings",
            String.format(Locale.ROOT, "and %,d doubtful, %,d curious", count(Weight.DOUBTFUL), count(Weight.CURIOUS)));
        page.endHeader();
        overview();
        audit.byKind().forEach(this::kind);
        classes();
        page.facts("Environment", environment);
        page.again(commandLine);
        return page.end("");
    }

    private long count(Weight weight) {
        return audit.findings().stream().filter(finding -> finding.kind().weight() == weight).count();
    }

    private void overview() {
        if (audit.findings().isEmpty()) {
            return;
        }
        page.open("What was found");
        page.append("<div class=\"table\"><table><thead><tr><th scope=\"col\">Found</th><th scope=\"col\">How many</th><th scope=\"col\">How bad</th></tr></thead><tbody>\n");
        audit.byKind().forEach((kind, found) -> page.append("<tr><th scope=\"row\"><a href=\"#" + kind.id() + "\">" + escape(kind.title()) + "</a></th><td>"
            + String.format(Locale.ROOT, "%,d", found.size()) + "</td><td>" + kind.weight().name().toLowerCase(Locale.ROOT) + "</td></tr>\n"));
        page.endTable();
        page.note("Harmful: a figure measured on these pictures may be wrong, or cannot be had. Doubtful: worth a look. Curious: good to know, Graft copes with it.");
        page.close();
    }

    private void kind(Kind kind, List<Finding> found) {
        page.append("<div id=\"" + kind.id() + "\"></div>");
        page.open(Character.toUpperCase(kind.title().charAt(0)) + kind.title().substring(1) + String.format(Locale.ROOT, ": %,d", found.size()));
        page.note(kind.advice());
        boolean visible = kind != Kind.UNREADABLE && !found.get(0).pictures().isEmpty();
        int most = visible ? SHOWN : LISTED;
        if (visible) {
            page.append(FindingGrid.of(found, most).untitled());
        } else {
            page.append("<ul>");
            found.stream().limit(most).forEach(finding -> page.append("<li>" + escape(finding.toString()) + "</li>"));
            page.append("</ul>\n");
        }
        if (found.size() > most) {
            page.note(String.format(Locale.ROOT, "%,d more are in audit.csv.", found.size() - most));
        }
        page.close();
    }

    private void classes() {
        ClassCounts counts = ClassCounts.of(audit.pictures());
        int largest = Math.max(1, Arrays.stream(counts.train()).max().orElse(1));
        boolean folded = counts.classes().size() > MOST_UNFOLDED;
        page.open("Classes");
        page.append(folded ? "<details><summary>" + counts.classes().size() + " classes</summary>\n" : "");
        page.append("<div class=\"table\"><table><thead><tr><th scope=\"col\">Class</th><th scope=\"col\">Training</th><th scope=\"col\">Test</th><th></th></tr></thead><tbody>\n");
        for (int i = 0; i < counts.classes().size(); i++) {
            page.append("<tr><th scope=\"row\">" + escape(counts.classes().get(i)) + "</th><td>" + counts.train()[i] + "</td><td>"
                + (audit.pictures().testLabelled() ? counts.test()[i] : "—") + "</td><td><div style=\"background:var(--accent);height:.6em;width:"
                + String.format(Locale.ROOT, "%.1f", 16.0 * counts.train()[i] / largest) + "em\"></div></td></tr>\n");
        }
        page.endTable();
        page.append(folded ? "</details>\n" : "");
        page.close();
    }
}
