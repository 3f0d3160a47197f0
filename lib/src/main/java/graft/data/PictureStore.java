package graft.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Pictures by key in a folder of {@link Segment} files of equal size, for many threads and several processes. A few large mapped files are read twice as fast as
 * a file a picture, and a hundred thousand pictures are no hundred thousand files.
 *
 * <p>When there is no room for another file, the one that was not used for longest goes, but never one that was used since this store was opened: a
 * data set larger than the bound then keeps its first part, where a queue would always have thrown away what comes next.
 */
final class PictureStore implements AutoCloseable {
    static final int SEGMENT_SIZE = 64 << 20;
    static final String UNFINISHED = ".part";
    private static final String SUFFIX = ".pictures";

    private final Path folder;
    private final long bound;
    private final int segmentSize;
    private final long opened = System.currentTimeMillis();
    private final Map<Segment.Key, Segment.Place> places = new ConcurrentHashMap<>();
    private final List<Segment> unfilled = new ArrayList<>();   // of earlier processes
    private Segment own;
    private boolean full;

    /**
     * Opens a folder, which is made where it is missing, and finds what is there. Pictures that other processes add later are not seen.
     *
     * @param bound on the bytes of all files together
     * @param segmentSize bytes of a file, {@link #SEGMENT_SIZE} but for tests
     */
    PictureStore(Path folder, long bound, int segmentSize) throws IOException {
        this.folder = folder;
        this.bound = bound;
        this.segmentSize = segmentSize;
        Files.createDirectories(folder);
        for (Path file : files(SUFFIX)) {
            try {
                if (Files.size(file) == segmentSize) {
                    Segment segment = Segment.toRead(file);
                    segment.scan(places::put);
                    if (segment.fits(1)) {
                        unfilled.add(segment);
                    }
                }
            } catch (NoSuchFileException removedMeanwhile) {
                // by another process, to make room
            }
        }
    }

    int size() {
        return places.size();
    }

    /** A picture; null when it is not here, or was damaged. */
    Image load(Segment.Key key) {
        Segment.Place place = places.get(key);
        Image image = place == null ? null : place.segment().read(place);
        if (place != null && image == null) {
            places.remove(key, place);
        }
        return image;
    }

    /** Keeps a picture, unless there is no room for it. */
    synchronized void save(Segment.Key key, Image image) throws IOException {
        int length = image.pixels().length;
        if (full || places.containsKey(key) || !Segment.fits(length, segmentSize)) {
            return;
        }
        if (own == null || !own.fits(length)) {
            close();
            own = continued(length);
            own = own == null ? added() : own;
        }
        if (own == null) {
            full = true;
        } else {
            places.put(key, own.append(key, image));
        }
    }

    /** A file with room that an earlier process left, or another one has finished with. */
    private Segment continued(int length) throws IOException {
        while (!unfilled.isEmpty()) {
            Path file = unfilled.remove(unfilled.size() - 1).file();
            try {
                Segment segment = Segment.toExtend(file);
                if (segment != null) {
                    segment.scan(places::put);
                    if (segment.fits(length)) {
                        return segment;
                    }
                    segment.release();
                }
            } catch (NoSuchFileException removedMeanwhile) {
                // by another process, to make room
            }
        }
        return null;
    }

    /** A new file, or null when the bound leaves no room; one process at a time, so that the bound holds for all together. */
    private Segment added() throws IOException {
        synchronized (PictureStore.class) {
            try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                 FileLock lock = channel.lock()) {
                for (Path unfinished : files(UNFINISHED)) {   // of a process that was killed: a living one would hold the lock
                    Files.deleteIfExists(unfinished);
                }
                if (!makeRoom()) {
                    return null;
                }
                Path file = folder.resolve(UUID.randomUUID() + SUFFIX);
                Segment.create(file, segmentSize);
                return Segment.toExtend(file);
            }
        }
    }

    private boolean makeRoom() throws IOException {
        long total = 0;
        Map<Path, Long> lastUse = new HashMap<>();
        for (Path file : files(SUFFIX)) {
            total += Files.size(file);
            lastUse.put(file, Files.getLastModifiedTime(file).toMillis());
        }
        List<Path> oldestFirst = lastUse.keySet().stream().sorted(Comparator.comparing(lastUse::get)).toList();
        for (Path file : oldestFirst) {
            if (total <= bound - segmentSize || lastUse.get(file) >= opened) {
                break;
            }
            if (removed(file)) {
                total -= segmentSize;
                places.values().removeIf(place -> place.segment().file().equals(file));
            }
        }
        return total <= bound - segmentSize;
    }

    /** Removes a file, unless somebody adds to it, or reads it on a system that keeps it then (Windows). */
    private static boolean removed(Path file) throws IOException {
        Segment unused = Segment.toExtend(file);
        if (unused == null) {
            return false;
        }
        try {
            Files.delete(file);
            return true;
        } catch (AccessDeniedException inUse) {
            return false;
        } finally {
            unused.release();
        }
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().endsWith(suffix)).sorted().toList();
        }
    }

    /** Lets other processes fill up the file that this one was filling. */
    @Override public synchronized void close() throws IOException {
        if (own != null) {
            own.release();
            own = null;
        }
    }
}
