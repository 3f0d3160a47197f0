package graft.train;

import graft.InputException;
import graft.Progress;
import graft.data.Picture;
import graft.torch.StateDict;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * One training of one network, as a recipe says: epochs of steps, validation after each, the best or the last epoch kept. What each step
 * sees and draws is a pure function of the seed, the epoch and the step, so that a training that goes on from a {@link Checkpoint} ends
 * with the same bits as one that was never stopped.
 */
final class Training {
    /** How often a checkpoint is written within an epoch. */
    private static final long SAVE_NANOS = 300_000_000_000L;

    /**
     * Pictures to validate on after each epoch.
     *
     * @param chooses whether the best epoch is kept, and patience ends the training early. In a cross-validation none may be chosen: what
     *     validates would then have helped to train, and would promise too much
     */
    record Validation(List<Picture> pictures, boolean chooses) { }

    /**
     * What came out.
     *
     * @param weights every number of the network, of the epoch that is kept
     * @param history every epoch's figures
     */
    record Result(StateDict weights, History history) { }

    private final Recipe recipe;
    private final Trainee trainee;
    private final String name;
    private final Path folder;
    private final Progress.Task task;
    private Position at;
    private long saved;

    /**
     * @param name told with each epoch: {@code fold 2}, {@code resnet50, fold 2}, or nothing
     * @param folder where checkpoints are written and looked for, or {@code null} for a training that is over in seconds and keeps none
     * @param task told of every picture
     */
    Training(Recipe recipe, Trainee trainee, String name, Path folder, Progress.Task task) {
        this.recipe = recipe;
        this.trainee = trainee;
        this.name = name;
        this.folder = folder;
        this.task = task;
    }

    /**
     * Trains, from the checkpoint if there is one.
     *
     * @param validation {@code null} for none
     * @throws InterruptedException within a step of the interrupt; a checkpoint of where it stands is kept
     * @throws InputException if the loss is no longer a number; the last checkpoint is kept
     */
    Result run(List<Picture> pictures, Validation validation) throws InterruptedException {
        if (pictures.isEmpty()) {
            throw new InputException("the recipe " + recipe.name() + " leaves no pictures to train on; give more pictures or fewer folds");
        }
        at = folder == null ? new Position() : Position.read(folder, recipe);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        saved = System.nanoTime();
        at.history.epochs().forEach(this::tell);
        task.skip((long) at.epoch * pictures.size() + at.seen);
        while (!finished(validation)) {
            int first = first(at.epoch);
            try (Phase phase = new Phase(recipe, trainee, first, pictures, at, task::note)) {
                while (!finished(validation) && first(at.epoch) == first) {
                    epoch(phase, pictures.size(), validation);
                }
                phase.keep(at);
            }
        }
        task.skip((long) (recipe.epochs() - at.epoch) * pictures.size());
        return new Result((at.best.size() > 0 ? at.best : at.last()).over(trainee.weights()), at.history);
    }

    private int first(int epoch) {
        return recipe.trainable().firstStage(epoch, trainee.stages());
    }

    private boolean finished(Validation validation) {
        return at.epoch >= recipe.epochs() || chooses(validation) && recipe.patience > 0 && at.epoch - 1 - at.history.best() >= recipe.patience;
    }

    private static boolean chooses(Validation validation) {
        return validation != null && validation.chooses();
    }

    private void epoch(Phase phase, int count, Validation validation) throws InterruptedException {
        List<int[]> steps = Steps.of(count, recipe.batch * recipe.accumulate, recipe.seed(), at.epoch, phase.mixesPictures());
        List<Double> losses = at.history.epochs().stream().map(History.Epoch::validationLoss).toList();
        try {
            while (at.step < steps.size()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                double rate = rate(at.step, steps.size(), losses);
                if (Double.isNaN(phase.step(steps.get(at.step), at, rate))) {
                    throw new InputException(phase.problem() + (folder == null ? "" : "; the last checkpoint is in " + folder));
                }
                task.step(steps.get(at.step - 1).length);
                task.batch(new Progress.Batch(at.epoch + 1, recipe.epochs(), at.step, steps.size(), at.loss / at.seen, (double) at.hits / at.seen, rate));
                if (folder != null && System.nanoTime() - saved > SAVE_NANOS) {
                    save(phase);
                }
            }
            double[] validated = validation == null ? new double[] {Double.NaN, Double.NaN} : phase.validate(validation.pictures());
            at.next(new History.Epoch(at.epoch + 1, rate(0, steps.size(), losses), at.loss / at.seen, (double) at.hits / at.seen, validated[0], validated[1]));
            tell(at.history.epochs().get(at.epoch - 1));
            boolean best = chooses(validation) && at.history.best() == at.epoch - 1;
            if (best || folder != null) {
                phase.keep(at);
            }
            if (best) {
                at.best = at.last();
            }
            write();
        } catch (InterruptedException | CancellationException interrupted) {
            Thread.interrupted(); // It would end the writing, too.
            save(phase);
            throw new InterruptedException();
        }
    }

    /** The learning rate of a step of the present epoch. @param losses of the epochs before, in validation */
    private double rate(int step, int steps, List<Double> losses) {
        return recipe.schedule.rate(recipe.optimizer().learningRate(), new Moment(at.epoch, step, steps, recipe.epochs(), losses));
    }

    private void tell(History.Epoch epoch) {
        task.epoch(new Progress.Epoch(name, epoch.epoch(), recipe.epochs(), epoch.learningRate(), epoch.trainLoss(), epoch.trainAccuracy(),
            epoch.validationLoss(), epoch.validationAccuracy()));
    }

    private void save(Phase phase) {
        if (folder != null) {
            phase.keep(at);
            write();
        }
    }

    /** Writes a checkpoint of what was kept last. */
    private void write() {
        if (folder != null) {
            at.write(folder, recipe);
            saved = System.nanoTime();
        }
    }
}
