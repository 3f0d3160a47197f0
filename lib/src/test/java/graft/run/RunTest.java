package graft.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.InputException;
import graft.Progress;
import graft.Small;
import graft.data.ImageFolder;
import graft.data.Picture;
import graft.data.Split;
import graft.eval.Published;
import graft.eval.Submission;
import graft.plot.Embeddings;
import graft.train.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class RunTest {
    private static final List<String> FIGURES = List.of("accuracy", "top5", "precision", "recall", "f1", "auc", "loss", "count");

    @TempDir Path folder;

    private Run run(Recipe recipe, String name) throws InterruptedException {
        return Run.of(recipe, folder.resolve(name), Published.none(), "", Progress.SILENT);
    }

    private static JsonObject json(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    private static Set<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString().replace('\\', '/')).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The first pictures of two built-in classes, under other names. */
    private Path pictures(String name, Map<String, String> classes, int each, int test) throws IOException {
        Path root = folder.resolve(name);
        for (Map.Entry<String, String> one : classes.entrySet()) {
            Path from = ImageFolder.of("builtin:groceries12").root().resolve("train").resolve(one.getValue());
            for (int i = 0; i < each + test; i++) {
                Path to = root.resolve(i < each ? "train/" + one.getKey() : "test").resolve(i < each ? i + ".jpg" : one.getValue() + i + ".jpg");
                Files.createDirectories(to.getParent());
                Files.copy(from.resolve(i + ".jpg"), to);
            }
        }
        return root;
    }

    @Test
    void everythingOfTheDesignIsThere() throws Exception {
        Run run = run(Small.recipe(), "run");
        assertEquals(Set.of("recipe.json", "environment.json", "split.csv", "history.csv", "metrics.json", "predictions.csv", "submission.csv", "validation.csv", "report.html",
            "checkpoint/classifier.json", "checkpoint/mobilenet_v2.safetensors"), files(run.folder()));
        JsonObject metrics = json(run.folder().resolve("metrics.json"));
        assertEquals(List.of("train", "validation", "test", "published"), List.copyOf(metrics.keySet()));
        for (String set : List.of("train", "validation", "test")) {
            assertEquals(FIGURES, List.copyOf(metrics.getAsJsonObject(set).keySet()));
            assertEquals(36, metrics.getAsJsonObject(set).get("count").getAsInt());
        }
        assertEquals(run.test().accuracy(), metrics.getAsJsonObject("test").get("accuracy").getAsDouble());
        assertEquals(Small.recipe().toJson(), json(run.folder().resolve("recipe.json")));
        List<String> environment = new ArrayList<>(List.of("graft", "libtorch", "java", "system", "device", "time", "data", "pictures a class", "command"));
        environment.addAll(run.took().facts().keySet());
        environment.add("published");
        assertEquals(environment, List.copyOf(json(run.folder().resolve("environment.json")).keySet()));
        assertTrue(run.took().seconds() > 0 && run.took().memory().orElse(1) > 0, run.took().toString());
        Submission.check(run.folder().resolve("submission.csv"), java.util.Optional.empty(), run.result().predictions().get("test"));
        assertEquals(37, Files.readAllLines(run.folder().resolve("predictions.csv")).size());
        assertEquals(Set.copyOf(run.result().predictions().get("validation").ids()),
            Files.readAllLines(run.folder().resolve("validation.csv")).stream().skip(1).map(line -> line.substring(0, line.indexOf(','))).collect(Collectors.toSet()));
        assertEquals(73, Files.readAllLines(run.folder().resolve("split.csv")).size());
        assertEquals(1 + 4 * 2, Files.readAllLines(run.folder().resolve("history.csv")).size());
        for (String file : List.of("recipe.json", "environment.json", "metrics.json", "history.csv", "predictions.csv", "submission.csv", "split.csv")) {
            assertTrue(Files.readString(run.folder().resolve(file)).endsWith("\n"), file);
        }
        assertTrue(run.summary().contains("test accuracy"), run.summary());
    }

    @Test
    void theSameRecipeGivesTheSameBytes() throws Exception {
        Path first = run(Small.joined(), "first").folder();
        Path second = run(Small.joined(), "second").folder();
        for (String file : List.of("recipe.json", "split.csv", "history.csv", "metrics.json", "predictions.csv", "submission.csv", "checkpoint/classifier.json",
            "checkpoint/joined.safetensors", "checkpoint/mobilenet_v2.safetensors")) {
            assertArrayEquals(Files.readAllBytes(first.resolve(file)), Files.readAllBytes(second.resolve(file)), file);
        }
        Path other = run(Small.joined().seed(1), "other").folder();
        for (String file : List.of("split.csv", "history.csv", "metrics.json", "predictions.csv")) {
            assertNotEquals(Files.readString(first.resolve(file)), Files.readString(other.resolve(file)), file);
        }
    }

    @Test
    void theSavedModelSaysWhatTheRunSaid() throws Exception {
        for (Recipe recipe : List.of(Small.recipe(), Small.joined())) {
            Run run = run(recipe, "run" + recipe.members().size());
            List<Path> files = recipe.data().test().stream().map(Picture::file).toList();
            try (Classifier classifier = Classifier.load(run.folder())) {
                assertEquals(recipe.data().classes(), classifier.classes());
                float[][] logits = classifier.logits(files, Progress.SILENT);
                for (int i = 0; i < logits.length; i++) {
                    assertArrayEquals(run.result().predictions().get("test").logits(i), logits[i], recipe.data().test().get(i).id());
                }
                assertEquals(0, classifier.logits(List.of(), Progress.SILENT).length);
            }
        }
    }

    @Test
    void joinedRunsShowEachMember() throws Exception {
        Run run = run(Small.joined(), "run");
        JsonObject metrics = json(run.folder().resolve("metrics.json"));
        assertEquals(List.of("train", "validation", "test", "published", "members"), List.copyOf(metrics.keySet()));
        assertEquals(List.of("mobilenet_v2", "resnet18"), List.copyOf(metrics.getAsJsonObject("members").keySet()));
        assertTrue(Files.readString(run.folder().resolve("report.html")).contains("resnet18 · test"));
        assertTrue(run.summary().contains("joined, against " + run.bestMember() + ": " + run.gain()), run.summary());
        assertEquals(36, run.gain().count());
        assertTrue(run.looked(2).html().contains("Where " + run.bestMember() + " looked"));
        Embeddings embeddings = run.embeddings(Progress.SILENT);
        assertTrue(embeddings.describe().startsWith(run.bestMember() + " · test pictures by their features: 36 pictures of 12 classes"), embeddings.describe());
        assertArrayEquals(embeddings.png(), run.embeddings(Progress.SILENT).png());
        assertTrue(assertThrows(InputException.class, () -> run.curves("resnet50")).getMessage().contains("mobilenet_v2, resnet18, joined"));
    }

    /** Held-out pictures are no training pictures: the head that is kept has not learned from them. */
    @Test
    void aSplitIsMeasuredInItsTwoParts() throws Exception {
        Run run = Run.of(Small.recipe().split(Split.stratified(0.3)), folder.resolve("run"), Published.none().test("accuracy", 0.6).with("validation", "accuracy", 0.7, 0.8), "", Progress.SILENT);
        Set<String> train = Set.copyOf(run.result().predictions().get("train").ids());
        Set<String> validation = Set.copyOf(run.result().predictions().get("validation").ids());
        assertEquals(24, train.size());
        assertEquals(12, validation.size());
        assertTrue(run.summary().lines().toList().get(0).matches("validation accuracy .* %  \\(95 %: .*; published 70\\.0 to 80\\.0 %\\)"), run.summary());
        assertTrue(run.summary().lines().toList().get(1).matches("test accuracy .* %  \\(95 %: .*; published 60\\.0 %\\)"), run.summary());
        assertTrue(run.summary().lines().toList().get(2).matches("(best: .* {5})?worst: .*|every class is right every time"), run.summary());
        assertFalse(train.stream().anyMatch(validation::contains));
    }

    @Test
    void twoClassesWithoutTestPictures() throws Exception {
        Path root = pictures("two", Map.of("with, comma \"quoted\" <b>&amp;</b> Äpfel", "kiwi", " </script><script>alert(1)</script>".replace("/", "∕"), "lemon"), 4, 0);
        Run run = run(Small.recipe(ImageFolder.of(root)), "run");
        assertFalse(files(run.folder()).contains("submission.csv"));
        JsonObject metrics = json(run.folder().resolve("metrics.json"));
        assertEquals(List.of("train", "validation", "published"), List.copyOf(metrics.keySet()));
        assertEquals(1, metrics.getAsJsonObject("validation").get("top5").getAsDouble());
        assertTrue(run.summary().startsWith("validation accuracy"), run.summary());
        assertThrows(InputException.class, run::test);
        String report = Files.readString(run.folder().resolve("report.html"));
        assertFalse(report.contains("<b>&amp;</b>"), "class names are text");
        assertFalse(report.contains("<script>alert"), "class names are text");
        try (Classifier classifier = Classifier.load(run.folder())) {
            assertEquals(run.recipe().data().classes(), classifier.classes());
        }
    }

    @Test
    void testPicturesWithoutLabelsAreSubmitted() throws Exception {
        Path root = pictures("contest", Map.of("10", "kiwi", "9", "lemon", " spaces ", "orange"), 3, 2);
        Files.writeString(root.resolve("sample_submission.csv"), "Image, Kind\nlemon4, 0\nkiwi3, 0\norange3, 0\n");
        Run run = run(Small.recipe(ImageFolder.of(root)), "run");
        assertFalse(run.recipe().data().testLabelled());
        List<String> lines = Files.readAllLines(run.folder().resolve("submission.csv"));
        assertEquals("Image,Kind", lines.get(0));
        assertTrue(lines.get(1).startsWith("lemon4,") && lines.get(2).startsWith("kiwi3,") && lines.size() == 4, lines.toString());
        assertEquals(List.of("train", "validation", "published"), List.copyOf(json(run.folder().resolve("metrics.json")).keySet()));
        assertEquals("validation", run.result().best());
        Files.delete(root.resolve("sample_submission.csv"));
        assertEquals(7, Files.readAllLines(run(Small.recipe(ImageFolder.of(root)), "again").folder().resolve("submission.csv")).size());
    }

    @Test
    void aSampleThatCannotBeFilledIsRefusedBeforeAnythingTrains() throws Exception {
        Path root = pictures("contest", Map.of("10", "kiwi", "9", "lemon"), 3, 1);
        Path sample = root.resolve("sample_submission.csv");
        Path out = folder.resolve("run");
        for (String text : List.of("ID,Label\nkiwi3,0\nkiwi7,0\n", "ID,Label\nkiwi3,0\nkiwi3,0\n", "", "ID\nkiwi3\n", "ID,Label\nkiwi3\n")) {
            Files.writeString(sample, text);
            List<String> begun = new ArrayList<>();
            InputException refused = assertThrows(InputException.class, () -> Run.of(Small.recipe(ImageFolder.of(root)), out, Published.none(), "", (name, total, unit) -> {
                begun.add(name);
                return Progress.SILENT.start(name, total, unit);
            }));
            assertTrue(refused.getMessage().startsWith(sample.toString()), refused.getMessage());
            assertEquals(List.of(), begun);
            assertTrue(Files.notExists(out));
        }
    }

    @Test
    void aFolderHoldsOneRun() throws Exception {
        Recipe recipe = Small.recipe();
        Path out = folder.resolve("out");
        RunFolder first = RunFolder.create(out, recipe);
        assertEquals(Set.of("unfinished"), files(out));
        assertTrue(assertThrows(InputException.class, () -> RunFolder.create(out, recipe)).getMessage().contains("is not empty"));
        first.discard();
        assertTrue(Files.notExists(out));
        Files.createDirectories(out);
        RunFolder.create(out, recipe).discard();
        assertTrue(Files.isDirectory(out), "what was there before stays");
        Path deep = folder.resolve("new/newer/out");
        RunFolder.create(deep, recipe).discard();
        assertTrue(Files.notExists(folder.resolve("new")) && Files.isDirectory(folder));
    }

    /** Two that begin in the same second; the first is there already. */
    @Test
    void everyRunHasAFolderOfItsOwn() throws Exception {
        String name = "folders-of-a-test";
        Recipe recipe = Recipe.of(name, Small.pictures());
        List<RunFolder> made = List.of(RunFolder.create(null, recipe), RunFolder.create(null, recipe), RunFolder.create(null, recipe));
        try {
            assertEquals(3, made.stream().map(RunFolder::path).distinct().count());
        } finally {
            for (int i = 2; i >= 0; i--) { // the first made the folder around them
                made.get(i).discard();
            }
            assertTrue(made.stream().allMatch(folder -> Files.notExists(folder.path())));
            assertTrue(Files.notExists(Path.of("runs", name)));
        }
    }

    @Test
    void aModelThatIsDamagedIsRefused() throws Exception {
        Path run = run(Small.recipe(), "run").folder();
        Path file = run.resolve("checkpoint/classifier.json");
        String good = Files.readString(file);
        assertRefused(folder.resolve("nothing"), "does not exist");
        assertRefused(folder, "holds no trained model");
        for (String bad : List.of("", "[]", "{}", "{\"classes\": 3}", good.substring(0, good.length() / 2), good.replace("float32", "float8"),
            good.replace("mobilenet_v2", "mobilenet_v7"), good.replace("0.485", "\"x\""), good.replaceFirst("0.485[0-9]*,", ""), good.replace("\"banana\",", ""),
            good.replaceAll("(?s)\"backbones\": \\[.*\\]", "\"backbones\": []"))) {
            assertNotEquals(good, bad);
            Files.writeString(file, bad);
            assertRefused(run, "");
        }
        Files.writeString(file, good);
        Path weights = run.resolve("checkpoint/mobilenet_v2.safetensors");
        Files.write(weights, java.util.Arrays.copyOf(Files.readAllBytes(weights), 100_000));
        assertRefused(run, "mobilenet_v2.safetensors");
        Path both = run(Small.joined(), "both").folder();
        Path joined = both.resolve("checkpoint/joined.safetensors");
        Files.copy(both.resolve("checkpoint/resnet18.safetensors"), joined, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertRefused(both, "");
        Files.delete(joined);
        assertRefused(both, "joined.safetensors");
    }

    private static void assertRefused(Path run, String part) {
        InputException refused = assertThrows(InputException.class, () -> Classifier.load(run));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
        assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
    }
}
