package graft.data;

import graft.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The data sets that come with the library, as ZIP archives on the class path. They are unpacked once into the cache's folder {@code data}; a
 * damaged copy is replaced. Each has its licence and a card ({@code CARD.md}) inside.
 */
final class BuiltIn {
    static final String PREFIX = "builtin:";
    private static final List<String> KNOWN = List.of("groceries12");

    private BuiltIn() { }

    /**
     * The folder with the unpacked data set.
     *
     * @throws InputException for an unknown name, or when the cache cannot be written
     * @throws CancellationException if the thread is interrupted
     */
    static synchronized Path folder(String name) {
        if (!KNOWN.contains(name)) {
            throw new InputException("there is no built-in data set " + name + "; " + PREFIX + String.join(", " + PREFIX, KNOWN) + " would be right");
        }
        Path data = Cache.folder().toAbsolutePath().normalize().resolve("data");
        Path folder = data.resolve(name);
        try {
            if (!complete(name, folder)) {
                Files.createDirectories(data);
                // One process at a time: nobody replaces a copy that another one has just finished.
                try (FileChannel channel = FileChannel.open(data.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                     FileLock lock = channel.lock()) {
                    if (!complete(name, folder)) {
                        unpack(name, folder);
                    }
                }
            }
        } catch (ClosedByInterruptException | FileLockInterruptionException interrupted) {
            throw new CancellationException("interrupted while " + PREFIX + name + " was unpacked");
        } catch (IOException e) {
            throw new InputException(folder + " cannot be written (" + e.getMessage() + "); a cache folder with room for 5 MB, chosen with GRAFT_CACHE, "
                + "would be right", e);
        }
        return folder;
    }

    /** Whether every file is there with the right size, and no other picture is. */
    private static boolean complete(String name, Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        long files = 0;
        try (ZipInputStream zip = archive(name)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                if (!Files.isRegularFile(file) || Files.size(file) != entry.getSize()) {
                    return false;
                }
                files++;
            }
        }
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).count() == files;
        }
    }

    /** Unpacks beside the final place and renames: there is never half a data set. */
    private static void unpack(String name, Path folder) throws IOException {
        Path beside = Files.createTempDirectory(folder.getParent(), name + "-");
        try {
            try (ZipInputStream zip = archive(name)) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    Path file = beside.resolve(entry.getName());
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file);
                }
            }
            delete(folder);
            Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(beside);
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }

    private static ZipInputStream archive(String name) {
        InputStream bytes = BuiltIn.class.getResourceAsStream(name + "/" + name + ".zip");
        if (bytes == null) {
            throw new IllegalStateException("the library was built without its data set " + name);
        }
        return new ZipInputStream(bytes);
    }
}
