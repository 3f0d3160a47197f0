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

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A backbone with a new head. Stages that do not train yet are computed once for each view, and what they give is kept: the features, as long as only the head
 * trains; the output of a stage within, where no view is drawn at random and it is small enough.
 */
final class BackboneTrainee implements Trainee, AutoCloseable {
    /** Bytes of a stage's outputs that are kept for the training pictures, at most. */
    private static final long MOST_KEPT = 1L << 30;

    private final Recipe recipe;
    private final Recipe.Member member;
    private final Backbone whole;
    private final StateDict weights;
    private final Pretrained preprocessing;
    private final Progress progress;
    /** What the stages before a cut make of pictures, by the cut. */
    private final Map<Integer, Features> features = new HashMap<>();
    /** What the whole body makes of them, where others ask for it, too; otherwise it is among the above. */
    private Features shared;
    private Inference inference;
    private Teacher teacher;

    /** Loads the weights that the recipe names. */
    static BackboneTrainee load(Recipe recipe, Recipe.Member member, Progress progress) throws InterruptedException {
        return new BackboneTrainee(recipe, member, member.weights().load(member.create(1), false, progress), progress);
    }

    /** The backbone's. */
    String name() {
        return member.backbone();
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

    /** The same with these features of the whole body, which stay open. */
    BackboneTrainee with(Features given) {
        shared = given;
        return this;
    }

    /** The same with features of the whole body that other trainings may have computed. */
    BackboneTrainee with(SharedFeatures others) {
        return with(others.of(recipe, member, store -> new Features(inference(stages()), store, true)));
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
    public int cut(int firstStage) throws InterruptedException {
        if (!recipe.mixing.isEmpty() || recipe.teacher != null) {
            return 0;
        }
        return firstStage == stages() || firstStage > 0 && !recipe.train().random() && kept(firstStage) ? firstStage : 0;
    }

    /** Whether what the stages before a cut make of the training pictures is small enough. */
    private boolean kept(int cut) throws InterruptedException {
        return numbers(cut) * Float.BYTES * recipe.data().train().size() <= MOST_KEPT;
    }

    /** How many numbers they make of a picture. */
    private long numbers(int cut) throws InterruptedException {
        return Arrays.stream(shape(cut)).reduce(1, Math::multiplyExact);
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
    public Inputs inputs(List<Picture> pictures, int cut) throws InterruptedException {
        if (cut == 0) {
            return new PictureInputs(pictures, recipe.train(), recipe.mixing, preprocessing, recipe.data().classes().size(), recipe.seed(), recipe.accumulate);
        }
        return new RowInputs(pictures, (asked, epoch) -> features(cut).of(asked, recipe.train(), recipe.seed(), epoch, epochByEpoch() ? Progress.SILENT : progress), shape(cut));
    }

    @Override
    public float[][] logits(List<Picture> pictures, int cut, Network network) throws InterruptedException {
        if (cut > 0) {
            return RowInputs.through(network, features(cut).of(pictures, recipe.evaluate(), 0, 0, progress), shape(cut));
        }
        if (inference == null) {
            inference = new Inference(whole, recipe.create(member)::of, network.state(), recipe.precision(), preprocessing.mean(), preprocessing.std());
        } else {
            inference.load(network.state());
        }
        return inference.of(pictures, recipe.evaluate(), 0, 0, DecodedCache.standard(), Progress.SILENT.start("validation", pictures.size(), "pictures"));
    }

    @Override
    public float[][] judged(List<Picture> pictures, StateDict trained) throws InterruptedException {
        try (FineTuned model = trainsBody() ? new FineTuned(() -> recipe.create(member), trained, recipe.precision(), preprocessing.mean(), preprocessing.std())
            : FineTuned.on(features(stages()), () -> recipe.create(member), trained, recipe.precision())) {
            Progress told = trainsBody() ? Progress.SILENT : progress;
            if (recipe.test().equals(recipe.evaluate())) {
                return model.logits(pictures, recipe.evaluate(), told);
            }
            Set<Picture> test = Set.copyOf(recipe.data().test());
            List<Picture> seen = pictures.stream().filter(picture -> !test.contains(picture)).toList();
            List<Picture> unseen = pictures.stream().filter(test::contains).toList();
            Iterator<float[]> validated = List.of(model.logits(seen, recipe.evaluate(), told)).iterator();
            Iterator<float[]> tested = List.of(model.logits(unseen, recipe.test(), told)).iterator();
            return pictures.stream().map(picture -> (test.contains(picture) ? tested : validated).next()).toArray(float[][]::new);
        }
    }

    @Override
    public NDArray teacher(NDManager to, NDArray inputs) throws InterruptedException {
        loadTeacher();
        return teacher.logits(to, inputs);
    }

    /** It may have to be trained first. */
    private void loadTeacher() throws InterruptedException {
        if (teacher == null) {
            teacher = Teacher.load(recipe.teacher, recipe.data().classes().size(), recipe.precision(), preprocessing, progress);
        }
    }

    /** Computes all views that the epochs which train the head alone will ask for, so that each is made in one go, whatever folds there are. */
    void prepare() throws InterruptedException {
        if (recipe.loss.distils()) {
            loadTeacher();
        }
        int[] epochs = IntStream.range(0, recipe.epochs()).filter(epoch -> recipe.trainable().firstStage(epoch, stages()) == stages()).toArray();
        if (epochs.length == 0 || cut(stages()) == 0) {
            return;
        }
        if (recipe.test().equals(recipe.evaluate())) {
            List<Picture> everything = Stream.concat(recipe.data().train().stream(), recipe.data().test().stream()).toList();
            features(stages()).prepare(everything, recipe.evaluate(), 0, 0, progress);
        } else {
            features(stages()).prepare(recipe.data().train(), recipe.evaluate(), 0, 0, progress);
            features(stages()).prepare(recipe.data().test(), recipe.test(), 0, 0, progress);
        }
        for (int epoch : !recipe.train().random() ? new int[1] : epochByEpoch() ? new int[0] : epochs) {
            features(stages()).prepare(recipe.data().train(), recipe.train(), recipe.seed(), epoch, progress);
        }
    }

    /** A training that may end early asks for the views of its epochs as it comes to them. */
    private boolean epochByEpoch() {
        return recipe.patience > 0 && recipe.train().random();
    }

    /** Whether any epoch trains more than the head. */
    boolean trainsBody() {
        return IntStream.range(0, recipe.epochs()).anyMatch(epoch -> recipe.trainable().firstStage(epoch, stages()) < stages());
    }

    /** What the stages before a cut make of pictures. */
    Features features(int cut) {
        return cut == stages() && shared != null ? shared : features.computeIfAbsent(cut, stage -> new Features(inference(stage)));
    }

    private Inference inference(int cut) {
        return new Inference(whole, x -> whole.upTo(x, cut), weights, recipe.precision(), preprocessing.mean(), preprocessing.std());
    }

    /** The shape of what the stages before a cut make of a picture. */
    private long[] shape(int cut) throws InterruptedException {
        if (cut == stages()) {
            return new long[] {whole.width()};
        }
        features(cut).prepare(recipe.data().train().subList(0, 1), recipe.evaluate(), 0, 0, Progress.SILENT);
        return features(cut).shape();
    }

    @Override
    public void close() {
        features.values().forEach(Features::close);
        if (inference != null) {
            inference.close();
        }
        if (teacher != null) {
            teacher.close();
        }
    }
}
