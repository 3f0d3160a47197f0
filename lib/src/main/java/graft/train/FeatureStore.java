package graft.train;

import graft.InputException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Rows of float32 that will be wanted again: on Java's heap while a share of it is enough for them, behind that in files mapped into memory. The files belong
 * to this process alone and go with it, even if it is killed: they have no name on Linux and macOS, and Windows deletes them when they are closed.
 * Several threads may add and read.
 */
final class FeatureStore implements AutoCloseable {
    /** A row that can be had again; it is not to be changed. */
    @FunctionalInterface
    interface Row {
        float[] get();
    }

    private static final int FILE_SIZE = 64 << 20;
    private static final int BLOCK = 1 << 20;

    private final Path folder;
    private final long heap;
    private final int fileSize;
    private final List<FileChannel> files = new ArrayList<>();
    private long heapLeft;
    private long disk = -1;
    private long diskLeft;
    /** What is left of the newest file. */
    private FloatBuffer open = FloatBuffer.allocate(0);

    /** A quarter of the heap, then half of what the folder's disk has free. */
    FeatureStore(Path folder) {
        this(folder, Runtime.getRuntime().maxMemory() / 4, -1, FILE_SIZE);
    }

    /**
     * @param heap bytes of rows on the heap
     * @param disk bytes of files, −1 for half of what the disk has free
     * @param fileSize bytes of one file
     */
    FeatureStore(Path folder, long heap, long disk, int fileSize) {
        this.folder = folder;
        this.heap = heap;
        this.heapLeft = heap;
        this.disk = disk;
        this.diskLeft = disk;
        this.fileSize = fileSize;
    }

    /**
     * Keeps a row; it may keep the array itself.
     *
     * @throws InputException when there is no room
     * @throws InterruptedException when the thread is interrupted while a file is made
     */
    synchronized Row add(float[] row) throws InterruptedException {
        long bytes = (long) row.length * Float.BYTES;
        if (bytes <= heapLeft) {
            heapLeft -= bytes;
            return () -> row;
        }
        if (row.length > open.remaining()) {
            addFile(Math.toIntExact(Math.max(fileSize, bytes)));
        }
        FloatBuffer place = open.slice(open.position(), row.length);
        open.put(row);
        return () -> read(place);
    }

    private float[] read(FloatBuffer place) {
        float[] row = new float[place.capacity()];
        try {
            place.get(0, row);
        } catch (InternalError unreadablePage) {
            throw new InputException("features cannot be read back from a file in " + folder + ": its disk fails; a folder on another, chosen with GRAFT_CACHE, would be right");
        }
        return row;
    }

    private void addFile(int bytes) throws InterruptedException {
        try {
            Files.createDirectories(folder);
            if (disk < 0) {
                disk = Files.getFileStore(folder).getUsableSpace() / 2;
                diskLeft = disk;
            }
            if (bytes > diskLeft) {
                throw new InputException(String.format(Locale.ROOT, "the features take more than the %.1f GB of Java's heap and the %.1f GB of the disk of %s that they may have;"
                    + " a folder on a larger disk, chosen with GRAFT_CACHE, or fewer epochs would be right", heap / 1e9, disk / 1e9, folder));
            }
            FileChannel file = FileChannel.open(folder.resolve("features-" + UUID.randomUUID()), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
            files.add(file);
            fill(file, bytes);
            open = file.map(FileChannel.MapMode.READ_WRITE, 0, bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
            diskLeft -= bytes;
        } catch (ClosedByInterruptException interrupted) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException failed) {
            throw new InputException("features cannot be kept in " + folder + ": " + failed.getMessage() + "; a folder with more room, chosen with GRAFT_CACHE, would be right", failed);
        }
    }

    /** Writes all zeros of a file, so that a full disk shows here and not as a fault of a mapped page. */
    private static void fill(FileChannel file, int size) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(size, BLOCK));
        for (int left = size; left > 0; ) {
            left -= file.write(zeros.position(0).limit(Math.min(left, zeros.capacity())));
        }
    }

    /** Bytes of all files. */
    synchronized long onDisk() {
        return disk - diskLeft;
    }

    /** Gives the files up; no row can be had any more. */
    @Override
    public synchronized void close() {
        open = FloatBuffer.allocate(0);
        for (FileChannel file : files) {
            try {
                file.close();
            } catch (IOException failed) {
                throw new InputException("the features in " + folder + " cannot be closed (" + failed.getMessage() + "); a working disk would be right", failed);
            }
        }
        files.clear();
    }
}
