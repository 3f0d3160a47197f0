package graft.train;

import graft.Progress;
import graft.data.Picture;
import graft.data.Split;
import graft.torch.StateDict;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One network's part of a run: a training for each fold, then the one that is kept. With several folds that one is trained again, on
 * all training pictures, and what validation says comes from the folds: every picture judged by a network that never saw it.
 */
public final class Trained {
    private final StateDict weights;
    private final Map<String, History> histories;
    private final float[][] trainLogits;
    private final Map<String, float[]> validationLogits;
    private final float[][] testLogits;

    private Trained(StateDict weights, Map<String, History> histories, float[][] trainLogits, Map<String, float[]> validationLogits, float[][] testLogits) {
        this.weights = weights;
        this.histories = histories;
        this.trainLogits = trainLogits;
        this.validationLogits = validationLogits;
        this.testLogits = testLogits;
    }

    /**
     * Trains one backbone as the recipe says.
     *
     * @param folder for checkpoints, or {@code null} for none
     */
    static Trained backbone(Recipe recipe, BackboneTrainee trainee, List<Split.Fold> folds, Path folder, Progress progress) throws InterruptedException {
        trainee.prepare();
        return of(recipe, recipe.members().size() > 1 ? trainee.name() : "", trainee, trainee, recipe.data().train(), folds, trainee.trainsBody() ? folder : null, progress);
    }

    /**
     * Joins backbones as the recipe says: by a mean, or trains a linear layer on all their logits, beginning as their mean, on pictures that the heads which gave the logits had not seen
     * (the validation part). A split without validation leaves only the logits of the training pictures.
     */
    static Trained joined(Recipe recipe, List<Trained> members, List<Split.Fold> folds, Progress progress) throws InterruptedException {
        List<Picture> train = recipe.data().train();
        Map<String, float[]> kept = byId(train, members.stream().map(Trained::trainLogits).toList());
        kept.putAll(byId(recipe.data().test(), members.stream().map(Trained::testLogits).toList()));
        List<Picture> judged = train.stream().filter(picture -> members.get(0).validationLogits.containsKey(picture.id())).toList();
        Map<String, float[]> unseen = byId(judged, members.stream().map(member -> rows(judged, member.validationLogits)).toList());
        if (recipe.join() != Ensemble.LINEAR) {
            Map<String, float[]> validation = new LinkedHashMap<>();
            float[][] means = judged.isEmpty() ? new float[0][] : recipe.join().mean(members.stream().map(member -> rows(judged, member.validationLogits)).toList());
            for (int i = 0; i < means.length; i++) {
                validation.put(judged.get(i).id(), means[i]);
            }
            return new Trained(new StateDict("nothing to train"), Map.of(), recipe.join().mean(members.stream().map(Trained::trainLogits).toList()), validation,
                recipe.join().mean(members.stream().map(Trained::testLogits).toList()));
        }
        int classes = recipe.data().classes().size();
        Trainee last = RowsTrainee.joining(kept, members.size(), classes);
        Trainee trainee = unseen.isEmpty() ? last : RowsTrainee.joining(unseen, members.size(), classes);
        return of(recipe.joining(), "joined", trainee, last, unseen.isEmpty() ? train : judged, joinedFolds(folds), null, progress);
    }

    private static Map<String, float[]> byId(List<Picture> pictures, List<float[][]> parts) {
        Map<String, float[]> rows = new HashMap<>();
        if (!pictures.isEmpty()) {
            float[][] joined = sideBySide(parts);
            for (int i = 0; i < joined.length; i++) {
                rows.put(pictures.get(i).id(), joined[i]);
            }
        }
        return rows;
    }

    /**
     * What the layer that joins several models makes of their logits.
     *
     * @param layer its numbers
     * @param members the logits of each, {@code [pictures][classes]}
     */
    public static float[][] join(StateDict layer, List<float[][]> members) {
        return RowsTrainee.apply(layer, sideBySide(members));
    }

    /** Joins the rows of several {@code [rows][columns]} into long ones: what a layer on all of them sees. */
    private static float[][] sideBySide(List<float[][]> parts) {
        float[][] all = new float[parts.get(0).length][];
        for (int row = 0; row < all.length; row++) {
            int at = 0;
            float[] joined = new float[parts.stream().mapToInt(part -> part[0].length).sum()];
            for (float[][] part : parts) {
                System.arraycopy(part[row], 0, joined, at, part[row].length);
                at += part[row].length;
            }
            all[row] = joined;
        }
        return all;
    }

    private static float[][] rows(List<Picture> pictures, Map<String, float[]> byId) {
        return pictures.stream().map(picture -> byId.get(picture.id())).toArray(float[][]::new);
    }

    /** One validation part is all that the joining layer may learn from: it is cut in five so that it can be validated too. */
    private static List<Split.Fold> joinedFolds(List<Split.Fold> folds) {
        if (folds.size() > 1 || folds.get(0).validation().isEmpty()) {
            return folds;
        }
        List<Picture> pictures = folds.get(0).validation();
        int parts = Math.min(5, pictures.size());
        if (parts == 1) {
            return List.of(new Split.Fold(pictures, List.of()));
        }
        List<Split.Fold> cut = new ArrayList<>();
        for (int k = 0; k < parts; k++) {
            List<Picture> in = new ArrayList<>();
            List<Picture> out = new ArrayList<>();
            for (int i = 0; i < pictures.size(); i++) {
                (i % parts == k ? out : in).add(pictures.get(i));
            }
            cut.add(new Split.Fold(in, out));
        }
        return cut;
    }

    /**
     * @param who told with each epoch, where there are several; else empty
     * @param last what the network that is kept sees when it is judged
     */
    private static Trained of(Recipe recipe, String who, Trainee trainee, Trainee last, List<Picture> pictures, List<Split.Fold> folds, Path folder, Progress progress)
        throws InterruptedException {
        boolean again = folds.size() > 1;
        Map<String, History> histories = new LinkedHashMap<>();
        Map<String, float[]> validationLogits = new LinkedHashMap<>();
        long views = folds.stream().mapToLong(fold -> fold.train().size()).sum() + (again ? pictures.size() : 0);
        Training.Result result = null;
        try (Progress.Task task = progress.start("training", recipe.epochs() * views, "pictures")) {
            for (int k = 0; k < folds.size(); k++) {
                List<Picture> out = folds.get(k).validation();
                String name = again ? "fold " + (k + 1) : "training";
                result = training(recipe, trainee, who, name, folder, task).run(folds.get(k).train(), out.isEmpty() ? null : new Training.Validation(out, !again));
                histories.put(name, result.history());
                float[][] logits = trainee.judged(out, result.weights());
                for (int i = 0; i < logits.length; i++) {
                    validationLogits.put(out.get(i).id(), logits[i]);
                }
            }
            if (again) {
                result = training(recipe, trainee, who, "all", folder, task).run(pictures, null);
                histories.put("all", result.history());
            }
        }
        int train = recipe.data().train().size();
        float[][] logits = last.judged(Stream.concat(recipe.data().train().stream(), recipe.data().test().stream()).toList(), result.weights());
        return new Trained(result.weights(), histories, Arrays.copyOf(logits, train), validationLogits, Arrays.copyOfRange(logits, train, logits.length));
    }

    private static Training training(Recipe recipe, Trainee trainee, String who, String name, Path folder, Progress.Task task) {
        String part = name.equals("training") ? "" : name.equals("all") ? "all training pictures" : name;
        return new Training(recipe, trainee, who + (who.isEmpty() || part.isEmpty() ? "" : ", ") + part, folder == null ? null : folder.resolve(name.replace(' ', '-')), task);
    }

    /** Every number of the network that is kept, by its state-dict name. */
    public StateDict weights() {
        return weights;
    }

    /** Every training: {@code fold 1}, …, then {@code all}; or just {@code training}. */
    public Map<String, History> histories() {
        return histories;
    }

    /** Logits of the training pictures, in their order, by the head that is kept: it has seen them. */
    public float[][] trainLogits() {
        return trainLogits;
    }

    /** Logits by picture id, each by a head that has not seen the picture; empty without validation. */
    public Map<String, float[]> validationLogits() {
        return validationLogits;
    }

    /** Logits of the test pictures, in their order. */
    public float[][] testLogits() {
        return testLogits;
    }
}
