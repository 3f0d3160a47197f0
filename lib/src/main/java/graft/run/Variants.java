package graft.run;

import graft.InputException;
import graft.Progress;
import graft.eval.Published;
import graft.train.Recipe;
import graft.train.SharedFeatures;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Recipes that differ in one thing, to answer a question that a report leaves open: they are run one after the other, each with the same seeds, so that all
 * of them learn from the same pictures and are judged on the same ones. What several of them see of the pictures through the same frozen backbone is computed once. The first is
 * what the others are compared with. Immutable.
 */
public final class Variants {
    private record Variant(String name, Recipe recipe, Published published) { }

    /** A variant with a seed. */
    private record Training(Variant variant, String name, Recipe recipe, Published published) {
        Run run(VariantsFolder folder, String reproduce, SharedFeatures shared, Progress progress) throws InterruptedException {
            Path own = folder.of(fileName());
            return RunFolder.unfinished(own, recipe).isPresent() ? UnfinishedRun.open(own, recipe, published).run(shared, progress) : Run.of(recipe, own, published, reproduce, shared, progress);
        }

        private String fileName() {
            return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        }
    }

    private final String question;
    private final List<Variant> all;
    private final int seeds;

    private Variants(String question, List<Variant> all, int seeds) {
        this.question = question;
        this.all = all;
        this.seeds = seeds;
    }

    /** No recipes yet. @param question what they are to answer: {@code Does random erasing hurt?} */
    public static Variants of(String question) {
        return new Variants(question, List.of(), 1);
    }

    /** These and one more. */
    public Variants with(String name, Recipe recipe) {
        return with(name, recipe, Published.none());
    }

    /** The same with what was documented for it. */
    public Variants with(String name, Recipe recipe, Published published) {
        if (all.stream().anyMatch(variant -> variant.name.equals(name))) {
            throw new IllegalArgumentException("two variants are called " + name);
        }
        List<Variant> more = new ArrayList<>(all);
        more.add(new Variant(name, recipe, published));
        return new Variants(question, List.copyOf(more), seeds);
    }

    /** Each recipe so many times, with its own seed and those after it. */
    public Variants seeds(int count) {
        if (count < 1) {
            throw new InputException("the variants cannot be run with " + count + " seeds; 1 or more would be right");
        }
        return new Variants(question, all, count);
    }

    /**
     * Runs all of them, with what the options say in place of what the recipes do. Every run has a folder of its own within one, {@code runs/<experiment>/<time>-variants} or what
     * {@code --out} names; {@code variants.csv} and {@code variants.png} lie beside them. Variants that were interrupted or killed are gone on with, in their folder, when just these recipes
     * are run again. What has the same recipe, by its hash, as one of them or a finished run is not trained again, nor is one backbone alone of such a run of several; the results say so.
     *
     * @param finished runs of these recipes that were made before, if there are any
     * @throws InputException if there are fewer than two, or something given cannot be used
     */
    public VariantResults run(Options options, Progress progress, Run... finished) throws InterruptedException {
        checkEnough();
        return CellRun.alone(() -> {
            try (Progress.Task task = progress.start("variants", (long) all.size() * seeds(options), "runs")) {
                return run(options, CellRun.command(all.get(0).recipe), Progress.SILENT, task, finished);
            }
        });
    }

    private void checkEnough() {
        if (all.size() < 2) {
            throw new InputException("one variant alone answers nothing; two or more would");
        }
    }

    private int seeds(Options options) {
        return options.smoke() ? 1 : seeds;
    }

    /**
     * @param reproduce the one line of shell that does it again
     * @param progress told of each run
     * @param whole told which run begins, and when it is done
     */
    VariantResults run(Options options, String reproduce, Progress progress, Progress.Task whole, Run... finished) throws InterruptedException {
        checkEnough();
        List<Training> trainings = new ArrayList<>();
        for (Variant variant : all) {
            for (int k = 0; k < seeds(options); k++) {
                Recipe asked = options.apply(variant.recipe);
                Recipe recipe = options.checked(asked.seed(asked.seed() + k), progress);
                trainings.add(new Training(variant, variant.name + (seeds > 1 ? ", seed " + recipe.seed() : ""), recipe, options.smoke() ? Published.none() : variant.published));
            }
        }
        try (VariantsFolder folder = VariantsFolder.open(options.out(), all.get(0).recipe.name(), trainings.stream().map(training -> training.recipe.hash()).toList());
             SharedFeatures shared = new SharedFeatures()) {
            VariantResults results = run(trainings, folder, reproduce, shared, progress, whole, finished);
            folder.finish();
            return results;
        }
    }

    private VariantResults run(List<Training> trainings, VariantsFolder folder, String reproduce, SharedFeatures shared, Progress progress, Progress.Task whole, Run... finished)
        throws InterruptedException {
        VariantResults results = VariantResults.of(question, folder.path());
        Map<String, VariantRun> known = new HashMap<>(folder.finished());
        List.of(finished).forEach(run -> known.putAll(VariantRun.of(run)));
        for (Training training : trainings) {
            VariantRun there = known.get(training.recipe.hash());
            if (there == null) {
                whole.begin(training.name);
                Map<String, VariantRun> made = VariantRun.of(training.run(folder, reproduce, shared, progress));
                folder.add(made);
                known.putAll(made);
                whole.step(1);
            } else {
                whole.note(training.name + ": not trained again");
                whole.skip(1);
                results = folder.isOf(training.fileName(), there) ? results
                    : results.remark(training.name + " was not trained again: the run in " + there.folder() + " has carried out recipe " + there.recipe());
            }
            results = results.with(training.variant.name, known.get(training.recipe.hash()), training.published);
            results.write(folder.path());
        }
        for (Run run : finished) {
            results = results.use(run.folder()) ? results : results.remark("the run in " + run.folder() + " is none of these: its recipe is " + run.recipe().hash());
        }
        return results;
    }
}
