///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS graft:graft:0.1.0

import graft.InputException;
import graft.run.Comparison;
import graft.run.Script;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** Runs beside each other: what differs in recipe and environment, then the results with a paired test over the same pictures. */
class Compare implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "RUN", description = "folders of finished runs, such as runs/quickstart/…; each is compared with the first")
    List<Path> runs;

    @Option(names = "--out", paramLabel = "FILE", description = "the report, a file that is not there yet; without it compare.html here, which is replaced")
    Path out;

    @Override
    public Integer call() {
        if (out != null && Files.exists(out)) {
            throw new InputException("--out " + out + " is there already; give a file that is not");
        }
        Comparison comparison = Comparison.of(runs);
        Path report = out == null ? Path.of("compare.html") : out;
        comparison.write(report);
        System.out.println(comparison);
        System.out.println();
        System.out.println("report       " + report);
        return 0;
    }

    public static void main(String... arguments) {
        Compare compare = new Compare();
        Script.main(compare, compare, "compare", "Compares finished runs: recipes, environments, results.", arguments);
    }
}
