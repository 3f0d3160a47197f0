package graft.data;

import graft.Progress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Decodes every picture of a data set to find those that cannot be read: a truncated file shows only at its end. */
final class PictureCheck {
    private static final int LISTED = 10;

    private PictureCheck() { }

    /** The pictures that cannot be read, in the order given. */
    static List<Unreadable> of(List<Picture> pictures, Progress progress) throws InterruptedException {
        Unreadable[] found = new Unreadable[pictures.size()];
        try (Progress.Task task = progress.start("checking", pictures.size(), "pictures")) {
            Parallel.forEach(pictures.size(), i -> found[i] = check(pictures.get(i)), task);
        }
        return Arrays.stream(found).filter(Objects::nonNull).toList();
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
