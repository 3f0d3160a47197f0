package graft.run;

import graft.InputException;
import graft.Progress;
import graft.eval.Published;
import graft.train.Recipe;
import graft.train.SharedFeatures;
import java.nio.file.Path;

/** A run that was interrupted, killed or failed, taken up again: everything is as its folder says. */
record UnfinishedRun(RunFolder folder, Recipe recipe, Environment environment) {
    /**
     * Takes up a run.
     *
     * @param script whose run it has to be, or {@code null} for any
     * @throws InputException if it is no unfinished run, or its pictures or weights are no longer what they were
     */
    static UnfinishedRun open(Path path, String script, Progress progress) throws InterruptedException {
        RunFolder folder = RunFolder.resume(path);
        boolean open = false;
        try {
            Environment environment = folder.environment();
            if (script != null && !environment.isOf(script)) {
                throw new InputException("it was not begun by " + script + "; " + environment.goOn(path) + " would be right");
            }
            Recipe recipe = Recipe.fromJson(folder.recipe(), environment.data().find(progress), environment.weights());
            UnfinishedRun run = new UnfinishedRun(folder, recipe, environment.resumed());
            open = true;
            return run;
        } catch (InputException wrong) {
            throw new InputException("--resume " + path + " cannot go on: " + wrong.getMessage(), wrong);
        } finally {
            if (!open) {
                folder.keep();
            }
        }
    }

    /** Takes up a run whose recipe is at hand, with its pictures and weights. */
    static UnfinishedRun open(Path path, Recipe recipe, Published published) {
        RunFolder folder = RunFolder.resume(path);
        boolean open = false;
        try {
            UnfinishedRun run = new UnfinishedRun(folder, recipe, new Environment(folder.environment().resumed().facts(), published));
            open = true;
            return run;
        } finally {
            if (!open) {
                folder.keep();
            }
        }
    }

    /** Trains what is not trained yet, and writes the results. */
    Run run(Progress progress) throws InterruptedException {
        return run(null, progress);
    }

    /** The same with what other runs may have computed already. */
    Run run(SharedFeatures shared, Progress progress) throws InterruptedException {
        return Run.of(recipe, folder, environment, shared, progress);
    }
}
