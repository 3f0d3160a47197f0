package graft.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.eval.Metrics;
import graft.eval.Mistake;
import graft.eval.Predictions;
import graft.eval.Published;
import graft.train.History;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final String NASTY = "</style><img src=x onerror=alert(1)>\"'&";
    @TempDir Path folder;

    private static Metrics metrics(String... classes) {
        return Metrics.of(new Predictions(List.of("1", "2", "3", "4"), List.of(classes), new int[] {0, 0, 1, 1},
            new float[][] {{2, 1}, {2, 1}, {2, 1}, {1, 2}}));
    }

    private static History history() {
        History history = new History();
        history.add(new History.Epoch(1, 1e-3, 1, 0.5, 1.2, 0.4));
        history.add(new History.Epoch(2, 1e-3, 0.8, 0.6, 1.1, 0.5));
        return history;
    }

    private String written(ReportContent content) throws Exception {
        Report.write(folder.resolve("report.html"), content);
        return Files.readString(folder.resolve("report.html"));
    }

    @Test void everythingIsInIt() throws Exception {
        String html = written(ReportContent.of("quickstart", "Twelve kinds of groceries")
            .commandLine("environment/jbang quickstart --seed 0").recipe(Map.of("epochs", 40.0, "optimizer", Map.of("lr", 1e-3), "betas", List.of(0.9, 0.999)))
            .environment(Map.of("java", "17.0.15")).data(Map.of("classes", "2")).history("head", history())
            .evaluated("train", metrics("kiwi", "lemon")).evaluated("test", metrics("kiwi", "lemon"))
            .published(Published.none().test("accuracy", 0.72).with("test", "f1", 0.5, 0.9).with("contest", "accuracy", 0.79))
            .mistakes(List.of(new Mistake(folder.resolve("none.jpg"), "kiwi", "lemon", 0.9))));
        for (String part : List.of("<h1>quickstart</h1>", "75.0 %", "test accuracy", "95 % interval 30.1 % to 95.4 %", "+3.0", "within", "not measured", "kiwi",
            "environment/jbang quickstart --seed 0", "17.0.15", "<dd>40</dd>", "0.9, 0.999", "Confusion matrix", "→ lemon", "window.graftPlots")) {
            assertTrue(html.contains(part), part);
        }
        assertEquals(1, html.split("plotly.js 1.54.1", -1).length - 1, "the library comes once");
        assertTrue(html.length() < 1_500_000, html.length() + " characters");
    }

    @Test void namesFromStrangersStayText() throws Exception {
        String html = written(ReportContent.of(NASTY, NASTY).commandLine(NASTY).recipe(Map.of(NASTY, Map.of(NASTY, List.of(NASTY, List.of(NASTY)))))
            .environment(Map.of(NASTY, NASTY)).data(Map.of(NASTY, NASTY)).history(NASTY, history()).evaluated(NASTY, metrics(NASTY, "b"))
            .published(Published.none().with(NASTY, NASTY, 1)).mistakes(List.of(new Mistake(Path.of("x.jpg"), NASTY, NASTY, 1))));
        assertFalse(html.contains("<img src=x"));
        assertEquals(1, html.split("</style", -1).length - 1);
    }

    @Test void partsWithoutContentAreLeftOut() throws Exception {
        String html = written(ReportContent.of("empty", "nothing yet"));
        assertFalse(html.contains("<h2>"));
        assertFalse(html.contains("<script"));
    }

    @Test void theResult() {
        ReportContent content = ReportContent.of("t", "s").evaluated("a · test", metrics("x", "y")).evaluated("b · test", metrics("x", "y")).evaluated("train", metrics("x", "y"));
        assertEquals("b · test", content.result());
        assertEquals("a · test", content.headline("a · test").result());
        assertEquals("train", ReportContent.of("t", "s").evaluated("validation", metrics("x", "y")).evaluated("train", metrics("x", "y")).result());
        assertThrows(IllegalArgumentException.class, () -> content.headline("c"));
    }

    @Test void anUnwritablePlaceIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        String message = assertThrows(InputException.class, () -> Report.write(file.resolve("report.html"), ReportContent.of("t", "s"))).getMessage();
        assertTrue(message.contains("report.html"), message);
    }
}
