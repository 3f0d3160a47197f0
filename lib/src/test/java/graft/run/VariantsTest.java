package graft.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.Progress;
import graft.Small;
import graft.eval.Published;
import graft.train.Optimizer;
import graft.train.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class VariantsTest {
    @TempDir Path folder;

    private static Variants two() {
        Recipe recipe = Small.recipe();
        return Variants.of("Does the rate matter?").with("as it is", recipe, Published.none().test("accuracy", 0.5)).with("hardly: 1e-9", recipe.optimizer(Optimizer.adamW(1e-9)));
    }

    private VariantResults run(Variants variants, String... more) throws InterruptedException {
        Options options = new Options();
        List<String> arguments = new ArrayList<>(List.of("--out", folder.resolve("out").toString()));
        arguments.addAll(Arrays.asList(more));
        Script.parse(options, arguments);
        return variants.run(options, Progress.SILENT);
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

    @Test
    void refused() {
        Recipe recipe = Small.recipe();
        assertTrue(assertThrows(InputException.class, () -> run(Variants.of("?").with("one", recipe))).getMessage().contains("two or more"));
        assertThrows(InputException.class, () -> two().seeds(0));
        assertThrows(IllegalArgumentException.class, () -> two().with("as it is", recipe));
        assertEquals("--variants is not possible with quickstart, which has none; leave it out", Console.quickstart("--variants").refused());
    }
}
