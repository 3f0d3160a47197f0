package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import graft.Progress;
import graft.backbone.Backbone;
import graft.backbone.Pretrained;
import graft.data.DecodedCache;
import graft.data.Picture;
import graft.torch.Module;
import graft.torch.Network;
import graft.torch.StateDict;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A backbone with a new head. As long as only the head trains, it learns from features that are computed once for each view. */
final class BackboneTrainee implements Trainee, AutoCloseable {
    private final Recipe recipe;
    private final Recipe.Member member;
    private final Backbone whole;
    private final StateDict weights;
    private final Pretrained preprocessing;
    private final Progress progress;
    private Features features;
    private Inference inference;
    private Teacher teacher;

    /** Loads the weights that the recipe names. */
    static BackboneTrainee load(Recipe recipe, Recipe.Member member, Progress progress) throws InterruptedException {
        return new BackboneTrainee(recipe, member, member.weights().load(member.create(1), false, progress), progress);
    }

    /** @param body the backbone's weights; those of the head are drawn by the recipe's seed */
    private BackboneTrainee(Recipe recipe, Recipe.Member member, StateDict body, Progress progress) {
        this.recipe = recipe;
        this.member = member;
        this.progress = progress;
        whole = recipe.create(member);
        StateDict head = new StateDict("a new head");
        whole.newHead(recipe.seed()).forEach(head::put);
        weights = head.over(body);
        preprocessing = member.weights().preprocessing();
    }

    @Override
    public int stages() {
        return whole.stages().size();
    }

    @Override
    public int stageOf(String entry) {
        return whole.stageOf(entry);
    }

    @Override
    public OptionalDouble weightDecay(String entry) {
        return whole.weightDecay(entry);
    }

    @Override
    public int cut(int firstStage) {
        return firstStage == stages() && recipe.mixing().isEmpty() && recipe.teacher() == null ? firstStage : 0;
    }

    @Override
    public Module description(int cut) {
        return recipe.create(member).suffix(cut);
    }

    @Override
    public StateDict weights() {
        return weights;
    }

    @Override
    public Inputs inputs(List<Picture> pictures, int cut) {
        if (cut == 0) {
            return new PictureInputs(pictures, recipe.train(), recipe.mixing(), preprocessing, recipe.data().classes().size(), recipe.seed());
        }
        return new RowInputs(pictures, (asked, epoch) -> features().of(asked, recipe.train(), recipe.seed(), epoch, progress), whole.width());
    }

    @Override
    public float[][] logits(List<Picture> pictures, int cut, Network network) throws InterruptedException {
        if (cut > 0) {
            return RowInputs.through(network, features().of(pictures, recipe.evaluate(), 0, 0, progress), whole.width());
        }
        if (inference == null) {
            inference = new Inference(member.backbone(), recipe.create(member)::of, network.state(), recipe.precision(), preprocessing.mean(), preprocessing.std());
        } else {
            inference.load(network.state());
        }
        return inference.of(pictures, recipe.evaluate(), 0, 0, DecodedCache.standard(), Progress.SILENT.start("validation", pictures.size(), "pictures"));
    }

    @Override
    public float[][] judged(List<Picture> pictures, StateDict trained) throws InterruptedException {
        try (FineTuned model = trainsBody() ? new FineTuned(() -> recipe.create(member), trained, recipe.precision(), preprocessing.mean(), preprocessing.std())
            : FineTuned.on(features(), () -> recipe.create(member), trained, recipe.precision())) {
            return model.logits(pictures, recipe.evaluate(), trainsBody() ? Progress.SILENT : progress);
        }
    }

    @Override
    public NDArray teacher(NDManager to, NDArray inputs) throws InterruptedException {
        if (teacher == null) {
            teacher = Teacher.load(recipe.teacher(), recipe.data().classes().size(), recipe.precision(), preprocessing, progress);
        }
        return teacher.logits(to, inputs);
    }

    /** Computes all views that the epochs which train the head alone will ask for, so that each is made in one go, whatever folds there are. */
    void prepare() throws InterruptedException {
        int[] epochs = IntStream.range(0, recipe.epochs()).filter(epoch -> cut(recipe.trainable().firstStage(epoch, stages())) > 0).toArray();
        if (epochs.length == 0) {
            return;
        }
        List<Picture> everything = Stream.concat(recipe.data().train().stream(), recipe.data().test().stream()).toList();
        features().of(everything, recipe.evaluate(), 0, 0, progress);
        for (int epoch : recipe.train().random() ? epochs : new int[1]) {
            features().of(recipe.data().train(), recipe.train(), recipe.seed(), epoch, progress);
        }
    }

    /** Whether any epoch trains more than the head. */
    boolean trainsBody() {
        return IntStream.range(0, recipe.epochs()).anyMatch(epoch -> recipe.trainable().firstStage(epoch, stages()) < stages());
    }

    private Features features() {
        if (features == null) {
            features = new Features(whole, weights, recipe.precision(), preprocessing.mean(), preprocessing.std());
        }
        return features;
    }

    @Override
    public void close() {
        if (features != null) {
            features.close();
        }
        if (inference != null) {
            inference.close();
        }
        if (teacher != null) {
            teacher.close();
        }
    }
}
