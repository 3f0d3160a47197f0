package graft.run;

import graft.Progress;
import graft.eval.Published;
import graft.train.Recipe;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What a notebook's cell runs. An interrupt ends a cell at once, while its run still saves where it stands; the next one waits for that, and the same cell goes on from there.
 */
public final class CellRun {
    private static final ReentrantLock RUNNING = new ReentrantLock();

    /** What only one cell does at a time. */
    @FunctionalInterface
    interface Work<T> {
        T work() throws InterruptedException;
    }

    private CellRun() { }

    /**
     * Carries out a recipe. A run of just this recipe that was interrupted, or whose kernel died, is gone on with.
     *
     * @param say told which run that is
     */
    public static Run of(Recipe recipe, Options options, Published published, Progress progress, Consumer<String> say) throws InterruptedException {
        return alone(() -> {
            Recipe checked = options.checked(recipe, progress);
            Optional<Path> stopped = RunFolder.unfinished(options.out(), checked);
            if (stopped.isEmpty()) {
                return Run.of(checked, options.out(), published, command(recipe), progress);
            }
            say.accept("goes on with " + stopped.get() + ", which was stopped");
            return UnfinishedRun.open(stopped.get(), checked, published).run(progress);
        });
    }

    /** What stands in place of a script's line of shell. */
    static String command(Recipe recipe) {
        return Environment.NOTEBOOK + recipe.name();
    }

    static <T> T alone(Work<T> work) throws InterruptedException {
        RUNNING.lockInterruptibly();
        try {
            return work.work();
        } finally {
            RUNNING.unlock();
        }
    }
}
