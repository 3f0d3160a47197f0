package graft.data;

import graft.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Decodes every picture of a data set to find those that cannot be read: a truncated file shows only at its end. */
final class PictureCheck {
    private static final int LISTED = 10;

    private PictureCheck() { }

    /** The pictures that cannot be read, in the order given. */
    static List<Unreadable> of(List<Picture> pictures, Progress progress) throws InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), work -> {
            Thread thread = new Thread(work, "graft-check");
            thread.setDaemon(true);
            return thread;
        });
        try (Progress.Task task = progress.start("checking", pictures.size(), "pictures")) {
            List<Future<Unreadable>> checks = new ArrayList<>();
            for (Picture picture : pictures) {
                checks.add(workers.submit(() -> check(picture)));
            }
            List<Unreadable> found = new ArrayList<>();
            for (Future<Unreadable> check : checks) {
                Unreadable one = check.get();
                if (one != null) {
                    found.add(one);
                }
                task.step(1);
            }
            return found;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a picture could not be checked", e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    /** One sentence about all of them. */
    static String sentence(Path root, List<Unreadable> found) {
        String listed = found.stream().limit(LISTED).map(Unreadable::toString).collect(Collectors.joining("; "));
        String more = found.size() > LISTED ? "; and " + (found.size() - LISTED) + " more" : "";
        String them = found.size() == 1 ? "it" : "them";
        return root + " has " + found.size() + (found.size() == 1 ? " file that is no readable picture: " : " files that are no readable pictures: ")
            + listed + more + " (repair or remove " + them + ", or leave " + them + " out with --skip-unreadable)";
    }

    private static Unreadable check(Picture picture) {
        try {
            PictureFile.read(picture.file(), image -> image.height());
            return null;
        } catch (UnreadablePictureException e) {
            return new Unreadable(picture, e.getMessage());
        }
    }
}
