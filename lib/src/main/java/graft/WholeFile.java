package graft;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that is either whole or not there: its content is written beside it under another name and moved into place
 * when it is complete. A full disk, a kill or an exception leaves what was there before.
 */
public final class WholeFile {
    private WholeFile() { }

    /** Writes a file's content, from its start. */
    public interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes {@code file}, replacing one that is there.
     *
     * @throws graft.InputException if the folder is missing, cannot be written or is full; nothing is left behind
     */
    public static void write(Path file, Content content) {
        Path whole = file.toAbsolutePath();
        Path beside = whole.resolveSibling("." + whole.getFileName() + "."
                + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".part");
        try {
            try (FileChannel channel = FileChannel.open(beside,
                    StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                content.writeTo(channel);
            }
            move(beside, whole);
        } catch (IOException failed) {
            throw new InputException("%s cannot be written: %s".formatted(file, reason(failed)), failed);
        } finally {
            remove(beside);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException rare) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void remove(Path beside) {
        try {
            Files.deleteIfExists(beside);
        } catch (IOException left) {
            beside.toFile().deleteOnExit();
        }
    }

    /** What a failed file operation says to a person: the system's reason, without the file's name again. */
    public static String reason(IOException failed) {
        if (failed instanceof NoSuchFileException) {
            return "its folder does not exist";
        }
        if (failed instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failed instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    }
}
