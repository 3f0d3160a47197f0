package graft.data;

import graft.AtomicFile;
import graft.InputException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The SHA-256 of a file for which none is published: that of the first download, kept beside it as {@code FILE.sha256}. Every later
 * download has to match it.
 */
public final class FirstDownload {
    private final Path file;
    private final Path record;

    public FirstDownload(Path file) {
        this.file = file;
        this.record = file.resolveSibling(file.getFileName() + ".sha256");
    }

    /** What was recorded; empty before the first download, so that any file begins with it. */
    public String sha256() {
        try {
            return Files.exists(record) ? Files.readString(record).strip() : "";
        } catch (IOException failed) {
            throw new InputException("%s cannot be read: %s".formatted(record, failed.getMessage()), failed);
        }
    }

    /** Records the file that is there, unless one was recorded. */
    public void record() throws InterruptedException {
        if (Files.exists(record)) {
            return;
        }
        try {
            byte[] text = (Sha256.of(file) + "\n").getBytes(StandardCharsets.US_ASCII);
            AtomicFile.write(record, out -> out.write(text));
        } catch (IOException failed) {
            throw new InputException("%s cannot be written: %s".formatted(record, failed.getMessage()), failed);
        }
    }
}
