package graft.torch;

import graft.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * A file of any size whose parts are read where the operating system maps them. What {@link #range} gave stays valid
 * after {@link #close}, for as long as somebody holds it.
 */
final class MappedFile implements AutoCloseable {
    /** A mapping starts at every GiB and reaches almost two, the most a buffer holds: so a range of up to 1 GiB lies in one. */
    private static final int WINDOW_BITS = 30;

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final FileTime modified;
    private final Map<Long, ByteBuffer> windows = new HashMap<>();

    private MappedFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.size = channel.size();
        this.modified = Files.getLastModifiedTime(path);
    }

    /** @throws InputException if there is no such file or it cannot be read */
    static MappedFile open(Path file) {
        if (!Files.exists(file)) {
            throw new InputException("%s does not exist".formatted(file));
        }
        if (!Files.isRegularFile(file)) {
            throw new InputException("%s is not a file".formatted(file));
        }
        try {
            return new MappedFile(file, FileChannel.open(file));
        } catch (IOException failed) {
            throw unreadable(file, failed);
        }
    }

    /** The file as it was given, for messages. */
    String name() {
        return path.toString();
    }

    long size() {
        return size;
    }

    Path path() {
        return path;
    }

    /** A read-only view of {@code length} bytes at {@code offset}, little endian; the caller has checked both. */
    ByteBuffer range(long offset, long length) {
        if (offset < 0 || length < 0 || length > Integer.MAX_VALUE || offset > size - length) {
            throw new IndexOutOfBoundsException(offset + " + " + length + " of " + size);
        }
        if (length == 0) {
            return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
        }
        if (length > 1L << WINDOW_BITS && size > Integer.MAX_VALUE) {
            return map(offset, length).order(ByteOrder.LITTLE_ENDIAN);
        }
        long window = size > Integer.MAX_VALUE ? offset >>> WINDOW_BITS : 0;
        long start = window << WINDOW_BITS;
        ByteBuffer mapped = windows.computeIfAbsent(window,
                w -> map(start, Math.min(size - start, Integer.MAX_VALUE)));
        return mapped.slice((int) (offset - start), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer map(long offset, long length) {
        try {
            return channel.map(MapMode.READ_ONLY, offset, length);
        } catch (IOException failed) {
            throw unreadable(path, failed);
        }
    }

    /** The bytes of {@link #range} as a tensor's; they can be had after {@link #close} too. */
    StateTensor.Elements elements(long offset, long length) {
        return new Part(offset, range(offset, length));
    }

    /** Reads from {@code offset} on, but not beyond {@code end}, which the caller has checked. */
    Cursor cursor(long offset, long end) {
        return new Cursor(offset, end);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw unreadable(path, failed);
        }
    }

    static RuntimeException unreadable(Path file, IOException failed) {
        if (failed instanceof ClosedByInterruptException) {
            return new CancellationException("interrupted while reading " + file);
        }
        String reason = failed instanceof AccessDeniedException ? "permission denied" : failed.getMessage();
        return new InputException("%s cannot be read: %s".formatted(file, reason), failed);
    }

    /** A part of the file. */
    private final class Part implements StateTensor.Elements {
        private final long offset;
        private final ByteBuffer mapped;

        Part(long offset, ByteBuffer mapped) {
            this.offset = offset;
            this.mapped = mapped;
        }

        @Override
        public ByteBuffer bytes() {
            return mapped;
        }

        /** Read, not looked at through the mapping, whose pages would stay in this process's memory beside their copy. */
        @Override
        public void copyTo(ByteBuffer memory) {
            try (FileChannel file = FileChannel.open(path)) {
                BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
                if (now.size() != size || !now.lastModifiedTime().equals(modified)) {
                    throw new InputException("%s was changed while it was in use; start again with the file as it is now".formatted(path));
                }
                long at = offset;
                while (memory.hasRemaining()) {
                    int count = file.read(memory, at);
                    if (count < 0) {
                        throw new InputException("%s became shorter while it was in use; start again with the whole file".formatted(path));
                    }
                    at += count;
                }
            } catch (NoSuchFileException deleted) { // its pages stay as long as they are mapped
                memory.put(mapped.duplicate().rewind());
            } catch (IOException failed) {
                throw unreadable(path, failed);
            }
        }
    }

    /** A stream that knows where it is. */
    final class Cursor extends InputStream {
        private static final int BLOCK = 1 << 16;

        private final long end;
        private ByteBuffer block = ByteBuffer.allocate(0);
        /** Where the next block begins. */
        private long next;

        private Cursor(long offset, long end) {
            this.next = offset;
            this.end = end;
        }

        /** Where in the file the next byte is. */
        long position() {
            return next - block.remaining();
        }

        long remaining() {
            return end - position();
        }

        @Override
        public int read() {
            return ready() ? block.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            if (!ready()) {
                return -1;
            }
            int count = Math.min(length, block.remaining());
            block.get(into, offset, count);
            return count;
        }

        private boolean ready() {
            if (!block.hasRemaining() && next < end) {
                block = range(next, Math.min(BLOCK, end - next));
                next += block.remaining();
            }
            return block.hasRemaining();
        }
    }
}
