package graft.run;

import graft.data.ImageFolder;
import graft.data.Picture;
import graft.data.Split;
import graft.eval.Metrics;
import graft.eval.Predictions;
import graft.train.Trained;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a trained model says of each set of pictures, and how often it is right: {@code train} (which it has seen), {@code validation}
 * (each picture judged by a model that has not seen it), {@code test}.
 *
 * @param predictions by set, those that have pictures
 * @param metrics by set, those whose labels are known
 */
public record Evaluation(Map<String, Predictions> predictions, Map<String, Metrics> metrics) {
    static Evaluation of(ImageFolder data, List<Split.Fold> folds, Trained trained) {
        Map<String, Predictions> predictions = new LinkedHashMap<>();
        // Of several folds the head that is kept was trained again on all pictures; of one, on those not held out.
        List<Picture> seen = folds.size() > 1 ? data.train() : folds.get(0).train();
        Map<String, float[]> logits = new HashMap<>();
        for (int i = 0; i < data.train().size(); i++) {
            logits.put(data.train().get(i).id(), trained.trainLogits()[i]);
        }
        predictions.put("train", predictions(data, seen, rows(seen, logits)));
        List<Picture> judged = data.train().stream().filter(picture -> trained.validationLogits().containsKey(picture.id())).toList();
        if (!judged.isEmpty()) {
            predictions.put("validation", predictions(data, judged, rows(judged, trained.validationLogits())));
        }
        if (!data.test().isEmpty()) {
            predictions.put("test", predictions(data, data.test(), trained.testLogits()));
        }
        Map<String, Metrics> metrics = new LinkedHashMap<>();
        predictions.forEach((set, values) -> {
            if (!set.equals("test") || data.testLabelled()) {
                metrics.put(set, Metrics.of(values));
            }
        });
        return new Evaluation(predictions, metrics);
    }

    private static float[][] rows(List<Picture> pictures, Map<String, float[]> logits) {
        return pictures.stream().map(picture -> logits.get(picture.id())).toArray(float[][]::new);
    }

    private static Predictions predictions(ImageFolder data, List<Picture> pictures, float[][] logits) {
        return new Predictions(pictures.stream().map(Picture::id).toList(), data.classes(), pictures.stream().mapToInt(Picture::label).toArray(), logits);
    }

    /** The set that says most about pictures never seen: test where it is labelled, else validation. */
    public String best() {
        return List.of("test", "validation", "train").stream().filter(metrics::containsKey).findFirst().orElseThrow();
    }

    /** The figures of a set, where its labels are known. */
    public Optional<Metrics> of(String set) {
        return Optional.ofNullable(metrics.get(set));
    }
}
