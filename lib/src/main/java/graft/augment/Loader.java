package graft.augment;

import graft.InputException;
import graft.data.Image;
import graft.data.Picture;
import graft.data.UnreadablePictureException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Batches of views: decoded and transformed by several threads ahead of their use, delivered in the order of the pictures. The bytes are the same for any
 * number of threads.
 *
 * <p>It is used by one thread at a time. What is decoded ahead is bounded by two batches (at least two pictures a thread).
 */
public final class Loader implements AutoCloseable {
    private final List<Picture> pictures;
    private final Pipeline pipeline;
    private final long seed;
    private final int epoch;
    private final int batchSize;
    private final int ahead;
    private final ExecutorService workers;
    private final Deque<Future<Image>> pending = new ArrayDeque<>();
    private int submitted;
    private int delivered;
    private ByteBuffer buffer;
    private int height;
    private int width;

    /**
     * Some views, one after another.
     *
     * @param first index of the first picture in the list that was given
     * @param count pictures; the last batch may have fewer than the others
     * @param pixels direct, unsigned bytes {@code [count, height, width, 3]}, position 0. <b>Valid until the next call of {@link Loader#next()}</b>, which
     *     writes the next batch into the same memory
     */
    public record Batch(int first, int count, int height, int width, ByteBuffer pixels) { }

    /** With a thread for each processor. */
    public Loader(List<Picture> pictures, Pipeline pipeline, long seed, int epoch, int batchSize) {
        this(pictures, pipeline, seed, epoch, batchSize, Runtime.getRuntime().availableProcessors());
    }

    /**
     * @param pictures in the order of delivery
     * @param pipeline has to give pictures of one size
     * @param seed of the random transforms
     * @param epoch for which the views are drawn
     * @param batchSize pictures a batch, at least 1
     * @param threads that decode and transform, at least 1
     */
    public Loader(List<Picture> pictures, Pipeline pipeline, long seed, int epoch, int batchSize, int threads) {
        if (batchSize < 1) {
            throw new InputException("a batch of " + batchSize + " pictures is not possible; at least 1 would be right");
        }
        this.pictures = List.copyOf(pictures);
        this.pipeline = pipeline;
        this.seed = seed;
        this.epoch = epoch;
        this.batchSize = batchSize;
        ahead = 2 * Math.max(batchSize, threads);
        workers = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "graft-loader");
            thread.setDaemon(true);
            return thread;
        });
        submit();
    }

    /** Whether there is another batch. */
    public boolean hasNext() {
        return delivered < pictures.size();
    }

    /**
     * The next batch; it waits until its pictures are ready.
     *
     * @throws InputException when a picture cannot be read, with its file and the reason, or differs in size from those before
     * @throws InterruptedException promptly, when the thread is interrupted
     * @throws NoSuchElementException after the last batch
     */
    public Batch next() throws InterruptedException {
        if (!hasNext()) {
            throw new NoSuchElementException("no batch is left");
        }
        int first = delivered;
        int count = Math.min(batchSize, pictures.size() - first);
        for (int i = 0; i < count; i++) {
            Image image = result(pending.getFirst());
            pending.removeFirst();
            submit();
            if (buffer == null) {
                height = image.height();
                width = image.width();
                buffer = ByteBuffer.allocateDirect(Math.multiplyExact(image.pixels().length, Math.min(batchSize, pictures.size())));
            }
            if (image.height() != height || image.width() != width) {
                throw new InputException(pictures.get(first + i).file() + " becomes " + image.width() + "×" + image.height() + ", the pictures before it "
                    + width + "×" + height + "; transforms that end in one size, such as CenterCrop(" + height + "), would be right");
            }
            buffer.put(i * image.pixels().length, image.pixels());
        }
        delivered += count;
        return new Batch(first, count, height, width, buffer.slice(0, count * height * width * 3));
    }

    private void submit() {
        while (submitted < pictures.size() && pending.size() < ahead) {
            Picture picture = pictures.get(submitted++);
            pending.addLast(workers.submit(() -> view(picture)));
        }
    }

    private Image view(Picture picture) {
        try {
            return pipeline.view(picture, seed, epoch);
        } catch (UnreadablePictureException e) {
            throw new InputException(picture.file() + " " + e.getMessage() + "; repair or remove it, or leave it out with --skip-unreadable", e);
        }
    }

    private static Image result(Future<Image> view) throws InterruptedException {
        try {
            return view.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InputException input) {
                throw input;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("a picture could not be prepared", e.getCause());
        }
    }

    /** Stops the threads; batches that were delivered stay valid. */
    @Override public void close() {
        workers.shutdownNow();
        pending.clear();
        delivered = pictures.size();
    }
}
