package graft.run;

import graft.Progress;
import graft.backbone.Backbone;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.Picture;
import graft.train.Features;
import graft.train.Recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a recipe will take, from the first pictures through each backbone. */
final class Cost {
    private static final int MEASURED_PICTURES = 64;

    private Cost() { }

    static String of(Recipe recipe, Progress progress) throws InterruptedException {
        List<Picture> pictures = new ArrayList<>(recipe.data().train());
        pictures.addAll(recipe.data().test());
        int views = recipe.train().random() ? recipe.epochs() + 1 : 1;
        long total = (long) recipe.data().train().size() * views + recipe.data().test().size();
        List<Picture> warmUp = pictures.subList(0, Math.min(MEASURED_PICTURES / 4, pictures.size() / 2));
        List<Picture> measured = pictures.subList(warmUp.size(), Math.min(warmUp.size() + MEASURED_PICTURES, pictures.size()));
        double seconds = 0;
        long memory = 0;
        StringBuilder text = new StringBuilder();
        for (Recipe.Member member : recipe.members()) {
            Backbone backbone = member.create(recipe.data().classes().size());
            Pretrained preprocessing = member.weights().preprocessing();
            // Untrained weights take the same time, and a question about the cost downloads nothing.
            Weights weights = member.weights().here() ? member.weights() : Weights.untrained(member.backbone(), recipe.seed());
            try (Features features = new Features(backbone, weights.load(backbone, false, progress), recipe.precision(), preprocessing.mean(), preprocessing.std())) {
                features.of(warmUp, recipe.evaluate(), recipe.seed(), 0, Progress.SILENT);
                long start = System.nanoTime();
                features.of(measured, recipe.evaluate(), recipe.seed(), 0, Progress.SILENT);
                double rate = measured.size() / ((System.nanoTime() - start) / 1e9);
                seconds += total / rate;
                memory += total * backbone.width() * Float.BYTES;
                text.append(String.format(Locale.ROOT, "%-16s %,d parameters, %,d trainable · %,d views at %.0f pictures/s%s%n", backbone.backboneName(),
                    backbone.parameterCount(), backbone.parameterCount() - backbone.bodyParameterCount(), total, rate, member.weights().here() ? "" : " · its weights are downloaded first"));
            }
        }
        return text + String.format(Locale.ROOT, "about %.0f s for the features, which take %.0f MB; the heads train in seconds", Math.ceil(seconds), Math.ceil(memory / 1e6));
    }
}
