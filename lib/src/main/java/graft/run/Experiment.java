package graft.run;

import graft.InputException;
import graft.Progress;
import graft.backbone.Backbone;
import graft.data.Cache;
import graft.data.ImageFolder;
import graft.eval.Published;
import graft.plot.TerminalProgress;
import graft.train.Recipe;

import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An experiment as a script: options, recipe, run, result. Results go to standard output, everything else to standard error. */
public final class Experiment {
    /** Says which variant begins; what it does then, its own progress says. */
    private static final Progress.Task ANNOUNCED = new Progress.Task() {
        @Override public void step(long count) { }

        @Override public void note(String text) {
            System.err.println("variant     " + text);
        }

        @Override public void close() { }
    };

    private Experiment() { }

    /**
     * Runs an experiment and ends the process.
     *
     * @param name the script's alias
     * @param description what it does, for the help text
     * @param options the options that it takes
     * @param recipe makes the recipe from the options
     * @param published the documented figures
     */
    public static <O extends Options> void run(String name, String description, O options, Function<O, Recipe> recipe, Published published, String... arguments) {
        run(name, description, options, recipe, null, published, arguments);
    }

    /**
     * The same for an experiment that answers a question with {@code --variants}.
     *
     * @param variants makes the recipes that answer it; {@code null} for none
     */
    public static <O extends Options> void run(String name, String description, O options, Function<O, Recipe> recipe, Function<O, Variants> variants, Published published, String... arguments) {
        if (Resume.wanted(arguments)) {
            Resume resume = new Resume(arguments);
            Script.main(() -> run(name, options, resume), resume, name, description, resume.own());
            return;
        }
        Script.main(() -> options.variants() && variants != null ? compare(name, options, variants, arguments) : run(name, options, recipe, published, arguments), options, name, description, arguments);
    }

    static <O extends Options> int compare(String name, O options, Function<O, Variants> variants, String... arguments) throws InterruptedException {
        if (options.dryRun()) {
            throw new InputException("--variants and --dry-run do not go together; leave one of them out");
        }
        options.pricePerHour(); // refused without --dry-run
        Variants all = variants.apply(options);
        System.err.print(options.remark());
        VariantResults results = all.run(options, line(name, arguments), new TerminalProgress(), ANNOUNCED);
        System.out.println();
        System.out.println(results);
        System.out.println();
        System.out.println("table        " + results.folder().resolve("variants.csv"));
        return 0;
    }

    /** Goes on with an unfinished run. */
    static <O extends Options> int run(String name, O options, Resume resume) throws InterruptedException {
        Progress progress = new TerminalProgress();
        UnfinishedRun unfinished = resume.open(name, progress);
        describe(unfinished.recipe());
        show(name, options, unfinished.run(progress));
        return 0;
    }

    static <O extends Options> int run(String name, O options, Function<O, Recipe> recipe, Published published, String... arguments) throws InterruptedException {
        if (options.variants()) {
            throw new InputException("--variants is not possible with " + name + ", which has none; leave it out");
        }
        Progress progress = new TerminalProgress();
        Recipe asked = options.apply(recipe.apply(options));
        RunFolder.check(options.out());
        double price = options.pricePerHour();
        Recipe checked = options.checked(asked, progress);
        if (options.dryRun()) {
            System.out.println(checked);
            System.out.println(Cost.of(checked, price, progress));
            return 0;
        }
        describe(checked);
        System.err.print(options.remark());
        show(name, options, Run.of(checked, options.out(), options.smoke() ? Published.none() : published, line(name, arguments), progress));
        return 0;
    }

    private static void show(String name, Options options, Run run) throws InterruptedException {
        System.out.println();
        System.out.println(run.summary());
        System.out.println();
        System.out.println("took         " + run.took());
        System.out.println("report       " + run.folder().resolve("report.html"));
        if (run.recipe().data().root().startsWith(Cache.folder())) {
            System.out.println("your own     environment/jbang " + name + " --data FOLDER      FOLDER/<class>/*.jpg");
        }
        options.finished(run);
    }

    /** The one line of shell that does it again. */
    private static String line(String name, String... arguments) {
        return Stream.concat(Stream.of("environment/jbang", name), Stream.of(arguments)).map(Experiment::quoted).collect(Collectors.joining(" "));
    }

    /** A word as a shell takes it. */
    static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** What will be trained on what, in a few lines. */
    private static void describe(Recipe recipe) {
        ImageFolder data = recipe.data();
        String unreadable = data.unreadable().isEmpty() ? "nothing unreadable" : data.unreadable().size() + " unreadable left out";
        System.err.printf(Locale.ROOT, "%-24s %d classes · %d training · %d %stest pictures · %s%n", data.name(), data.classes().size(),
            data.train().size(), data.test().size(), data.testLabelled() || data.test().isEmpty() ? "" : "unlabelled ", unreadable);
        for (Recipe.Member member : recipe.members()) {
            Backbone backbone = recipe.create(member);
            System.err.printf(Locale.ROOT, "%-24s %.1f M parameters, %s · %s · %s trains, %,d parameters%n", backbone.backboneName(),
                backbone.parameterCount() / 1e6, member.weights().name(), recipe.head(), recipe.trainable(), recipe.trainableParameters(member, recipe.epochs() - 1));
        }
    }
}
