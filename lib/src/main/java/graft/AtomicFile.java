package graft;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.CancellationException;

/** Writes a file beside its place and moves it there when it is whole, so that nobody ever reads half of one. */
public final class AtomicFile {
    /** Writes the bytes of a file. */
    @FunctionalInterface public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes the text of a file. */
    @FunctionalInterface public interface TextContent {
        void writeTo(Writer out) throws IOException;
    }

    private AtomicFile() { }

    /**
     * Writes or replaces {@code file}; folders on the way are made.
     *
     * @throws InputException if it cannot be written; what was there before is untouched then
     * @throws CancellationException if the thread is interrupted, the same holds
     */
    public static void write(Path file, Content content) {
        Path target = file.toAbsolutePath();
        Path beside = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.createDirectories(target.getParent());
            try {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(beside))) {
                    content.writeTo(out);
                }
                move(beside, target);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (ClosedByInterruptException interrupted) {
            throw new CancellationException("interrupted while writing " + file);
        } catch (IOException e) {
            throw new InputException(file + " cannot be written: " + reason(e) + "; choose another place or make room", e);
        }
    }

    /** The same for text, in UTF-8. */
    public static void writeText(Path file, TextContent content) {
        write(file, out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            content.writeTo(writer);
            writer.flush();
        });
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) { // some network file systems
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e instanceof FileSystemException ? e.getClass().getSimpleName() + " " + e.getMessage() : e.getMessage();
    }
}
