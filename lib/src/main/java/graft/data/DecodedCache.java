package graft.data;

import graft.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Keeps what decoding and the first, fixed steps of a pipeline make of a picture, so that later epochs and runs do neither: the whole decoded picture where
 * a pipeline begins with a random crop, 512 pixels of a photograph of twelve megapixels where it begins with {@code Resize(512)}, the finished view where
 * nothing is random. What comes back equals a fresh decode, byte for byte.
 *
 * <p>Pictures are known by the SHA-256 of their file's bytes, so that copies and moved files are found and a changed file is another picture. A file that this
 * cache has seen before is not read again while its size, time and identity stay the same. The store is a folder of memory-mapped files, 64 MB each, within a
 * bound; the least recently used go first. Several threads and processes may share it, and may be killed at any moment.
 */
public final class DecodedCache implements PictureSource, AutoCloseable {
    /** To be raised whenever a decoder or a transform gives other pixels than before. The Java release counts too: it has the JPEG decoder. */
    private static final String PIXELS = "1 " + Runtime.version() + " ";
    /** A file changed so shortly before it was read might change again without another time: file systems count in steps of up to two seconds. */
    private static final long SETTLED_MILLIS = 3000;
    private static final Map<Path, PictureSource> STANDARD = new ConcurrentHashMap<>();

    /** A file as it was when it was read. */
    private record Seen(long size, long time, Object identity, byte[] sha256) { }

    private final PictureStore store;
    private final Map<Path, Seen> seen = new ConcurrentHashMap<>();
    private volatile boolean storing = true;

    private DecodedCache(PictureStore store) {
        this.store = store;
    }

    /**
     * A cache in a folder of its own, which is made where it is missing.
     *
     * @param bound bytes that its files may take together; less than 64 MB keeps nothing
     * @throws InputException when the folder cannot be used
     * @throws CancellationException if the thread is interrupted
     */
    public static DecodedCache of(Path folder, long bound) {
        return of(folder, bound, PictureStore.SEGMENT_SIZE);
    }

    static DecodedCache of(Path folder, long bound, int segmentSize) {
        try {
            return new DecodedCache(new PictureStore(folder, bound, segmentSize));
        } catch (ClosedByInterruptException | FileLockInterruptionException interrupted) {
            throw new CancellationException("interrupted while " + folder + " was opened");
        } catch (IOException e) {
            throw new InputException(folder + " cannot be used for decoded pictures (" + e + "); a folder that can be written, chosen with GRAFT_CACHE, "
                + "would be right", e);
        }
    }

    /**
     * The cache in the folder {@code pictures} of {@link Cache#folder()}, as large as {@link Cache#pictureBytes()} allows; the files themselves where
     * that is nothing or the folder cannot be used. It is decided when a folder is first asked for: looking at the disk for each view would take time.
     */
    public static PictureSource standard() {
        return STANDARD.computeIfAbsent(Cache.folder().resolve("pictures"), folder -> {
            long bound = Cache.pictureBytes();
            try {
                return bound == 0 ? FILES : of(folder, bound);
            } catch (InputException e) {
                System.err.println("graft: pictures are decoded each time: " + e.getMessage());
                return FILES;
            }
        });
    }

    @Override public <T> T read(Path file, String steps, UnaryOperator<Image> prepare, Function<Image, T> use) throws UnreadablePictureException {
        Seen now = look(file);
        Seen before = seen.get(file);
        if (now != null && before != null && now.size == before.size && now.time == before.time && now.identity.equals(before.identity)) {
            Image kept = store.load(key(before.sha256, steps));
            if (kept != null) {
                return used(kept, use);
            }
        }
        byte[] bytes = PictureFile.bytes(file);
        byte[] sha256 = sha256().digest(bytes);
        if (now != null && now.time < System.currentTimeMillis() - SETTLED_MILLIS) {
            seen.put(file, new Seen(now.size, now.time, now.identity, sha256));
        }
        Segment.Key key = key(sha256, steps);
        Image kept = store.load(key);
        if (kept != null) {
            return used(kept, use);
        }
        return PictureFile.read(bytes, image -> {
            Image prepared = prepare.apply(image);
            keep(key, prepared);
            return use.apply(prepared);
        });
    }

    /** Very large pictures wait for each other here as they do when they are decoded. */
    private static <T> T used(Image image, Function<Image, T> use) {
        int permits = PixelBudget.acquire(image.pixels().length);
        try {
            return use.apply(image);
        } finally {
            PixelBudget.release(permits);
        }
    }

    private void keep(Segment.Key key, Image image) {
        if (!storing) {
            return;
        }
        try {
            store.save(key, image);
        } catch (ClosedByInterruptException | FileLockInterruptionException interrupted) {
            // Whoever interrupted this thread wants it to stop, which its work notices; the flag is still set.
        } catch (IOException e) {
            storing = false;
            System.err.println("graft: no more decoded pictures are kept (" + e + "); work goes on without");
        }
    }

    /** A file as it is now; null when that cannot be said, and reading it will say why. */
    private static Seen look(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Seen(now.size(), now.lastModifiedTime().toMillis(), now.fileKey() == null ? "" : now.fileKey(), null);
        } catch (IOException e) {
            return null;
        }
    }

    private static Segment.Key key(byte[] sha256, String steps) {
        MessageDigest digest = sha256();
        digest.update(sha256);
        ByteBuffer hash = ByteBuffer.wrap(digest.digest((PIXELS + steps).getBytes(StandardCharsets.UTF_8)));
        return new Segment.Key(hash.getLong(), hash.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has SHA-256", impossible);
        }
    }

    /** Lets other processes fill up the file that this one was filling; pictures can still be read. */
    @Override public void close() {
        try {
            store.close();
        } catch (IOException e) {
            throw new InputException("the decoded pictures cannot be closed (" + e + "); a working disk would be right", e);
        }
    }
}
