package graft.train;

import graft.Progress;
import graft.augment.Interpolation;
import graft.augment.Pipeline;
import graft.augment.Transforms;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.Audit;
import graft.data.Finding;
import graft.data.Finding.Kind;
import graft.data.Mix;
import graft.data.Picture;
import graft.torch.Precision;
import graft.torch.StateDict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds pictures that may be in the wrong class: linear heads on the features of a frozen backbone judge pictures that they were not trained on, and one of
 * them is sure of another class. Sure is what confident learning calls it (Northcutt, Jiang, Chuang 2021, arXiv:1911.00068): the probability of the
 * other class is at least the mean that its own pictures get, or 80 %. Probabilities are means over three ways to cut the pictures into five folds; copies stay
 * in one fold, so that a wrong label is not confirmed by its copy.
 *
 * <p>Takes {@code 4 · width} bytes a picture for the features.
 */
public final class LabelCheck {
    private static final int FOLDS = 5;
    private static final int CUTS = 3;
    private static final int EPOCHS = 40;
    private static final int BATCH = 32;
    private static final double LEARNING_RATE = 1e-3;
    /** A class with fewer pictures teaches too little to judge by. */
    private static final int LEAST = 4;
    /** As sure as anybody has to be, even where a class is so easy that its own pictures get more. */
    private static final double ENOUGH = 0.8;
    /** What the own class may still get, as a share of what the other class gets. */
    private static final double OWN = 0.2;

    private final List<Picture> pictures;
    private final int classes;
    private final int[] labels;
    private final int[] group;
    private final Recipe recipe;

    private LabelCheck(Audit audit) {
        pictures = audit.readable().stream().filter(picture -> picture.label() >= 0).toList();
        classes = audit.pictures().classes().size();
        labels = pictures.stream().mapToInt(Picture::label).toArray();
        group = groups(audit);
        recipe = Recipe.of("labels", audit.pictures()).trainable(Trainable.all()).optimizer(Optimizer.adamW(LEARNING_RATE)).epochs(EPOCHS).batch(BATCH);
    }

    /**
     * Judges the labels of all pictures that can be read and have one.
     *
     * @param weights of the backbone; without a fitting head
     * @return findings of {@link Kind#MISLABELLED}, the surest first
     */
    public static List<Finding> of(Audit audit, String backboneName, Weights weights, Progress progress) throws InterruptedException {
        LabelCheck check = new LabelCheck(audit);
        Pretrained prepared = weights.preprocessing();
        Backbone backbone = Backbones.create(backboneName, 1, prepared.crop());
        Pipeline view = Pipeline.of(Transforms.resize(prepared.resize(), Interpolation.of(prepared.interpolation())), Transforms.centerCrop(prepared.crop()));
        try (Features features = new Features(backbone, weights.load(backbone, false, progress), Precision.FLOAT32, prepared.mean(), prepared.std())) {
            return check.findings(check.judged(features.of(check.pictures, view, 0, 0, progress), progress), audit.pictures().classes());
        }
    }

    /** For each picture the first one of which it is a copy. */
    private int[] groups(Audit audit) {
        Map<Picture, Integer> index = new HashMap<>();
        IntStream.range(0, pictures.size()).forEach(i -> index.put(pictures.get(i), i));
        int[] first = IntStream.range(0, pictures.size()).toArray();
        for (Finding finding : audit.findings()) {
            boolean copies = finding.kind() == Kind.SAME_BETWEEN || finding.kind() == Kind.SAME_WITHIN || finding.kind() == Kind.COPY_BETWEEN || finding.kind() == Kind.COPY_WITHIN;
            if (copies && finding.pictures().stream().allMatch(index::containsKey)) {
                int a = root(first, index.get(finding.pictures().get(0)));
                int b = root(first, index.get(finding.pictures().get(1)));
                first[Math.max(a, b)] = Math.min(a, b);
            }
        }
        return IntStream.range(0, first.length).map(i -> root(first, i)).toArray();
    }

    private static int root(int[] first, int picture) {
        int at = picture;
        while (first[at] != at) {
            at = first[at];
        }
        return at;
    }

    /** The probability of each class for each picture, by heads that did not see it: {@code [pictures][classes]}. */
    private double[][] judged(float[][] features, Progress progress) throws InterruptedException {
        double[][] probabilities = new double[pictures.size()][classes];
        Map<String, float[]> rows = new HashMap<>();
        IntStream.range(0, features.length).forEach(i -> rows.put(pictures.get(i).id(), features[i]));
        try (Progress.Task task = progress.start("labels", (long) CUTS * (FOLDS - 1) * EPOCHS * pictures.size(), "pictures")) {
            for (int cut = 0; cut < CUTS; cut++) {
                int[] fold = folds(cut);
                for (int k = 0; k < FOLDS; k++) {
                    int held = k;
                    List<Picture> in = IntStream.range(0, fold.length).filter(i -> fold[i] != held).mapToObj(pictures::get).toList();
                    int[] out = IntStream.range(0, fold.length).filter(i -> fold[i] == held).toArray();
                    if (in.isEmpty() || out.length == 0) {
                        continue;
                    }
                    RowsTrainee head = RowsTrainee.random(rows, features[0].length, classes, 0);
                    StateDict trained = new Training(recipe, head, "", null, task).run(in, null).weights();
                    float[][] logits = head.judged(Arrays.stream(out).mapToObj(pictures::get).toList(), trained);
                    for (int i = 0; i < out.length; i++) {
                        addSoftmax(logits[i], probabilities[out[i]]);
                    }
                }
            }
        }
        return probabilities;
    }

    /** Deals each class's groups of copies out to the folds, in an order that the cut decides. */
    private int[] folds(int cut) {
        int[] order = IntStream.range(0, group.length).filter(i -> group[i] == i).boxed()
            .sorted(Comparator.<Integer>comparingInt(i -> labels[i]).thenComparingLong(i -> Mix.of(cut, pictures.get(i).id()))).mapToInt(Integer::intValue).toArray();
        int[] fold = new int[group.length];
        for (int i = 0; i < order.length; i++) {
            fold[order[i]] = i % FOLDS;
        }
        return IntStream.range(0, group.length).map(i -> fold[group[i]]).toArray();
    }

    private static void addSoftmax(float[] logits, double[] to) {
        double most = logits[0];
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - most);
        }
        for (int k = 0; k < logits.length; k++) {
            to[k] += Math.exp(logits[k] - most) / sum / CUTS;
        }
    }

    private List<Finding> findings(double[][] probabilities, List<String> names) {
        double[] usual = new double[classes];
        int[] counts = new int[classes];
        for (int i = 0; i < labels.length; i++) {
            usual[labels[i]] += probabilities[i][labels[i]];
            counts[labels[i]]++;
        }
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            double[] p = probabilities[i];
            int likeliest = IntStream.range(0, classes).boxed().max(Comparator.comparingDouble(k -> p[k])).orElseThrow();
            boolean sure = counts[likeliest] >= LEAST && p[likeliest] >= Math.min(ENOUGH, usual[likeliest] / counts[likeliest]);
            if (likeliest != labels[i] && counts[labels[i]] >= LEAST && sure && p[labels[i]] <= OWN * p[likeliest]) {
                findings.add(new Finding(Kind.MISLABELLED, List.of(pictures.get(i)), String.format(Locale.ROOT, "looks like %s (%.0f %%), not %s (%.0f %%)",
                    names.get(likeliest), 100 * p[likeliest], names.get(labels[i]), 100 * p[labels[i]]), p[likeliest]));
            }
        }
        findings.sort(Comparator.comparingDouble(Finding::score).reversed());
        return findings;
    }
}
