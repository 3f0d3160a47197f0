package graft.run;

import com.google.gson.stream.JsonWriter;
import graft.AtomicFile;
import graft.InputException;
import graft.data.Audit;
import graft.data.ClassCounts;
import graft.data.Finding;
import graft.data.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The folder of one audit: {@code audit.json} and {@code audit.csv} with every finding, {@code report.html} with the first of each kind and their pictures. */
final class AuditFolder {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss");

    private final Path path;

    /** @param out as {@code --out} names it, or {@code null} for {@code runs/audit/<time>-<data>} */
    AuditFolder(Path out, String data) {
        RunFolder.check(out);
        path = out != null ? out : Path.of("runs", "audit", LocalDateTime.now().format(TIME) + "-" + data.replaceAll("[^\\p{L}\\p{N}._-]+", "-"));
        Path probe = path.toAbsolutePath().normalize();
        while (Files.notExists(probe)) {
            probe = probe.getParent();
        }
        if (!Files.isDirectory(probe) || !Files.isWritable(probe)) {
            throw new InputException("--out " + path + " cannot be written, because " + probe + (Files.isDirectory(probe) ? " may not be written to" : " is no folder")
                + "; give a folder that you may write to");
        }
    }

    Path path() {
        return path;
    }

    void write(Audit audit, String commandLine) {
        AtomicFile.writeText(path.resolve("audit.json"), out -> {
            JsonWriter json = new JsonWriter(out);
            json.setIndent("  ");
            json.setHtmlSafe(false);
            json(json, audit);
            json.flush();
            out.write('\n');
        });
        AtomicFile.writeText(path.resolve("audit.csv"), out -> {
            CSVPrinter csv = CSVFormat.DEFAULT.builder().setHeader("kind", "weight", "picture", "other", "detail", "score").setRecordSeparator('\n').get().print(out);
            for (Finding finding : audit.findings()) {
                csv.printRecord(finding.kind().id(), finding.kind().weight().name().toLowerCase(java.util.Locale.ROOT), id(finding, 0), id(finding, 1), finding.detail(),
                    Double.isNaN(finding.score()) ? "" : rounded(finding.score()));
            }
        });
        AuditReport.write(path.resolve("report.html"), audit, environment(audit, commandLine), commandLine);
    }

    private static String id(Finding finding, int which) {
        return which < finding.pictures().size() ? finding.pictures().get(which).id() : "";
    }

    private static double rounded(double score) {
        return Math.round(score * 1e4) / 1e4;
    }

    private static void json(JsonWriter json, Audit audit) throws IOException {
        json.beginObject();
        json.name("graft").value(Version.text());
        json.name("data").value(audit.pictures().root().toString());
        json.name("train").value(audit.pictures().train().size());
        json.name("test").value(audit.pictures().test().size());
        json.name("testLabelled").value(audit.pictures().testLabelled());
        ClassCounts counts = ClassCounts.of(audit.pictures());
        json.name("classes").beginArray();
        for (int i = 0; i < counts.classes().size(); i++) {
            json.beginObject().name("name").value(counts.classes().get(i)).name("train").value(counts.train()[i]).name("test").value(counts.test()[i]).endObject();
        }
        json.endArray().name("findings").beginArray();
        for (Finding finding : audit.findings()) {
            json.beginObject().name("kind").value(finding.kind().id()).name("pictures").beginArray();
            for (Picture picture : finding.pictures()) {
                json.value(picture.id());
            }
            json.endArray().name("detail").value(finding.detail());
            if (!Double.isNaN(finding.score())) {
                json.name("score").value(rounded(finding.score()));
            }
            json.endObject();
        }
        json.endArray().endObject();
    }

    private static Map<String, String> environment(Audit audit, String commandLine) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("graft", Version.text());
        environment.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
        environment.put("time", LocalDateTime.now().toString());
        environment.put("data", audit.pictures().root().toString());
        environment.put("command", commandLine);
        return environment;
    }
}
