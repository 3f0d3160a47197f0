package graft.data;

import graft.Progress;

import java.nio.file.Path;
import java.util.List;

/**
 * A picture that cannot be used, and why.
 *
 * @param reason in plain words, without the file's name: {@code ends too early (truncated)}
 */
public record Unreadable(Picture picture, String reason) {
    /** Those of some files that cannot be read, in their order: every file is decoded to its end, on all processors. */
    public static List<Unreadable> among(List<Path> files, Progress progress) throws InterruptedException {
        return PictureCheck.of(files.stream().map(file -> new Picture(file, file.toString(), -1)).toList(), progress);
    }

    @Override public String toString() {
        return picture.id() + " " + reason;
    }
}
