///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//JAVA_OPTIONS -XX:+UseSerialGC
//DEPS graft:graft:0.1.0

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomResizedCrop;
import static graft.augment.Transforms.resize;

import com.google.gson.Gson;
import graft.backbone.Weights;
import graft.data.ImageFolder;
import graft.data.Picture;
import graft.plot.TerminalProgress;
import graft.torch.Precision;
import graft.train.Fit;
import graft.train.History;
import graft.train.Optimizer;
import graft.train.Recipe;
import graft.train.Trainable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Full fine-tuning: every parameter trains, random resized crop and flip, AdamW with weight decay 0.05, cosine, batch 32.
 *
 * <p>{@code environment/jbang jbang/bench/FinetuneBench.java DATA BACKBONE WEIGHTS EPOCHS LEARNING_RATE float32|bfloat16 [SEEDS (3)]} prints a line of JSON for each seed:
 * the accuracy after each epoch on the test pictures, or, where those have no labels, on every fifth training picture, and the seconds of the whole.
 */
class FinetuneBench {
    private static final int PARTS = 5;

    public static void main(String... arguments) throws Exception {
        ImageFolder data = ImageFolder.of(Path.of(arguments[0]));
        int seeds = arguments.length > 6 ? Integer.parseInt(arguments[6]) : 3;
        for (int seed = 0; seed < seeds; seed++) {
            Recipe recipe = Recipe.of("finetune-bench", data)
                .backbone(arguments[1], Weights.file(arguments[1], Path.of(arguments[2]))).trainable(Trainable.all())
                .train(randomResizedCrop(224, 0.5, 1), randomHorizontalFlip())
                .evaluate(resize(256), centerCrop(224))
                .optimizer(Optimizer.adamW(Double.parseDouble(arguments[4])).weightDecay(0.05))
                .epochs(Integer.parseInt(arguments[3])).batch(32).seed(seed).precision(Precision.of(arguments[5]));
            List<Picture> train = new ArrayList<>();
            List<Picture> judged = new ArrayList<>();
            for (int i = 0; i < data.train().size(); i++) {
                (!data.testLabelled() && i % PARTS == seed % PARTS ? judged : train).add(data.train().get(i));
            }
            if (data.testLabelled()) {
                judged = data.test();
            }
            long start = System.nanoTime();
            History history = Fit.watched(recipe, train, judged, new TerminalProgress());
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("seed", seed);
            line.put("accuracy", history.epochs().stream().map(epoch -> Math.round(1e4 * epoch.validationAccuracy()) / 1e4).toList());
            line.put("loss", history.epochs().stream().map(epoch -> Math.round(1e4 * epoch.trainLoss()) / 1e4).toList());
            line.put("seconds", Math.round((System.nanoTime() - start) / 1e8) / 10.0);
            line.put("precision", arguments[5]);
            System.out.println(new Gson().toJson(line));
        }
    }
}
