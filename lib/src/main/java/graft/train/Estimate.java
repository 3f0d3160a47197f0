package graft.train;

import graft.Progress;
import graft.backbone.Backbone;
import graft.data.Picture;
import graft.data.Split;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * What one backbone of a recipe takes, from views, steps and validations that were measured: the recipe's own code on some of its pictures.
 *
 * @param parameters of the backbone with its head
 * @param trainable how many of them train in the last epoch
 * @param views pictures that pass through frozen stages, for features that all trainings share
 * @param viewSeconds for one of them
 * @param steps of all trainings
 * @param stepSeconds the mean of a step
 * @param seconds all of it: loading, views, trainings, validation, judging
 * @param peak bytes that the process held at once while it measured
 * @param features bytes of features, which come on top of that
 */
public record Estimate(long parameters, long trainable, long views, double viewSeconds, long steps, double stepSeconds, double seconds, long peak, long features) {
    /** Pictures that are measured, at most. */
    private static final int MEASURED = 96;
    private static final int FIRST = 16;
    private static final double SECONDS = 2;
    private static final int MOST_STEPS = 50;

    /** What a phase of a training takes: seconds to load it, for a picture in a step, to begin a validation, for a picture in it. */
    private record PhaseCost(double load, double trained, double validation, double validated) { }

    /** Measures; keeps nothing of it but decoded pictures. */
    public static Estimate of(Recipe recipe, Recipe.Member member, Progress progress) throws InterruptedException {
        Measuring measuring = new Measuring(recipe, member, progress);
        long peak;
        try {
            peak = MemoryUse.peak(measuring);
        } catch (InterruptedException | RuntimeException thrown) {
            throw thrown;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
        Backbone backbone = recipe.create(member);
        long trainable = recipe.trainableParameters(member, recipe.epochs() - 1);
        return new Estimate(backbone.parameterCount(), trainable, measuring.views, measuring.viewTime / Math.max(1, measuring.views), measuring.steps,
            measuring.stepTime / Math.max(1, measuring.steps), measuring.total(), peak, measuring.views * backbone.width() * Float.BYTES);
    }

    private static final class Measuring implements Callable<Void> {
        private final Recipe recipe;
        private final Recipe.Member member;
        private final Progress progress;
        private final List<Picture> some = new ArrayList<>();
        private long views;
        private double viewTime;
        private long steps;
        private double stepTime;
        private double otherTime;

        Measuring(Recipe recipe, Recipe.Member member, Progress progress) {
            this.recipe = recipe;
            this.member = member;
            this.progress = progress;
            List<Picture> train = recipe.data().train();
            int count = Math.min(Math.max(MEASURED, recipe.batch * recipe.accumulate), train.size());
            for (int i = 0; i < count; i++) {
                some.add(train.get((int) ((long) i * train.size() / count)));
            }
        }

        double total() {
            return viewTime + stepTime + otherTime;
        }

        @Override
        public Void call() throws InterruptedException {
            long start = System.nanoTime();
            try (BackboneTrainee trainee = BackboneTrainee.load(recipe, member, progress)) {
                otherTime += since(start);
                if (trainee.cut(trainee.stages()) > 0 && epochs(trainee, trainee.stages()) > 0) {
                    views(trainee);
                }
                trainings(trainee);
            }
            return null;
        }

        private int epochs(BackboneTrainee trainee, int first) {
            int count = 0;
            for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
                count += recipe.trainable().firstStage(epoch, trainee.stages()) == first ? 1 : 0;
            }
            return count;
        }

        /** Features of the whole body: the first few pictures are slow, and so is the first epoch of views that draw, because nothing is decoded yet. */
        private void views(BackboneTrainee trainee) throws InterruptedException {
            Features features = trainee.features(trainee.stages());
            int first = Math.min(FIRST, some.size() / 2);
            double begin = seconds(() -> features.prepare(some.subList(0, first), recipe.evaluate(), 0, 0, Progress.SILENT));
            double evaluated = seconds(() -> features.prepare(some, recipe.evaluate(), 0, 0, Progress.SILENT)) / (some.size() - first);
            long evaluations = recipe.data().train().size() + recipe.data().test().size();
            views = evaluations;
            viewTime = begin + (evaluations - first) * evaluated;
            if (recipe.train().random()) {
                int epochs = epochs(trainee, trainee.stages());
                double decoded = seconds(() -> features.prepare(some, recipe.train(), recipe.seed(), 0, Progress.SILENT)) / some.size();
                double cached = seconds(() -> features.prepare(some, recipe.train(), recipe.seed(), 1, Progress.SILENT)) / some.size();
                long train = recipe.data().train().size();
                views += train * epochs;
                viewTime += train * decoded + train * (epochs - 1) * cached;
            } else if (!recipe.train().equals(recipe.evaluate())) {
                views += recipe.data().train().size();
                viewTime += recipe.data().train().size() * evaluated;
            }
        }

        private void trainings(BackboneTrainee trainee) throws InterruptedException {
            List<Split.Fold> folds = recipe.split().of(recipe.data().train(), recipe.data().classes().size(), recipe.seed());
            List<int[]> sizes = new ArrayList<>(folds.stream().map(fold -> new int[] {fold.train().size(), fold.validation().size()}).toList());
            if (folds.size() > 1) {
                sizes.add(new int[] {recipe.data().train().size(), 0});
            }
            Map<Integer, PhaseCost> known = new HashMap<>();
            for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
                int first = recipe.trainable().firstStage(epoch, trainee.stages());
                boolean begins = !known.containsKey(first);
                if (begins) {
                    known.put(first, measured(trainee, first));
                }
                PhaseCost cost = known.get(first);
                for (int[] size : sizes) {
                    steps += (size[0] + recipe.batch * recipe.accumulate - 1) / (recipe.batch * recipe.accumulate);
                    stepTime += size[0] * cost.trained;
                    otherTime += (size[1] > 0 ? cost.validation + size[1] * cost.validated : 0) + (begins ? cost.load : 0);
                }
            }
            if (trainee.trainsBody()) {
                otherTime += (recipe.data().train().size() + recipe.data().test().size() + sizes.stream().mapToLong(size -> size[1]).sum())
                    * known.values().stream().mapToDouble(PhaseCost::validated).max().orElse(0);
            }
        }

        /** A phase of its own, whose steps change nothing but itself. */
        private PhaseCost measured(BackboneTrainee trainee, int first) throws InterruptedException {
            Position at = new Position();
            long start = System.nanoTime();
            try (Phase phase = new Phase(recipe, trainee, first, some, at, note -> { })) {
                double load = since(start);
                List<int[]> batches = Steps.of(some.size(), recipe.batch * recipe.accumulate, recipe.seed(), 0, phase.mixesPictures());
                phase.step(batches.get(0), at, 0);
                phase.step(batches.get(batches.size() - 1), at, 0);
                long begin = System.nanoTime();
                long trained = 0;
                for (int i = 0; i < MOST_STEPS && (i == 0 || since(begin) < SECONDS); i++) {
                    int[] rows = batches.get(i % batches.size());
                    phase.step(rows, at, 0);
                    trained += rows.length;
                }
                double step = since(begin) / trained;
                List<Picture> few = some.subList(0, Math.min(FIRST, (some.size() + 1) / 2));
                phase.validate(some);
                double small = seconds(() -> phase.validate(few));
                double large = seconds(() -> phase.validate(some));
                double each = few.size() == some.size() ? 0 : Math.max(0, (large - small) / (some.size() - few.size()));
                return new PhaseCost(load, step, Math.max(0, small - few.size() * each), each);
            }
        }

        private interface Work {
            void run() throws InterruptedException;
        }

        private static double seconds(Work work) throws InterruptedException {
            long start = System.nanoTime();
            work.run();
            return since(start);
        }

        private static double since(long start) {
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
