package graft.backbone;

import graft.AtomicFile;
import graft.InputException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The SHA-256 of a file whose publisher names none: the first download's, kept in {@code FILE.sha256}. Every later download of the file
 * must have it, so that results can be repeated.
 *
 * @param file that is downloaded
 * @param record where its SHA-256 is kept
 */
record FirstDownload(Path file, Path record) {
    /** A download that accepts files whose SHA-256 begins with the given digits. */
    @FunctionalInterface
    interface Attempt {
        Path run(String sha256) throws InterruptedException;
    }

    static FirstDownload of(Path file) {
        return new FirstDownload(file, file.resolveSibling(file.getFileName() + ".sha256"));
    }

    /** The file, by a download that accepts only what was accepted first. */
    Path run(Attempt attempt) throws InterruptedException {
        try {
            boolean known = Files.isRegularFile(record);
            Path arrived = attempt.run(known ? Files.readString(record).strip() : "");
            if (!known) {
                String sha256 = Sha256.of(arrived);
                AtomicFile.writeText(record, out -> out.append(sha256).append('\n'));
            }
            return arrived;
        } catch (IOException failed) {
            throw new InputException("%s cannot be read or written: %s; GRAFT_CACHE can name another folder".formatted(record, failed.getMessage()), failed);
        }
    }
}
