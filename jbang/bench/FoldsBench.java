///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//JAVA_OPTIONS -XX:+UseSerialGC
//DEPS graft:graft:0.1.0
//SOURCES Machine.java

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import graft.backbone.Weights;
import graft.data.ImageFolder;
import graft.data.Split;
import graft.plot.TerminalProgress;
import graft.torch.Precision;
import graft.train.Fit;
import graft.train.History;
import graft.train.Optimizer;
import graft.train.Recipe;
import graft.train.Schedule;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

import static graft.augment.Keyword.translate;
import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.colorJitter;
import static graft.augment.Transforms.randAugment;
import static graft.augment.Transforms.randomAffine;
import static graft.augment.Transforms.randomCrop;
import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomRotation;
import static graft.augment.Transforms.resize;

/**
 * The frozen-transformer report's recipe at 224 pixels: five folds, nine epochs of augmented views through a frozen backbone, AdamW 1e-2, weight decay 1e-4,
 * cosine with T_max 6, batch 32. The wall time of all of it, from JPEG files and weights to the folds' accuracy, with a decoded cache that begins empty.
 *
 * <p>{@code environment/jbang jbang/bench/FoldsBench.java DIR WEIGHTS float32|bfloat16 [EPOCHS (9) [PICTURES A CLASS (all) [SEED (0) [BACKBONE (deit_tiny_patch16_224)]]]]}: DIR
 * holds a folder a class. Prints one line of JSON.
 */
class FoldsBench {
    public static void main(String... arguments) throws Exception {
        long start = System.nanoTime();
        int epochs = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 9;
        int perClass = arguments.length > 4 ? Integer.parseInt(arguments[4]) : Integer.MAX_VALUE;
        long seed = arguments.length > 5 ? Long.parseLong(arguments[5]) : 0;
        String backbone = arguments.length > 6 ? arguments[6] : "deit_tiny_patch16_224";
        Path cache = Files.createTempDirectory("folds-bench");
        System.setProperty("graft.cache", cache.toString());
        try {
            ImageFolder data = ImageFolder.of(Path.of(arguments[0])).first(perClass);
            Recipe recipe = Recipe.of("folds-bench", data)
                .split(Split.folds(5))
                .backbone(backbone, Weights.file(backbone, Path.of(arguments[1])))
                .train(resize(224), randomCrop(224, true), randomHorizontalFlip(0.4), randAugment(2, 7), randomRotation(10), colorJitter(0.2, 0.2, 0.5, 0.2),
                    randomAffine(15, translate(0.1, 0.1)))
                .evaluate(resize(224), centerCrop(224))
                .optimizer(Optimizer.adamW(1e-2).weightDecay(1e-4)).schedule(Schedule.cosine(6))
                .epochs(epochs).batch(32).seed(seed).precision(Precision.of(arguments[2]));
            Fit fit = Fit.of(recipe, null, new TerminalProgress());
            double seconds = (System.nanoTime() - start) / 1e9;
            JsonObject json = new JsonObject();
            json.addProperty("model", backbone);
            json.addProperty("precision", recipe.precision().toString());
            json.addProperty("pictures", data.train().size());
            json.addProperty("epochs", epochs);
            json.addProperty("seconds", Machine.rounded(seconds, 1));
            JsonArray folds = new JsonArray();
            double sum = 0;
            for (Map.Entry<String, History> training : fit.result().histories().entrySet()) {
                if (training.getKey().startsWith("fold")) {
                    double accuracy = training.getValue().epochs().get(epochs - 1).validationAccuracy();
                    folds.add(Machine.rounded(accuracy, 4));
                    sum += accuracy;
                }
            }
            json.add("folds", folds);
            json.addProperty("mean", Machine.rounded(sum / folds.size(), 4));
            json.addProperty("peak_mib", Machine.peakMib());
            System.out.println(json);
        } finally {
            try (Stream<Path> all = Files.walk(cache)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
    }
}
