package graft.run;

import graft.InputException;
import graft.eval.Paired;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Runs beside each other: what differs in recipe and environment, then the results, each run against the first over the same pictures.
 */
public final class Comparison {
    private static final List<String> SETS = List.of("test", "validation", "train");
    /** What differs between any two runs and explains nothing. */
    private static final Set<String> EVERY_RUNS_OWN = Set.of("time", "command", Took.SECONDS, Took.MEMORY);
    private static final long SEED = 0;

    private final List<FinishedRun> runs;

    private Comparison(List<FinishedRun> runs) {
        this.runs = runs;
    }

    /**
     * Reads the folders of finished runs.
     *
     * @throws InputException if there are fewer than two, or one is no such folder
     */
    public static Comparison of(List<Path> folders) {
        if (folders.size() < 2) {
            throw new InputException("one run alone cannot be compared; give the folders of two or more");
        }
        List<FinishedRun> runs = new ArrayList<>();
        for (Path folder : folders) {
            FinishedRun run = FinishedRun.read(folder);
            boolean taken = runs.stream().anyMatch(other -> other.name().equals(run.name()));
            runs.add(taken ? run.named(folder.toString()) : run);
        }
        return new Comparison(List.copyOf(runs));
    }

    List<FinishedRun> runs() {
        return runs;
    }

    /** Entries of the recipes that are not equal in all runs → each run's value; {@code —} where it has none. */
    Map<String, List<String>> recipeDifferences() {
        return differences(FinishedRun::recipe);
    }

    /** The same of the environments. */
    Map<String, List<String>> environmentDifferences() {
        Map<String, List<String>> differences = differences(FinishedRun::environment);
        differences.keySet().removeAll(EVERY_RUNS_OWN);
        return differences;
    }

    private Map<String, List<String>> differences(Function<FinishedRun, Map<String, String>> values) {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(values.apply(run).keySet()));
        Map<String, List<String>> differences = new LinkedHashMap<>();
        for (String name : names) {
            List<String> each = runs.stream().map(run -> values.apply(run).getOrDefault(name, "—")).toList();
            if (Set.copyOf(each).size() > 1) {
                differences.put(name, each);
            }
        }
        return differences;
    }

    /** The sets that some run was measured on, the one that says most first. */
    List<String> sets() {
        return SETS.stream().filter(set -> runs.stream().anyMatch(run -> run.figure(set, "accuracy").isPresent())).toList();
    }

    /**
     * A run against the first one, on the test pictures or, where those have no labels, on the validation pictures.
     *
     * @return empty where they judged different pictures, or none with a label
     */
    Optional<Paired> against(FinishedRun run) {
        FinishedRun first = runs.get(0);
        boolean same = first.answers().keySet().equals(run.answers().keySet())
            && first.answers().entrySet().stream().allMatch(answer -> run.answers().get(answer.getKey()).label().equals(answer.getValue().label()));
        if (!same || first.answers().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Paired.of(run.right(), first.right(), SEED));
    }

    /** Writes {@code compare.html}, with everything in it. */
    public void write(Path file) {
        ComparisonReport.write(file, this);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** A run's accuracy on a set with its interval; {@code —} where it was not measured. */
    static String accuracy(FinishedRun run, String set) {
        return run.figure(set, "accuracy").map(share -> percent(share) + run.interval(set)
            .map(i -> String.format(Locale.ROOT, " (95 %%: %.1f to %.1f)", 100 * i.low(), 100 * i.high())).orElse("")).orElse("—");
    }

    /** What differs, a line each, then a line a run and set, then a line for each run against the first. */
    @Override public String toString() {
        StringBuilder text = new StringBuilder();
        for (Map<String, List<String>> differences : List.of(recipeDifferences(), environmentDifferences())) {
            differences.forEach((name, values) -> text.append(String.format("%-28s %s%n", name, String.join("  |  ", values))));
        }
        text.append(text.isEmpty() ? String.format("nothing differs in recipe and environment%n") : "");
        for (String set : sets()) {
            text.append(String.format("%n%s%n", set));
            runs.forEach(run -> text.append(String.format("  %-40s %s%n", run.name(), accuracy(run, set))));
        }
        text.append(String.format("%nagainst %s, picture by picture%n", runs.get(0).name()));
        runs.subList(1, runs.size()).forEach(run -> text.append(String.format("  %-40s %s%n", run.name(), against(run).map(Paired::toString).orElse("other pictures, so no test"))));
        return text.toString().stripTrailing();
    }
}
