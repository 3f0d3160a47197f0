package graft.run;

import graft.InputException;
import graft.Progress;
import graft.backbone.Pretrained;
import graft.data.Picture;
import graft.data.Split;
import graft.eval.Explanation;
import graft.eval.Metrics;
import graft.eval.Mistake;
import graft.eval.Paired;
import graft.eval.Predictions;
import graft.eval.Published;
import graft.eval.Submission;
import graft.eval.Tsne;
import graft.plot.Confusion;
import graft.plot.Curves;
import graft.plot.Embeddings;
import graft.plot.PictureGrid;
import graft.plot.TerminalProgress;
import graft.train.Features;
import graft.train.Fit;
import graft.train.History;
import graft.train.Recipe;
import graft.train.SharedFeatures;
import graft.train.Trained;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A recipe carried out: the trained model, its figures, and the folder where all of it is written. */
public final class Run {
    /** t-SNE's time grows with their square. */
    private static final int MOST_EMBEDDED = 2000;

    private final Recipe recipe;
    private final Fit fit;
    private final Published published;
    private final Path folder;
    private final Map<String, Evaluation> members = new LinkedHashMap<>();
    private final Evaluation result;
    private final Took took;

    private Run(Recipe recipe, Fit fit, Published published, Path folder, Took took) {
        this.recipe = recipe;
        this.fit = fit;
        this.published = recipe.members().size() == 1 ? published.of(recipe.members().get(0).backbone()) : published;
        this.folder = folder;
        this.took = took;
        fit.members().forEach((name, trained) -> members.put(name, Evaluation.of(recipe.data(), fit.folds(), trained)));
        this.result = members.size() == 1 ? members.values().iterator().next() : Evaluation.of(recipe.data(), fit.folds(), fit.result());
    }

    /** Carries out a recipe, with progress on standard error, into {@code runs/<experiment>/<time>-<hash>}. */
    public static Run of(Recipe recipe) throws InterruptedException {
        return of(recipe.data(recipe.data().checked(false, new TerminalProgress())), null, Published.none(), "recipe " + recipe.hash(), new TerminalProgress());
    }

    /**
     * Carries out a recipe and writes the run's folder.
     *
     * @param out a folder that is new or empty; {@code null} for {@code runs/<experiment>/<time>-<hash>}
     * @param published what the documented experiment reached
     * @param reproduce the one line of shell that does it again
     * @throws InputException if something given cannot be used
     */
    public static Run of(Recipe recipe, Path out, Published published, String reproduce, Progress progress) throws InterruptedException {
        return of(recipe, out, published, reproduce, null, progress);
    }

    /** @param shared what other runs may have computed already; {@code null} for nothing */
    static Run of(Recipe recipe, Path out, Published published, String reproduce, SharedFeatures shared, Progress progress) throws InterruptedException {
        List<String> test = recipe.data().test().stream().map(Picture::id).toList();
        if (!test.isEmpty()) {
            recipe.data().sampleSubmission().ifPresent(sample -> Submission.checkSample(sample, test));
        }
        Environment environment = Environment.of(recipe, published, reproduce);
        RunFolder folder = RunFolder.create(out, recipe);
        return of(recipe, folder, environment, shared, progress);
    }

    /**
     * Goes on with a run that was interrupted, killed or failed, with progress on standard error. It ends with the same bits as one that never was.
     *
     * @param folder the run's
     * @throws InputException if it is no unfinished run, or its pictures or weights are no longer what they were
     */
    public static Run resume(Path folder) throws InterruptedException {
        Progress progress = new TerminalProgress();
        return UnfinishedRun.open(folder, null, progress).run(progress);
    }

    /** Trains, and writes the results into the folder. What can be gone on with is kept, whatever happens. */
    static Run of(Recipe recipe, RunFolder folder, Environment environment, SharedFeatures shared, Progress progress) throws InterruptedException {
        boolean begun = false;
        boolean keep = false;
        boolean finished = false;
        long start = System.nanoTime();
        boolean tell = true;
        try {
            folder.begin(recipe, environment);
            begun = true;
            Fit fit = Fit.of(recipe, folder.checkpoints(), shared, progress);
            keep = true;
            Run run = new Run(recipe, fit, environment.published(), folder.path(), Took.since(start));
            folder.write(run, environment.with(run.took));
            finished = true;
            return run;
        } catch (InterruptedException | CancellationException stopped) {
            keep = begun;
            tell = !environment.isOfNotebook(); // its cell has ended by now, and the line would stand in the next
            throw stopped;
        } finally {
            if (!finished && (keep || folder.isWorthKeeping())) {
                folder.keep();
                if (tell) {
                    System.err.println("go on        " + environment.goOn(folder.path()));
                }
            } else if (!finished) {
                folder.discard();
            }
        }
    }

    public Recipe recipe() {
        return recipe;
    }

    public Path folder() {
        return folder;
    }

    public Published published() {
        return published;
    }

    /** The time and memory that it took. */
    public Took took() {
        return took;
    }

    /** The trained model, to be saved or asked about other pictures. */
    public Classifier classifier() {
        return Classifier.of(recipe, fit, folder);
    }

    /** The evaluations of the single backbones, by name. */
    public Map<String, Evaluation> members() {
        return members;
    }

    /** The evaluation of the model as a whole: of the only backbone, or of all joined. */
    public Evaluation result() {
        return result;
    }

    /** The best single backbone: on the validation pictures where there are some, so that the test pictures choose nothing. */
    public String bestMember() {
        return members.entrySet().stream().max(Comparator.comparingDouble(member -> member.getValue().of("validation")
            .orElseGet(() -> member.getValue().metrics().get(result.best())).accuracy())).orElseThrow().getKey();
    }

    /** By how much all backbones joined are better than the best of them alone, on the pictures that say most. */
    public Paired gain() {
        return Paired.of(result.predictions().get(result.best()), members.get(bestMember()).predictions().get(result.best()), 0);
    }

    /** The figures on the test pictures. */
    public Metrics test() {
        return result.of("test").orElseThrow(() -> new InputException(recipe.data().name() + " has no test pictures"
            + (recipe.data().test().isEmpty() ? "" : " with labels") + ", so nothing can be measured on them; look at validation()"));
    }

    /** The figures on training pictures, each judged by a model that had not seen it. */
    public Metrics validation() {
        return result.of("validation").orElseThrow(() -> new InputException("the recipe's split, " + recipe.split() + ", keeps no pictures for validation; Split.folds(5) would"));
    }

    /** Every training's epochs by name: {@code resnet50, fold 1}. */
    public Map<String, History> histories() {
        Map<String, History> all = new LinkedHashMap<>();
        trained().forEach((name, trained) -> trained.histories().forEach((training, history) -> all.put(name + ", " + training, history)));
        return all;
    }

    private Map<String, Trained> trained() {
        Map<String, Trained> all = new LinkedHashMap<>(fit.members());
        if (!fit.result().histories().isEmpty() && all.size() > 1) {
            all.put("joined", fit.result());
        }
        return all;
    }

    /** The curves of each backbone, the mean over folds where there are several. */
    public Map<String, History> curveHistories() {
        Map<String, History> means = new LinkedHashMap<>();
        trained().forEach((name, trained) -> means.put(name, History.mean(trained.histories().entrySet().stream()
            .filter(training -> !training.getKey().equals("all")).map(Map.Entry::getValue).toList())));
        return means;
    }

    /** Loss and accuracy by epoch of one backbone, or of {@code joined}. */
    public Curves curves(String name) {
        History history = curveHistories().get(name);
        if (history == null) {
            throw new InputException("there are no curves of " + name + "; there are " + String.join(", ", curveHistories().keySet()));
        }
        return Curves.of(name + (fit.folds().size() > 1 ? ", mean of " + fit.folds().size() + " folds" : ""), history);
    }

    /** Loss and accuracy by epoch of the only backbone, or of all joined. */
    public Curves curves() {
        return curves(members.size() == 1 ? members.keySet().iterator().next() : "joined");
    }

    /** Which class was taken for which. */
    public Confusion confusion() {
        return Confusion.of("Confusion on the " + result.best() + " pictures", result.metrics().get(result.best()));
    }

    /** The surest mistakes. */
    public PictureGrid mistakes(int most) {
        return PictureGrid.mistakes(result.best(), worst(most));
    }

    /** The surest mistakes of the best single backbone, and beside each where it found what it took the picture for; see {@link Explanation}. */
    public PictureGrid looked(int most) {
        String name = bestMember();
        Recipe.Member member = member(name);
        Pretrained prepared = member.weights().preprocessing();
        Predictions said = members.get(name).predictions().get(result.best());
        List<String> ids = said.ids();
        List<Picture> wrong = pictures(said.mistakes(most).stream().map(ids::get).toList());
        try (Explanation explanation = Explanation.of(recipe.create(member), fit.members().get(name).weights(), prepared.mean(), prepared.std())) {
            return PictureGrid.explained("Where " + name + " looked: its worst mistakes on the " + result.best() + " pictures", wrong, recipe.data().classes(), recipe.evaluate(), explanation);
        }
    }

    /**
     * The pictures as the trained network sees them, in two dimensions: what the best single backbone hands to its head, by {@link Tsne}. Which are mistakes, the evaluation says. Of more than
     * {@value #MOST_EMBEDDED} pictures so many are taken, evenly.
     *
     * @throws InterruptedException promptly
     */
    public Embeddings embeddings(Progress progress) throws InterruptedException {
        String name = bestMember();
        Recipe.Member member = member(name);
        Pretrained prepared = member.weights().preprocessing();
        Predictions all = members.get(name).predictions().get(result.best());
        Predictions said = all.evenly(MOST_EMBEDDED);
        float[][] seen;
        try (Features features = new Features(recipe.create(member), fit.members().get(name).weights(), recipe.precision(), prepared.mean(), prepared.std())) {
            seen = features.of(pictures(said.ids()), result.best().equals("test") ? recipe.test() : recipe.evaluate(), 0, 0, progress);
        }
        String some = said.count() < all.count() ? said.count() + " of the " + all.count() + " " : "";
        return Embeddings.of(name + " · " + some + result.best() + " pictures by their features", said, Tsne.of(seen).places());
    }

    private Recipe.Member member(String name) {
        return recipe.members().stream().filter(one -> one.backbone().equals(name)).findFirst().orElseThrow();
    }

    private List<Picture> pictures(List<String> ids) {
        return ids.stream().map(pictures()::get).toList();
    }

    private Map<String, Picture> pictures() {
        return Stream.concat(recipe.data().train().stream(), recipe.data().test().stream()).collect(Collectors.toMap(Picture::id, picture -> picture));
    }

    List<Mistake> worst(int most) {
        Map<String, Picture> pictures = pictures();
        return Mistake.worst(result.predictions().get(result.best()), id -> pictures.get(id).file(), most);
    }

    List<Split.Fold> folds() {
        return fit.folds();
    }

    /** The headline: accuracy with its interval, the best and the worst classes. */
    public String summary() {
        return Summary.of(this);
    }

    @Override
    public String toString() {
        return summary();
    }
}
