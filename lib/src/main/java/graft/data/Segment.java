package graft.data;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/**
 * One file of a {@link PictureStore}, mapped into memory: a table at its front, 32 bytes a picture, and behind it the pixels, in the same order. It only
 * grows, and by one process at a time, which holds the file's lock. A picture's line of the table is written after its pixels, and its mark last: a
 * process killed at any moment leaves whole pictures and an unmarked rest. A checksum finds what a crash of the whole machine left undone.
 */
final class Segment {
    /** What a picture is known by: the first 128 bits of a SHA-256. */
    record Key(long high, long low) { }

    /** Where a picture is: its line in the table, and its first pixel. */
    record Place(Segment segment, int line, int pixels) { }

    private static final int LINE = 32;            // key: 16 bytes; height, width, checksum, mark: 4 each
    private static final int MARK = 0x47505833;
    private static final int TABLE_SHARE = 64;     // one 64th of the file is table
    private static final int BLOCK = 1 << 20;

    private final Path file;
    private final MappedByteBuffer bytes;
    private final FileChannel locked;
    private int lines;
    private int end;
    private boolean touched;

    private Segment(Path file, MappedByteBuffer bytes, FileChannel locked) {
        this.file = file;
        this.bytes = bytes;
        this.locked = locked;
        end = bytes.capacity() / TABLE_SHARE;
    }

    /** A new file with all its zeros, so that a full disk shows here and not as a fault of a mapped page. */
    static void create(Path file, int size) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + PictureStore.UNFINISHED);
        try {
            try (FileChannel out = FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK);
                for (int left = size; left > 0; ) {
                    left -= out.write(zeros.position(0).limit(Math.min(left, BLOCK)));
                }
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /** A file to read from. */
    static Segment toRead(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new Segment(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()), null);
        }
    }

    /** A file to add to; null when somebody else does. */
    static Segment toExtend(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Segment segment = null;
        try {
            if (channel.tryLock() != null) {
                segment = new Segment(file, channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size()), channel);
            }
            return segment;
        } catch (OverlappingFileLockException elsewhereInThisJava) {
            return null;
        } finally {
            if (segment == null) {
                channel.close();
            }
        }
    }

    /** Lets others add; what was read from the file stays readable. */
    void release() throws IOException {
        locked.close();
    }

    Path file() {
        return file;
    }

    /** Looks through the lines that came since the last look. */
    void scan(BiConsumer<Key, Place> found) {
        while (fits(0)) {
            int at = lines * LINE;
            long length = length(at);
            if (bytes.getInt(at + 28) != MARK || length < 1 || length > bytes.capacity() - end) {
                return;
            }
            found.accept(new Key(bytes.getLong(at), bytes.getLong(at + 8)), new Place(this, lines, end));
            lines++;
            end += (int) length;
        }
    }

    /** Whether there is room for a line and so many bytes of pixels. */
    boolean fits(int length) {
        return (lines + 1) * LINE <= bytes.capacity() / TABLE_SHARE && length <= bytes.capacity() - end;
    }

    /** The same for an empty file of this size. */
    static boolean fits(int length, int size) {
        return size >= LINE * TABLE_SHARE && length <= size - size / TABLE_SHARE;
    }

    /** Adds a picture that {@link #fits(int)}. */
    Place append(Key key, Image image) {
        touch();
        Place place = new Place(this, lines, end);
        int at = lines * LINE;
        bytes.put(end, image.pixels());
        bytes.putLong(at, key.high()).putLong(at + 8, key.low()).putInt(at + 16, image.height()).putInt(at + 20, image.width());
        bytes.putInt(at + 24, checksum(at, image.pixels()));
        VarHandle.releaseFence();
        bytes.putInt(at + 28, MARK);
        lines++;
        end += image.pixels().length;
        return place;
    }

    /** A picture; null when it is damaged. */
    Image read(Place place) {
        touch();
        try {
            int at = place.line() * LINE;
            long length = length(at);
            if (length < 1 || length > bytes.capacity() - place.pixels()) {
                return null;
            }
            byte[] pixels = new byte[(int) length];
            bytes.get(place.pixels(), pixels);
            return checksum(at, pixels) == bytes.getInt(at + 24) ? new Image(bytes.getInt(at + 16), bytes.getInt(at + 20), pixels) : null;
        } catch (InternalError unreadablePage) {   // a failing disk, or somebody cut the file short
            return null;
        }
    }

    /** The file's time is that of its last use by a process that had not used it before. */
    private void touch() {
        if (!touched) {
            touched = true;
            try {
                Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
            } catch (IOException gone) {
                // Removed meanwhile by another process, which does not disturb those that have mapped it.
            }
        }
    }

    private long length(int at) {
        long height = bytes.getInt(at + 16);
        long width = bytes.getInt(at + 20);
        return height < 1 || width < 1 || height * width > Integer.MAX_VALUE / 3 ? 0 : 3 * height * width;
    }

    private int checksum(int at, byte[] pixels) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(at, 24));
        crc.update(pixels);
        return (int) crc.getValue();
    }
}
