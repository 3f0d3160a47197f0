package graft.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.InputException;
import graft.Progress;
import graft.data.Finding;
import graft.data.ImageFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditRunTest {
    private static final String NASTY = "<img src=x onerror=alert(1)>&'";
    @TempDir Path folder;

    private Path data() throws Exception {
        Path root = ImageFolder.of("builtin:groceries12").root();
        Path data = folder.resolve("data");
        for (String name : List.of("kiwi", NASTY)) {
            Files.createDirectories(data.resolve(name));
            for (int i = 0; i < 3; i++) {
                Files.copy(root.resolve("train").resolve(name.equals("kiwi") ? name : "lemon").resolve(i + ".jpg"), data.resolve(name).resolve(i + ".jpg"));
            }
        }
        Files.copy(data.resolve("kiwi/1.jpg"), data.resolve(NASTY).resolve("kiwi.jpg"));
        Files.writeString(data.resolve("kiwi/text.jpg"), "no picture");
        return data;
    }

    @Test
    void everythingIsWritten() throws Exception {
        Path out = folder.resolve("new").resolve("out");
        AuditRun run = AuditRun.of(data().toString(), null, List.of(), out, Progress.SILENT, "--data", "a b");
        assertEquals(out, run.folder());
        JsonObject json = JsonParser.parseString(Files.readString(out.resolve("audit.json"))).getAsJsonObject();
        assertEquals(8, json.get("train").getAsInt());
        assertEquals(run.audit().findings().size(), json.getAsJsonArray("findings").size());
        JsonObject first = json.getAsJsonArray("findings").get(0).getAsJsonObject();
        assertEquals("unreadable", first.get("kind").getAsString());
        assertEquals("kiwi/text.jpg", first.getAsJsonArray("pictures").get(0).getAsString());
        assertFalse(first.has("score"));
        List<String> csv = Files.readAllLines(out.resolve("audit.csv"));
        assertEquals("kind,weight,picture,other,detail,score", csv.get(0));
        assertEquals(1 + run.audit().findings().size(), csv.size());
        assertTrue(csv.stream().anyMatch(line -> line.startsWith("conflict,harmful,")), csv.toString());
        String html = Files.readString(out.resolve("report.html"));
        for (Finding.Kind kind : run.audit().byKind().keySet()) {
            assertTrue(html.contains("id=\"" + kind.id() + "\"") && html.contains(kind.advice()), kind.id());
        }
        assertTrue(html.contains("<strong>2</strong> harmful findings"), "a file that is no picture, a picture in two classes");
        assertTrue(html.contains("environment/jbang audit --data &#39;a b&#39;"));
        assertFalse(html.contains("<img src=x"));
    }

    @Test
    void badInputIsRefusedAndLeavesNothing() throws Exception {
        Path data = data();
        Path out = folder.resolve("out");
        assertRefused("is not known", data, "resnet1", List.of(), out);
        assertRefused("there is no --backbone", data, null, List.of("resnet50=" + data.resolve("kiwi/1.jpg")), out);
        assertRefused("does not exist", folder.resolve("missing"), null, List.of(), out);
        assertRefused("is not empty", data, null, List.of(), data);
        assertRefused("is no folder", data, null, List.of(), data.resolve("kiwi/1.jpg").resolve("out"));
        assertTrue(Files.notExists(out));
    }

    private static void assertRefused(String words, Path data, String backbone, List<String> weights, Path out) {
        String sentence = assertThrows(InputException.class, () -> AuditRun.of(data.toString(), backbone, weights, out, Progress.SILENT)).getMessage();
        assertTrue(sentence.contains(words), sentence);
    }
}
