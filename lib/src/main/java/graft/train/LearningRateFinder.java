package graft.train;

import graft.InputException;
import graft.Limits;
import graft.Progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The learning-rate range test, Smith 2015 (arXiv:1506.01186), in fastai's form: a short training whose rate rises by the same factor every step. While it is too low
 * the loss stays, then it falls, and when it is too high it grows without bound.
 *
 * @param lowest the first rate, above 0
 * @param highest the last rate, above the first
 * @param steps how many there are, unless the loss grows too much before
 * @param smoothing of losses: how much each step keeps of their mean, at least 0 and below 1; what that lacks in the beginning is made up for
 * @param divergence how many times the lowest smoothed loss is too much
 */
public record LearningRateFinder(double lowest, double highest, int steps, double smoothing, double divergence) {
    /** The first losses are the mean of few; the last ones are out of hand. Neither are suggested. */
    private static final int FIRST_SHARE = 10;
    private static final int LAST = 5;

    /** A training that can be asked for one more step. */
    @FunctionalInterface
    public interface Step {
        /**
         * Trains on the next batch.
         *
         * @param learningRate of this step
         * @return the loss of the batch before its parameters changed
         */
        double train(double learningRate) throws InterruptedException;
    }

    /** One step. @param smoothed the mean of losses up to here, the last counting most */
    public record Point(double learningRate, double loss, double smoothed) { }

    public LearningRateFinder {
        Limits.positive("the lowest learning rate of a search", lowest);
        Limits.atLeast(2, "the number of steps of a search for a learning rate", steps);
        Limits.below1("the smoothing of a search for a learning rate", smoothing);
        if (!(highest > lowest && highest < Double.POSITIVE_INFINITY)) {
            throw new InputException("the learning rates of a search go from " + lowest + " to " + highest + "; the second has to be the higher one");
        }
        if (!(divergence > 1)) {
            throw new InputException("the divergence of a search for a learning rate is " + divergence + "; it has to be above 1");
        }
    }

    /** fastai's: from 1e-7 to 10 in 100 steps, smoothing 0.98, to 4 times the lowest loss. */
    public static LearningRateFinder standard() {
        return new LearningRateFinder(1e-7, 10, 100, 0.98, 4);
    }

    public LearningRateFinder between(double first, double last) {
        return new LearningRateFinder(first, last, steps, smoothing, divergence);
    }

    public LearningRateFinder steps(int value) {
        return new LearningRateFinder(lowest, highest, value, smoothing, divergence);
    }

    /**
     * Trains until the rates are through, or the loss is out of hand or not finite. Weights, optimizer and batch norms are then of no use: the caller keeps them
     * before, and puts them back, or searches with a network of its own.
     *
     * @throws InputException if the loss of the first step is not finite
     * @throws InterruptedException if the thread is interrupted, between two steps
     */
    public Found run(Step training, Progress progress) throws InterruptedException {
        List<Point> points = new ArrayList<>();
        double mean = 0;
        double best = Double.POSITIVE_INFINITY;
        try (Progress.Task task = progress.start("search", steps, "steps")) {
            for (int i = 0; i < steps; i++) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                double rate = lowest * Math.pow(highest / lowest, i / (steps - 1.0));
                double loss = training.train(rate);
                mean = smoothing * mean + (1 - smoothing) * loss;
                double smoothed = mean / (1 - Math.pow(smoothing, i + 1));
                if (i == 0 && !Double.isFinite(loss)) {
                    throw new InputException("the loss is " + loss + " before the first step; weights and pictures that give a finite one would be right");
                }
                if (!Double.isFinite(smoothed)) {
                    break;
                }
                points.add(new Point(rate, loss, smoothed));
                task.note(String.format(Locale.ROOT, "learning rate %.1e   loss %.3f", rate, smoothed));
                task.step(1);
                if (smoothed > divergence * best) {
                    break;
                }
                best = Math.min(best, smoothed);
            }
        }
        return new Found(this, points);
    }

    /**
     * What the losses say.
     *
     * @param points every step with a finite loss, in their order
     */
    public record Found(LearningRateFinder search, List<Point> points) {
        public Found {
            points = List.copyOf(points);
        }

        private List<Point> judged() {
            int from = search.steps / FIRST_SHARE;
            return points.subList(Math.min(from, points.size()), Math.max(Math.min(from, points.size()), points.size() - LAST));
        }

        /** The rate at which the smoothed loss falls fastest, over the logarithm of the rate; none if it never falls. */
        public OptionalDouble steepest() {
            List<Point> judged = judged();
            double slope = 0;
            OptionalDouble steepest = OptionalDouble.empty();
            for (int i = 1; i < judged.size(); i++) {
                double here = judged.get(i).smoothed() - judged.get(i - 1).smoothed(); // the logarithms of the rates are equally far from each other
                if (here < slope) {
                    slope = here;
                    steepest = OptionalDouble.of(judged.get(i - 1).learningRate());
                }
            }
            return steepest;
        }

        /**
         * The rate in the middle of the longest descent: that of the longest sequence of steps, not necessarily one after the other, of which each has a lower smoothed loss
         * than the one before. Safer than the steepest place. None if the loss never falls.
         */
        public OptionalDouble valley() {
            List<Point> judged = judged();
            int[] length = new int[judged.size()];
            int[] start = new int[judged.size()];
            int end = -1;
            for (int i = 0; i < length.length; i++) {
                length[i] = 1;
                start[i] = i;
                for (int j = 0; j < i; j++) {
                    if (judged.get(i).smoothed() < judged.get(j).smoothed() && length[j] + 1 > length[i]) {
                        length[i] = length[j] + 1;
                        start[i] = start[j];
                    }
                }
                end = end < 0 || length[i] > length[end] ? i : end;
            }
            return end < 0 || length[end] < 2 ? OptionalDouble.empty() : OptionalDouble.of(judged.get((start[end] + end) / 2).learningRate());
        }
    }
}
