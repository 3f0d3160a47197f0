package graft.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    @TempDir Path folder;

    /** A run of ten pictures of which all but the {@code wrong} first are right. */
    private Path run(String name, double rate, String transforms, int wrong) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(run.resolve("recipe.json"), "{\"experiment\": \"x\", \"optimizer\": {\"name\": \"AdamW\", \"learning_rate\": " + rate + "}, \"train\": [" + transforms + "], \"hidden\": null}");
        Files.writeString(run.resolve("environment.json"), "{\"java\": \"17\", \"time\": \"" + name + "\"}");
        Files.writeString(run.resolve("metrics.json"), "{\"test\": {\"accuracy\": " + (10 - wrong) / 10.0 + ", \"auc\": null, \"count\": 10}, \"published\": {}}");
        Files.writeString(run.resolve("history.csv"), "training,epoch,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy\n"
            + "\"net, fold 1\",1,0.1,2,0.2,2.5,0.1\n\"net, fold 2\",1,0.1,1,0.4,1.5,0.3\n\"net, all\",1,0.1,9,0.9,,\n");
        StringBuilder predictions = new StringBuilder("id,label,predicted,probability,a,b\n");
        for (int i = 0; i < 10; i++) {
            predictions.append("test/a/").append(i).append(".jpg,a,").append(i < wrong ? "b" : "a").append(",0.9,0.9,0.1\n");
        }
        Files.writeString(run.resolve("predictions.csv"), predictions.append("test/unlabelled.jpg,,a,0.9,0.9,0.1\n"));
        return run;
    }

    @Test void whatDiffersThenTheResults() throws IOException {
        Path slow = run("slow", 0.001, "{\"name\": \"Resize\", \"size\": 64}, {\"name\": \"CenterCrop\", \"size\": [64, 32]}", 6);
        Path fast = run("fast<b>", 0.01, "{\"name\": \"Resize\", \"size\": 64}", 0);
        Comparison comparison = Comparison.of(List.of(slow, fast));
        assertEquals(Map.of("optimizer.learning_rate", List.of("0.001", "0.01"), "train", List.of("Resize(64), CenterCrop([64, 32])", "Resize(64)")), comparison.recipeDifferences());
        assertEquals(Map.of(), comparison.environmentDifferences(), "the time of a run is its own");
        assertEquals(List.of("test"), comparison.sets());
        String text = comparison.toString();
        assertTrue(text.contains(String.format("  %-40s 40.0 %% (95 %%: 16.8 to 68.7)", "slow")), text);
        assertTrue(text.contains("+60.0 %") && text.contains("p = 0.031"), text); // 2 / 2⁶
        assertEquals(0.3, comparison.runs().get(0).histories().get("net").epochs().get(0).trainAccuracy(), 1e-12, "the mean over folds, without what was trained on all");
        Path file = folder.resolve("compare.html");
        comparison.write(file);
        String html = Files.readString(file);
        assertTrue(html.contains("fast&lt;b&gt;") && !html.contains("fast<b>") && html.contains("+60.0 points") && html.contains("optimizer.learning_rate"));
        assertTrue(html.contains("default-src 'none'"), "it loads nothing");
    }

    @Test void equalRunsAndOtherPictures() throws IOException {
        Path one = run("one", 0.1, "", 1);
        assertTrue(Comparison.of(List.of(one, one)).toString().startsWith("nothing differs in recipe and environment"));
        assertEquals(2, Comparison.of(List.of(one, one)).runs().stream().map(FinishedRun::name).distinct().count(), "names are told apart");
        Path other = run("other", 0.1, "", 1);
        Files.writeString(other.resolve("predictions.csv"), Files.readString(other.resolve("predictions.csv")).replace("test/a/0", "test/a/x"));
        assertTrue(Comparison.of(List.of(one, other)).toString().contains("other pictures, so no test"));
    }

    /** As a contest has them: the organisers keep the labels of the test pictures. */
    @Test void validationPicturesSpeakWhereTestPicturesHaveNoLabels() throws IOException {
        Path one = contest("one", 6);
        assertTrue(Comparison.of(List.of(one, contest("other", 0))).toString().contains("p = 0.031"));
        Files.delete(one.resolve("validation.csv"));
        assertTrue(Comparison.of(List.of(one, one)).toString().contains("other pictures, so no test"));
    }

    private Path contest(String name, int wrong) throws IOException {
        Path run = run(name, 0.1, "", wrong);
        Files.move(run.resolve("predictions.csv"), run.resolve("validation.csv"));
        Files.writeString(run.resolve("predictions.csv"), "id,label,predicted,probability,a,b\ntest/1.jpg,,a,0.9,0.9,0.1\n");
        return run;
    }

    @Test void whatIsNoRunIsRefused() throws IOException {
        Path one = run("one", 0.1, "", 1);
        assertEquals("one run alone cannot be compared; give the folders of two or more", assertThrows(InputException.class, () -> Comparison.of(List.of(one))).getMessage());
        String message = assertThrows(InputException.class, () -> Comparison.of(List.of(one, folder))).getMessage();
        assertEquals(folder + " is not the folder of a finished run (it holds no metrics.json); give one such as runs/quickstart/…", message);
        for (String file : List.of("recipe.json", "metrics.json", "history.csv", "predictions.csv")) {
            Path damaged = run("damaged " + file, 0.1, "", 1);
            Files.writeString(damaged.resolve(file), "training,nothing\n\"x");
            String sentence = assertThrows(InputException.class, () -> Comparison.of(List.of(one, damaged))).getMessage();
            assertTrue(sentence.endsWith(file + " is missing or damaged; give the folder of a run that finished"), sentence);
            assertFalse(sentence.contains("\n"));
        }
        Path text = run("text", 0.1, "", 1);
        Files.writeString(text.resolve("metrics.json"), "{\"test\": {\"accuracy\": \"good\", \"count\": 10}}");
        assertEquals("metrics.json of text says that the accuracy of test is \"good\"; a number would be right",
            assertThrows(InputException.class, () -> Comparison.of(List.of(one, text)).toString()).getMessage());
        Files.writeString(text.resolve("predictions.csv"), "id\na\n");
        assertEquals(text.resolve("predictions.csv") + " is missing or damaged; give the folder of a run that finished",
            assertThrows(InputException.class, () -> Comparison.of(List.of(one, text))).getMessage());
    }

    @Test void classesMayBeCalledAsColumnsAre() throws IOException {
        Path one = run("one", 0.1, "", 1);
        Path other = run("other", 0.1, "", 3);
        for (Path run : List.of(one, other)) {
            Files.writeString(run.resolve("predictions.csv"), Files.readString(run.resolve("predictions.csv")).replace("probability,a,b", "probability,label,predicted"));
        }
        assertEquals(9, FinishedRun.read(one).answers().values().stream().filter(FinishedRun.Answer::right).count());
        assertEquals(7, FinishedRun.read(other).answers().values().stream().filter(FinishedRun.Answer::right).count());
    }
}
