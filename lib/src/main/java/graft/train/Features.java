package graft.train;

import graft.InputException;
import graft.Progress;
import graft.augment.Pipeline;
import graft.backbone.Backbone;
import graft.data.DecodedCache;
import graft.data.Image;
import graft.data.Picture;
import graft.data.PictureSource;
import graft.data.UnreadablePictureException;
import graft.torch.FrozenProgram;
import graft.torch.Libtorch;
import graft.torch.Precision;
import graft.torch.StateDict;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What a frozen backbone makes of pictures: {@code width} numbers for each view. A view is a pure function of the seed, the epoch
 * and the picture, so its features are computed once, whatever folds, heads and learning rates ask for them.
 *
 * <p>Each processor works alone: it decodes a few pictures, transforms them, and runs the backbone on them. Nothing waits for
 * anything else, and what a processor works on stays in its cache.
 */
public final class Features implements AutoCloseable {
    /** Pictures that pass through the backbone together; eight keep the activations of a wide network within the caches. */
    private static final int MICRO_BATCH = 8;

    private record View(List<?> transforms, long seed, int epoch) { }

    private final Backbone backbone;
    private final FrozenProgram program;
    private final Map<View, Map<String, float[]>> known = new HashMap<>();

    /**
     * Compiles the backbone without its head.
     *
     * @param weights fit the backbone
     * @param mean of each colour, in units of the colour range, as the weights were trained with
     * @param std the same
     */
    public Features(Backbone backbone, StateDict weights, Precision precision, List<Float> mean, List<Float> std) {
        this.backbone = backbone;
        this.program = FrozenProgram.compile(backbone::features, weights, precision, mean, std);
    }

    /**
     * Features of pictures, in their order; those not seen before are computed.
     *
     * @param pipeline gives every picture the same size
     * @param epoch matters only to a pipeline that draws
     * @return {@code [pictures][width]}, float32; not to be changed
     * @throws InterruptedException within a micro-batch of the interrupt; what was computed is kept
     */
    public float[][] of(List<Picture> pictures, Pipeline pipeline, long seed, int epoch, Progress progress) throws InterruptedException {
        View view = pipeline.random() ? new View(pipeline.transforms(), seed, epoch) : new View(pipeline.transforms(), 0, 0);
        Map<String, float[]> features = known.computeIfAbsent(view, v -> new HashMap<>());
        Map<String, Picture> missing = new LinkedHashMap<>();
        pictures.stream().filter(picture -> !features.containsKey(picture.id())).forEach(picture -> missing.put(picture.id(), picture));
        if (!missing.isEmpty()) {
            compute(List.copyOf(missing.values()), pipeline, view, features, progress);
        }
        return pictures.stream().map(picture -> features.get(picture.id())).toArray(float[][]::new);
    }

    private void compute(List<Picture> pictures, Pipeline pipeline, View view, Map<String, float[]> features, Progress progress) throws InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), task -> {
            Thread thread = new Thread(task, "features");
            thread.setDaemon(true);
            return thread;
        });
        try (Progress.Task task = progress.start("features", pictures.size(), "pictures")) {
            List<List<Picture>> batches = new ArrayList<>();
            List<Future<float[][]>> results = new ArrayList<>();
            for (int first = 0; first < pictures.size(); first += MICRO_BATCH) {
                List<Picture> batch = pictures.subList(first, Math.min(first + MICRO_BATCH, pictures.size()));
                batches.add(batch);
                results.add(workers.submit(() -> compute(batch, pipeline, view)));
            }
            for (int i = 0; i < batches.size(); i++) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                float[][] rows = results.get(i).get();
                for (int k = 0; k < rows.length; k++) {
                    features.put(batches.get(i).get(k).id(), rows[k]);
                }
                task.step(rows.length);
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(failed.getCause());
        } finally {
            workers.shutdownNow();
            awaitEnd(workers);
        }
    }

    /** The program may only be closed when no thread runs it, so that another interrupt does not end this wait, a micro-batch long. */
    private static void awaitEnd(ExecutorService workers) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = workers.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private float[][] compute(List<Picture> batch, Pipeline pipeline, View view) throws InterruptedException {
        Libtorch.oneThreadAnOperator();
        ByteBuffer pixels = null;
        Image first = null;
        for (Picture picture : batch) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Image image = view(picture, pipeline, view);
            if (first == null) {
                first = image;
                pixels = ByteBuffer.allocateDirect(batch.size() * image.pixels().length);
            }
            if (image.height() != first.height() || image.width() != first.width()) {
                throw new InputException("the transforms give pictures of different sizes (" + first.height() + "×" + first.width() + " and "
                    + image.height() + "×" + image.width() + " for " + picture.file() + "); end them with a crop, such as centerCrop(224)");
            }
            pixels.put(image.pixels());
        }
        float[][] rows = program.run(pixels, batch.size(), first.height(), first.width());
        for (int i = 0; i < rows.length; i++) {
            requireFinite(rows[i], batch.get(i));
        }
        return rows;
    }

    private void requireFinite(float[] row, Picture picture) {
        for (float value : row) {
            if (!Float.isFinite(value)) {
                throw new InputException("with these weights " + backbone.backboneName() + " gives " + value + " for " + picture.file()
                    + "; they are damaged or belong to another network, so give others");
            }
        }
    }

    private static Image view(Picture picture, Pipeline pipeline, View view) {
        try {
            // What draws nothing is seen once in a run, and decoding is a small part of that.
            return pipeline.view(picture, view.seed(), view.epoch(), pipeline.random() ? DecodedCache.standard() : PictureSource.FILES);
        } catch (UnreadablePictureException unreadable) {
            throw new InputException(picture.file() + " cannot be read: " + unreadable.getMessage() + "; remove it, or give a picture in its place", unreadable);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
