package graft.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.Progress;
import graft.Small;
import graft.backbone.Weights;
import graft.data.ImageFolder;
import graft.eval.Published;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import graft.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class ResumeTest {
    @TempDir Path folder;

    static Set<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !file.equals(folder)).map(file -> folder.relativize(file).toString().replace('\\', '/')).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Everything that a run computes. */
    static void assertSameRun(Path expected, Path actual) throws IOException {
        assertEquals(files(expected), files(actual));
        for (String file : files(expected)) {
            if (Files.isRegularFile(expected.resolve(file)) && !file.equals("environment.json") && !file.equals("report.html")) {
                assertArrayEquals(Files.readAllBytes(expected.resolve(file)), Files.readAllBytes(actual.resolve(file)), file);
            }
        }
    }

    /** Interrupts the thread at a step of the training, or when another kind of work begins. */
    static Progress interrupting(String at, int steps) {
        return (name, total, unit) -> {
            if (name.equals(at) && steps == 0) {
                Thread.currentThread().interrupt();
            }
            return new Progress.Task() {
                private int left = steps;

                @Override public void step(long count) {
                    if (name.equals(at) && --left == 0) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override public void note(String text) { }

                @Override public void close() { }
            };
        };
    }

    private Path finished(Recipe recipe, String name) throws InterruptedException {
        return Run.of(recipe, folder.resolve(name), Published.none(), "", Progress.SILENT).folder();
    }

    private void interrupted(Recipe recipe, Path out, Progress progress) {
        assertThrows(InterruptedException.class, () -> Run.of(recipe, out, Published.none(), "", progress));
        assertFalse(Thread.interrupted());
        assertTrue(Files.exists(out.resolve("unfinished")));
        assertFalse(Files.exists(out.resolve("metrics.json")));
    }

    @Test
    void aTrainingGoesOnFromEveryPlaceWithTheSameBits() throws Exception {
        Path whole = finished(KilledRun.recipe(), "whole");
        SplittableRandom random = new SplittableRandom(2);
        Path out = folder.resolve("out");
        interrupted(KilledRun.recipe(), out, interrupting("training", 1));
        int interrupts = 1;
        for (boolean done = false; !done;) {
            try {
                assertTrue(files(out).stream().anyMatch(file -> file.endsWith("/checkpoint.json")), files(out).toString());
                UnfinishedRun.open(out, null, Progress.SILENT).run(interrupting("training", 1 + random.nextInt(4)));
                done = true;
            } catch (InterruptedException again) {
                interrupts++;
            }
        }
        assertTrue(interrupts > 2, interrupts + " interrupts");
        assertSameRun(whole, out);
    }

    /** A frozen backbone's heads start again, in the same folder. */
    @Test
    void aFrozenRunStartsAgainInItsFolder() throws Exception {
        Path whole = finished(Small.joined(), "whole");
        for (String work : List.of("features", "training")) {
            Path out = folder.resolve(work);
            interrupted(Small.joined(), out, interrupting(work, 0));
            assertSameRun(whole, Run.resume(out).folder());
            assertRefused(out, "--resume " + out + " is finished, and its results are in " + out.resolve("report.html") + "; without --resume, the experiment is run again");
        }
    }

    private static void assertRefused(Path out, String words) {
        String sentence = assertThrows(InputException.class, () -> Run.resume(out)).getMessage();
        assertTrue(sentence.contains(words) && !sentence.contains("\n"), sentence);
    }

    @Test
    void whatCannotGoOnIsSaid() throws Exception {
        Path out = folder.resolve("out");
        assertRefused(out, "--resume " + out + " is no run's folder");
        Path data = Files.createDirectories(folder.resolve("data"));
        for (String name : List.of("kiwi", "lemon")) {
            Files.createDirectories(data.resolve(name));
            for (int i = 0; i < 3; i++) {
                Files.copy(ImageFolder.of("builtin:groceries12").root().resolve("train").resolve(name).resolve(i + ".jpg"), data.resolve(name).resolve(i + ".jpg"));
            }
        }
        Path weights = folder.resolve("resnet18.safetensors");
        StateDict state = new StateDict("untrained");
        StateDict random = Weights.untrained("resnet18", 3).load(graft.backbone.Backbones.create("resnet18", 1000), true, Progress.SILENT);
        random.names().forEach(name -> state.put(name, random.get(name)));
        state.writeSafetensors(weights, Map.of());
        Recipe recipe = Small.withoutBackbone(ImageFolder.of(data)).backbone("resnet18", Weights.file("resnet18", weights));
        interrupted(recipe, out, interrupting("features", 0));

        Files.write(data.resolve("kiwi/3.jpg"), Files.readAllBytes(data.resolve("kiwi/0.jpg")));
        assertRefused(out, "the pictures in " + data + " are not those of the recipe (data: 2 classes, 7 training pictures, 0 test pictures; the recipe's are ");
        Files.delete(data.resolve("kiwi/3.jpg"));
        Files.move(data, folder.resolve("moved"));
        assertRefused(out, "--resume " + out + " cannot go on: " + data + " does not exist");
        Files.move(folder.resolve("moved"), data);
        state.put("fc.bias", StateTensor.of(new float[1000], 1000)).put("more", StateTensor.of(new float[1], 1)).writeSafetensors(weights, Map.of());
        assertRefused(out, "put the former file back");
        for (String file : List.of("recipe.json", "environment.json")) {
            String text = Files.readString(out.resolve(file));
            Files.writeString(out.resolve(file), text.substring(0, text.length() / 2));
            assertRefused(out, out.resolve(file) + " cannot be read, so that the run cannot go on; begin a new one");
            Files.writeString(out.resolve(file), "{}");
            assertRefused(out, "--resume " + out + " cannot go on: ");
            Files.writeString(out.resolve(file), text);
        }
        state.put("fc.bias", random.get("fc.bias"));
        StateDict former = new StateDict("former");
        random.names().forEach(name -> former.put(name, random.get(name)));
        former.writeSafetensors(weights, Map.of());
        assertEquals(recipe.hash(), Run.resume(out).recipe().hash(), "none of this has changed anything");
    }

    /** As a notebook's cell does that is run again. */
    @Test
    void theNewestUnfinishedRunOfARecipeIsFound() throws Exception {
        Path whole = finished(KilledRun.recipe(), "whole");
        Path out = folder.resolve("out");
        assertEquals(Optional.empty(), RunFolder.unfinished(out, KilledRun.recipe()));
        interrupted(KilledRun.recipe(), out, interrupting("training", 4));
        assertEquals(Optional.empty(), RunFolder.unfinished(out, KilledRun.recipe().seed(9)), "another recipe");
        assertEquals(Optional.of(out), RunFolder.unfinished(out, KilledRun.recipe()));
        UnfinishedRun working = UnfinishedRun.open(out, null, Progress.SILENT);
        assertEquals(Optional.empty(), RunFolder.unfinished(out, KilledRun.recipe()), "somebody is at work on it");
        working.folder().keep();
        Run run = UnfinishedRun.open(out, KilledRun.recipe(), Published.none().validation("accuracy", 0.5)).run(Progress.SILENT);
        assertTrue(Files.readString(out.resolve("environment.json")).contains("\"resumed\""));
        assertTrue(Files.readString(out.resolve("metrics.json")).contains("\"accuracy\": 0.5"), "what is published now");
        assertEquals(Files.readString(whole.resolve("history.csv")), Files.readString(run.folder().resolve("history.csv")));
        assertEquals(Optional.empty(), RunFolder.unfinished(out, KilledRun.recipe()), "it has finished");
    }

    @Test
    void oneProcessWorksOnARun() throws Exception {
        Path out = folder.resolve("out");
        interrupted(Small.recipe(), out, interrupting("features", 0));
        UnfinishedRun working = UnfinishedRun.open(out, null, Progress.SILENT);
        assertRefused(out, out + " is still being worked on by another process; let it end, or stop it");
        working.folder().keep();
        Run.resume(out);
    }

    /** What failed without having trained anything leaves nothing; a failure later keeps what is there. */
    @Test
    void aFailureKeepsWhatItCanGoOnWith() throws Exception {
        Path out = folder.resolve("out");
        Progress failing = (name, total, unit) -> {
            throw new InputException("a failure; another time would be right");
        };
        assertThrows(InputException.class, () -> Run.of(Small.recipe(), out, Published.none(), "", failing));
        assertFalse(Files.exists(out));
        interrupted(KilledRun.recipe(), out, interrupting("training", 2));
        Set<String> before = files(out);
        assertThrows(InputException.class, () -> UnfinishedRun.open(out, null, Progress.SILENT).run(failing));
        assertEquals(before, files(out));
        Path second = folder.resolve("second");
        assertThrows(InputException.class, () -> Run.of(KilledRun.recipe(), second, Published.none(), "", (name, total, unit) -> new Progress.Task() {
            private int steps;

            @Override public void step(long count) {
                if (++steps > 5) {
                    throw new InputException("a failure; another time would be right");
                }
            }

            @Override public void note(String text) { }

            @Override public void close() { }
        }));
        assertTrue(Files.exists(second.resolve("unfinished")));
        Run.resume(second);
    }

    @Test
    void theOptionGoesAlone() throws Exception {
        Path out = folder.resolve("out");
        assertThrows(InterruptedException.class, () -> Run.of(Small.recipe(), out, Published.none().test("accuracy", 0.5), "environment/jbang quickstart --seed 0", interrupting("features", 0)));
        assertEquals("--resume goes alone, without --epochs 3: everything else is as it was when the run began", resumed("quickstart", "--epochs", "3", "--resume", out.toString()).refused());
        assertEquals("--resume goes alone, without extra: everything else is as it was when the run began", resumed("quickstart", "--resume=" + out, "extra").refused());
        assertEquals("missing required parameter for option '--resume' (DIR); environment/jbang quickstart --help lists the options", resumed("quickstart", "--resume").refused());
        assertEquals("--resume " + out + " cannot go on: it was not begun by finetune; environment/jbang quickstart --resume " + out + " would be right",
            resumed("finetune", "--resume", out.toString()).refused());
        Console done = resumed("quickstart", "--resume", out.toString());
        assertEquals(0, done.status(), done.err());
        assertTrue(done.out().contains("test accuracy") && done.out().contains(out.resolve("report.html").toString()), done.out());
        assertTrue(Files.readString(out.resolve("metrics.json")).contains("\"accuracy\": 0.5"), "the published figures");
        assertTrue(Files.readString(out.resolve("environment.json")).contains("\"resumed\""));
        assertTrue(resumed("quickstart", "--resume", out.toString()).refused().contains("is finished"));
        assertFalse(Resume.wanted("--help", "--resume", "x"));
        assertThrows(InputException.class, () -> Options.of("--resume", "runs/some"));
    }

    private static Console resumed(String script, String... arguments) {
        assertTrue(Resume.wanted(arguments));
        Resume resume = new Resume(arguments);
        return Console.script(resume, () -> Experiment.run(script, new Options(), resume), resume.own());
    }
}
