package graft.train;

import graft.Progress;
import graft.augment.Pipeline;
import graft.data.Picture;
import graft.data.Split;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One backbone's part of a run: a head for each fold, then the head that is kept. With several folds that one is trained again, on
 * all training pictures, and what validation says comes from the folds: every picture judged by a head that never saw it.
 */
public final class Trained {
    private final LinearHead.Weights head;
    private final Map<String, History> histories;
    private final float[][] trainLogits;
    private final Map<String, float[]> validationLogits;
    private final float[][] testLogits;

    private Trained(LinearHead.Weights head, Map<String, History> histories, float[][] trainLogits, Map<String, float[]> validationLogits, float[][] testLogits) {
        this.head = head;
        this.histories = histories;
        this.trainLogits = trainLogits;
        this.validationLogits = validationLogits;
        this.testLogits = testLogits;
    }

    /** Trains the heads of one backbone as the recipe says. */
    static Trained backbone(Recipe recipe, Features features, List<Split.Fold> folds, Progress progress) throws InterruptedException {
        Pipeline train = recipe.train();
        int distinct = train.random() ? recipe.epochs() : 1;
        Views views = new Views() {
            @Override
            public float[][] train(List<Picture> pictures, int epoch) throws InterruptedException {
                return features.of(pictures, train, recipe.seed(), epoch, progress);
            }

            @Override
            public float[][] evaluate(List<Picture> pictures) throws InterruptedException {
                return features.of(pictures, recipe.evaluate(), recipe.seed(), 0, progress);
            }
        };
        List<Picture> everything = new ArrayList<>(recipe.data().train());
        everything.addAll(recipe.data().test());
        features.prepare(everything, recipe.evaluate(), recipe.seed(), 0, progress);
        for (int epoch = 0; epoch < distinct; epoch++) {
            features.prepare(recipe.data().train(), train, recipe.seed(), epoch, progress);
        }
        return heads(recipe, recipe.headTraining(), views, recipe.data().train(), folds, progress);
    }

    /**
     * Joins backbones: trains a linear layer on all their logits, beginning as their mean, on pictures that the heads which gave the logits had not seen
     * (the validation part). A split without validation leaves only the logits of the training pictures.
     */
    static Trained joined(Recipe recipe, List<Trained> members, List<Split.Fold> folds, Progress progress) throws InterruptedException {
        List<Picture> train = recipe.data().train();
        Map<String, float[]> kept = byId(train, members.stream().map(Trained::trainLogits).toList());
        kept.putAll(byId(recipe.data().test(), members.stream().map(Trained::testLogits).toList()));
        List<Picture> judged = train.stream().filter(picture -> members.get(0).validationLogits.containsKey(picture.id())).toList();
        Map<String, float[]> unseen = byId(judged, members.stream().map(member -> rows(judged, member.validationLogits)).toList());
        Map<String, float[]> learned = unseen.isEmpty() ? kept : unseen;
        Views views = new Views() {
            @Override
            public float[][] train(List<Picture> pictures, int epoch) {
                return rows(pictures, learned);
            }

            @Override
            public float[][] evaluate(List<Picture> pictures) {
                return rows(pictures, kept);
            }

            @Override
            public float[][] validate(List<Picture> pictures) {
                return rows(pictures, learned);
            }
        };
        return heads(recipe, recipe.headTraining().joining(members.size()), views, unseen.isEmpty() ? train : judged, joinedFolds(folds), progress);
    }

    private static Map<String, float[]> byId(List<Picture> pictures, List<float[][]> parts) {
        Map<String, float[]> rows = new HashMap<>();
        if (!pictures.isEmpty()) {
            float[][] joined = LinearHead.sideBySide(parts);
            for (int i = 0; i < joined.length; i++) {
                rows.put(pictures.get(i).id(), joined[i]);
            }
        }
        return rows;
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

    /** What a head is given to see of pictures: {@code [pictures][features]}. */
    private interface Views {
        float[][] train(List<Picture> pictures, int epoch) throws InterruptedException;

        float[][] evaluate(List<Picture> pictures) throws InterruptedException;

        default float[][] validate(List<Picture> pictures) throws InterruptedException {
            return evaluate(pictures);
        }
    }

    private static Trained heads(Recipe recipe, HeadTraining training, Views views, List<Picture> pictures, List<Split.Fold> folds, Progress progress) throws InterruptedException {
        int classes = recipe.data().classes().size();
        boolean again = folds.size() > 1;
        Map<String, History> histories = new LinkedHashMap<>();
        Map<String, float[]> validationLogits = new LinkedHashMap<>();
        LinearHead.Weights head = null;
        try (Progress.Task task = progress.start("training", (long) recipe.epochs() * (folds.size() + (again ? 1 : 0)), "epochs")) {
            for (int k = 0; k < folds.size(); k++) {
                List<Picture> in = folds.get(k).train();
                List<Picture> out = folds.get(k).validation();
                HeadTraining.Validation validation = out.isEmpty() ? null : new HeadTraining.Validation(views.validate(out), labels(out), !again);
                HeadTraining.Result result = training.run(epoch -> views.train(in, epoch), labels(in), validation, classes, task);
                histories.put(again ? "fold " + (k + 1) : "training", result.history());
                head = result.weights();
                float[][] logits = out.isEmpty() ? new float[0][] : head.logits(validation.features());
                for (int i = 0; i < logits.length; i++) {
                    validationLogits.put(out.get(i).id(), logits[i]);
                }
            }
            if (again) {
                HeadTraining.Result result = training.run(epoch -> views.train(pictures, epoch), labels(pictures), null, classes, task);
                histories.put("all", result.history());
                head = result.weights();
            }
        }
        float[][] train = head.logits(views.evaluate(recipe.data().train()));
        float[][] test = head.logits(views.evaluate(recipe.data().test()));
        return new Trained(head, histories, train, validationLogits, test);
    }

    private static int[] labels(List<Picture> pictures) {
        return pictures.stream().mapToInt(Picture::label).toArray();
    }

    /** The head that is kept. */
    public LinearHead.Weights head() {
        return head;
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
