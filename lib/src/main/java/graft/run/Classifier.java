package graft.run;

import ai.djl.engine.EngineException;
import graft.InputException;
import graft.Progress;
import graft.augment.Pipeline;
import graft.augment.Views;
import graft.backbone.Pretrained;
import graft.data.Picture;
import graft.eval.Predictions;
import graft.torch.StateDict;
import graft.train.Ensemble;
import graft.train.FineTuned;
import graft.train.Fit;
import graft.train.Recipe;
import graft.train.Trained;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A trained model, complete: the weights of every backbone with its new head, what joins several, the class names, and how pictures
 * are prepared.
 */
public final class Classifier implements AutoCloseable {
    private final ClassifierDescription description;
    private final ClassifierFiles content;
    /** What messages call it. */
    private final Path source;
    private List<FineTuned> members;

    private Classifier(ClassifierFiles content, Path source) {
        this.description = content.description();
        this.content = content;
        this.source = source;
    }

    /** The model that a recipe gave. @param folder of the run */
    static Classifier of(Recipe recipe, Fit fit, Path folder) {
        List<ClassifierDescription.Part> parts = new ArrayList<>();
        Map<String, StateDict> states = new LinkedHashMap<>();
        for (Recipe.Member member : recipe.members()) {
            Pretrained prepared = member.weights().preprocessing();
            parts.add(new ClassifierDescription.Part(member.backbone(), prepared.crop(), prepared.mean(), prepared.std(), recipe.head()));
            StateDict trained = fit.members().get(member.backbone()).weights();
            StateDict state = new StateDict(member.backbone());
            // Published weights may lack counters of batches, which nothing uses.
            recipe.create(member).state().keySet().stream().filter(trained::contains).forEach(name -> state.put(name, trained.get(name)));
            states.put(member.backbone(), state);
        }
        StateDict joined = states.size() > 1 ? fit.result().weights() : new StateDict("joined");
        return new Classifier(new ClassifierFiles(
            new ClassifierDescription(recipe.data().classes(), recipe.test(), recipe.precision(), parts, recipe.join()), states, joined), folder);
    }

    /**
     * Loads a model. No code in a file is ever run.
     *
     * @param model the folder of a finished run, or a {@code .pt} or {@code .safetensors} file from {@link #save}
     * @throws InputException if there is no model in it, or it is damaged
     */
    public static Classifier load(Path model) {
        return new Classifier(ClassifierFiles.read(model), model);
    }

    /**
     * Saves everything in one file. {@code .safetensors} has torchvision's or timm's names and loads in Python unchanged; {@code .pt} is a TorchScript archive, which
     * {@code torch.jit.load} opens: normalised pictures {@code [batch, 3, height, width]} to logits, in evaluation mode. Both hold {@code graft.json}, which says
     * the class names, the transforms, mean and std. Of several backbones the entries are called {@code NAME.…}, and the archive joins their logits.
     *
     * @throws InputException if the file is called otherwise, or cannot be written
     */
    public void save(Path file) {
        content.write(file);
    }

    /** Writes what a run's folder keeps. */
    void saveFolder(Path folder) {
        content.writeFolder(folder);
    }

    /** The class names, in the order of the logits. */
    public List<String> classes() {
        return description.classes();
    }

    /** Logits of pictures, {@code [pictures][classes]}. */
    public float[][] logits(List<Path> pictures, Progress progress) throws InterruptedException {
        return logits(pictures, description.evaluate(), progress);
    }

    /**
     * What the model says of pictures, by their paths: the mean of the probabilities of the views.
     *
     * @throws InputException if a picture cannot be read, or the model's transforms have no such views
     */
    public Predictions predict(List<Path> pictures, Views views, Progress progress) throws InterruptedException {
        List<float[][]> each = new ArrayList<>();
        for (Pipeline view : views.of(description.evaluate())) {
            each.add(logits(pictures, view, progress));
        }
        int[] unknown = IntStream.generate(() -> -1).limit(pictures.size()).toArray();
        return new Predictions(pictures.stream().map(Path::toString).toList(), classes(), unknown, each.size() == 1 ? each.get(0) : Ensemble.PROBABILITIES.mean(each));
    }

    private float[][] logits(List<Path> pictures, Pipeline view, Progress progress) throws InterruptedException {
        List<Picture> wanted = pictures.stream().map(file -> new Picture(file, file.toString(), -1)).toList();
        List<float[][]> each = new ArrayList<>();
        try {
            for (FineTuned member : members()) {
                each.add(member.logits(wanted, view, progress));
            }
        } catch (EngineException unfit) { // a description may name transforms that give other pictures than the network takes
            throw ClassifierFiles.damaged(source, unfit);
        }
        if (each.size() == 1) {
            return each.get(0);
        }
        return description.joined() == Ensemble.LINEAR ? Trained.join(content.joined(), each) : description.joined().mean(each);
    }

    /** Compiled when they are first used: to save a model takes no network. */
    private synchronized List<FineTuned> members() {
        if (members == null) {
            List<FineTuned> compiled = new ArrayList<>();
            try {
                for (ClassifierDescription.Part part : description.parts()) {
                    compiled.add(new FineTuned(() -> part.create(classes().size()), content.states().get(part.backbone()), description.precision(), part.mean(), part.std()));
                }
                members = compiled;
            } finally {
                if (members == null) {
                    compiled.forEach(FineTuned::close);
                }
            }
        }
        return members;
    }

    @Override
    public synchronized void close() {
        if (members != null) {
            members.forEach(FineTuned::close);
            members = null;
        }
    }
}
