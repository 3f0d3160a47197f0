package graft.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.Progress;
import graft.Small;
import graft.eval.Published;
import graft.plot.BarPlot;
import graft.train.Optimizer;
import graft.train.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class VariantsTest {
    @TempDir Path folder;

    private static Variants two() {
        Recipe recipe = Small.recipe();
        return Variants.of("Does the rate matter?").with("as it is", recipe, Published.none().test("accuracy", 0.5)).with("hardly: 1e-9", recipe.optimizer(Optimizer.adamW(1e-9)));
    }

    private VariantResults run(Variants variants, String... more) throws InterruptedException {
        return run(variants, List.of(), more);
    }

    private VariantResults run(Variants variants, List<Run> finished, String... more) throws InterruptedException {
        Options options = new Options();
        List<String> arguments = new ArrayList<>(List.of("--out", folder.resolve("out").toString()));
        arguments.addAll(Arrays.asList(more));
        Script.parse(options, arguments);
        return variants.run(options, Progress.SILENT, finished.toArray(Run[]::new));
    }

    @Test
    void eachIsRunAndComparedWithTheFirst() throws Exception {
        VariantResults results = run(two());
        assertEquals(List.of("as it is", "hardly: 1e-9"), results.variants());
        assertTrue(results.accuracy("as it is") > results.accuracy("hardly: 1e-9"), results.toString());
        List<String> table = results.toString().lines().toList();
        assertEquals(4, table.size());
        assertTrue(table.get(3).matches("hardly: 1e-9 +[0-9.]+ % .* -[0-9.]+ % \\(95 %: .*\\), p = .*"), table.get(3));
        assertTrue(results.plot().describe().startsWith("Does the rate matter? (test accuracy): as it is "), results.plot().describe());
        List<String> csv = Files.readAllLines(folder.resolve("out/variants.csv"));
        assertEquals("variant,seed,recipe,set,accuracy,low,high,loss,best epoch,seconds,folder", csv.get(0));
        assertEquals(3, csv.size());
        assertTrue(csv.get(2).endsWith(",hardly-1e-9"), csv.get(2));
        assertTrue(Files.exists(folder.resolve("out/as-it-is/report.html")) && Files.size(folder.resolve("out/variants.png")) > 1000);
    }

    @Test
    void whatBothSeeOfThePicturesIsComputedOnce() throws Exception {
        Options options = new Options();
        Script.parse(options, List.of("--out", folder.resolve("out").toString()));
        AtomicLong views = new AtomicLong();
        Progress counting = (name, total, unit) -> {
            views.addAndGet(name.equals("features") ? total : 0);
            return Progress.SILENT.start(name, total, unit);
        };
        two().run(options, "a test", counting, Progress.SILENT.start("variants", 2, "runs"));
        assertEquals(Small.recipe().data().train().size() + Small.recipe().data().test().size(), views.get());
    }

    @Test
    void seedsGiveASpread() throws Exception {
        VariantResults results = run(two().seeds(2), "--seed", "7");
        List<String> csv = Files.readAllLines(folder.resolve("out/variants.csv"));
        assertEquals(List.of("as-it-is-seed-7", "as-it-is-seed-8", "hardly-1e-9-seed-7", "hardly-1e-9-seed-8"), csv.stream().skip(1).map(line -> line.substring(line.lastIndexOf(',') + 1)).toList());
        double[] accuracies = csv.stream().skip(1).limit(2).mapToDouble(line -> Double.parseDouble(line.split(",")[4])).toArray();
        assertEquals((accuracies[0] + accuracies[1]) / 2, results.accuracy("as it is"), 1e-12);
        assertEquals(Math.min(accuracies[0], accuracies[1]), results.interval("as it is").low());
        assertEquals(Math.max(accuracies[0], accuracies[1]), results.interval("as it is").high());
        assertTrue(results.toString().contains("over 2 seeds"), results.toString());
    }

    private Run finished(Recipe recipe) throws InterruptedException {
        return Run.of(recipe, folder.resolve("before-" + recipe.hash()), Published.none().test("accuracy", 0.4), "a test", Progress.SILENT);
    }

    private List<String> runsMade() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("out"))) {
            return all.filter(Files::isDirectory).map(made -> made.getFileName().toString()).sorted().toList();
        }
    }

    /** The recipe decides, whatever the variant is called, and the figures are those of the run that is there. */
    @Test
    void aRunThatIsThereIsNotTrainedAgain() throws Exception {
        Run before = finished(Small.recipe());
        VariantResults results = run(two().seeds(2), List.of(before));
        assertEquals(List.of("as-it-is-seed-1", "hardly-1e-9-seed-0", "hardly-1e-9-seed-1"), runsMade());
        List<String> csv = Files.readAllLines(folder.resolve("out/variants.csv"));
        assertTrue(csv.get(1).startsWith("as it is,0," + before.recipe().hash() + ",test," + before.test().accuracy() + ","), csv.get(1));
        assertTrue(csv.get(1).endsWith("," + Math.round(before.took().seconds()) + "," + before.folder()) && before.took().seconds() > 0.1, csv.get(1));
        List<String> table = results.toString().lines().toList();
        assertEquals("as it is, seed 0 was not trained again: the run in " + before.folder() + " has carried out recipe " + before.recipe().hash(), table.get(table.size() - 1));
        BarPlot documented = BarPlot.of("Does the rate matter? (test accuracy)"); // for the variant, not for the run
        documented = documented.bar("as it is", results.accuracy("as it is"), results.interval("as it is")).published(new Published.Range(0.5, 0.5));
        documented = documented.bar("hardly: 1e-9", results.accuracy("hardly: 1e-9"), results.interval("hardly: 1e-9"));
        assertArrayEquals(documented.png(), results.plot().png());
    }

    @Test
    void aRunOfAnotherRecipeIsNotUsed() throws Exception {
        Run other = finished(Small.recipe().epochs(1));
        VariantResults results = run(two(), List.of(other));
        assertEquals(List.of("as-it-is", "hardly-1e-9"), runsMade());
        assertTrue(results.toString().endsWith("the run in " + other.folder() + " is none of these: its recipe is " + other.recipe().hash()), results.toString());
    }

    /** Two names for one recipe, and a backbone alone that was trained with another: its figures are those of a run of its own. */
    @Test
    void nothingIsTrainedTwice() throws Exception {
        Recipe joined = Small.joined();
        Recipe alone = joined.withoutBackbones().backbone("resnet18", joined.members().get(1).weights());
        Variants variants = Variants.of("?").with("both", joined).with("again", joined.epochs(2)).with("alone", alone);
        VariantResults results = run(variants);
        assertEquals(List.of("both"), runsMade());
        Run own = finished(alone);
        assertEquals(own.test().accuracy(), results.accuracy("alone"));
        List<String> csv = Files.readAllLines(folder.resolve("out/variants.csv"));
        assertTrue(csv.get(3).startsWith("alone,0," + own.recipe().hash() + ",test,"), csv.get(3));
        assertEquals(Double.toString(own.test().loss()), csv.get(3).split(",")[7]);
        assertTrue(csv.get(3).endsWith("," + (own.curveHistories().get("resnet18").best() + 1) + ",,both"), csv.get(3));
        assertEquals(2, results.toString().lines().filter(line -> line.contains("was not trained again")).count(), results.toString());
    }

    /** As a script's {@code --variants} does. */
    private VariantResults into(String out, Variants variants, Progress progress, Progress.Task whole) throws InterruptedException {
        Options options = new Options();
        Script.parse(options, List.of("--out", folder.resolve(out).toString()));
        return variants.run(options, "environment/jbang two --variants", progress, whole);
    }

    private static Progress.Task notes(List<String> notes) {
        return new Progress.Task() {
            @Override public void step(long count) { }

            @Override public void note(String text) {
                notes.add(text);
            }

            @Override public void close() { }
        };
    }

    /** Stops the second training, and says how to go on. */
    private String stopped(String out, Variants variants) {
        List<String> begun = new ArrayList<>();
        Progress inTheSecond = (name, total, unit) -> (begun.size() == 2 ? ResumeTest.interrupting("training", 1) : Progress.SILENT).start(name, total, unit);
        String said = Console.script(new Options(), () -> {
            assertThrows(InterruptedException.class, () -> into(out, variants, inTheSecond, notes(begun)));
            return 0;
        }).err();
        assertFalse(Thread.interrupted());
        assertTrue(Files.exists(folder.resolve(out).resolve("unfinished")));
        return said;
    }

    @Test
    void stoppedVariantsGoOnWithTheSameBits() throws Exception {
        VariantResults whole = into("whole", two(), Progress.SILENT, notes(new ArrayList<>()));
        assertEquals("go on        environment/jbang two --variants\n", stopped("out", two()));
        List<String> notes = new ArrayList<>();
        AtomicLong trainings = new AtomicLong();
        VariantResults results = into("out", two(), (name, total, unit) -> {
            trainings.addAndGet(name.equals("training") ? 1 : 0);
            return Progress.SILENT.start(name, total, unit);
        }, notes(notes));
        assertEquals(List.of("as it is: not trained again", "hardly: 1e-9"), notes);
        assertEquals(1, trainings.get());
        assertEquals(withoutTimes(whole.toString()), withoutTimes(results.toString()));
        assertArrayEquals(whole.plot().png(), results.plot().png());
        assertEquals(ResumeTest.files(folder.resolve("whole")), ResumeTest.files(folder.resolve("out")));
        for (String run : List.of("as-it-is", "hardly-1e-9")) {
            ResumeTest.assertSameRun(folder.resolve("whole").resolve(run), folder.resolve("out").resolve(run));
        }
    }

    /** The column of seconds is all that differs. */
    private static String withoutTimes(String table) {
        return table.replaceAll("(?m)^(.* % +[0-9.]+ to [0-9.]+ +[0-9]+ +)[0-9]+", "$1");
    }

    @Test
    void whatWasNotNotedIsTrainedAgainBeside() throws Exception {
        stopped("out", two());
        Files.delete(folder.resolve("out/finished.json"));
        Files.delete(folder.resolve("out/hardly-1e-9/recipe.json")); // as if it was killed in its first moment
        into("out", two(), Progress.SILENT, notes(new ArrayList<>()));
        assertEquals(List.of("as-it-is", "as-it-is-2", "hardly-1e-9", "hardly-1e-9-2"), runsMade());
        ResumeTest.assertSameRun(folder.resolve("out/as-it-is"), folder.resolve("out/as-it-is-2"));
    }

    @Test
    void otherVariantsDoNotGoOnWithThem() {
        stopped("out", two());
        Variants three = two().with("more", Small.recipe().epochs(1));
        assertEquals("--out " + folder.resolve("out") + " is not empty; give a folder that is new or empty",
            assertThrows(InputException.class, () -> into("out", three, Progress.SILENT, notes(new ArrayList<>()))).getMessage());
    }

    @Test
    void otherPicturesAreNotCompared() {
        VariantRun five = new VariantRun(0, "a", "validation", Map.of("1.jpg", true, "2.jpg", false), 1, Optional.empty(), OptionalInt.of(1), 1, folder.resolve("a"));
        VariantRun fifth = new VariantRun(0, "b", "validation", Map.of("1.jpg", true), 1, Optional.empty(), OptionalInt.of(1), 1, folder.resolve("b"));
        String table = VariantResults.of("?", folder).with("five folds", five, Published.none()).with("a fifth", fifth, Published.none()).toString();
        assertTrue(table.endsWith("other pictures, so no test"), table);
    }

    @Test
    void whatCameToNothingLeavesNothing() {
        Progress broken = (name, total, unit) -> {
            if (name.equals("features")) {
                throw new InputException("broken");
            }
            return Progress.SILENT.start(name, total, unit);
        };
        assertThrows(InputException.class, () -> into("out", two(), broken, notes(new ArrayList<>())));
        assertTrue(Files.notExists(folder.resolve("out")));
    }

    @Test
    void refused() {
        Recipe recipe = Small.recipe();
        assertTrue(assertThrows(InputException.class, () -> run(Variants.of("?").with("one", recipe))).getMessage().contains("two or more"));
        assertThrows(InputException.class, () -> run(Variants.of("?")));
        assertThrows(InputException.class, () -> two().seeds(0));
        assertThrows(IllegalArgumentException.class, () -> two().with("as it is", recipe));
        assertEquals("--variants is not possible with quickstart, which has none; leave it out", Console.quickstart("--variants").refused());
    }
}
