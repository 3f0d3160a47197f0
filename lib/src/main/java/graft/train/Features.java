package graft.train;

import graft.Progress;
import graft.augment.Pipeline;
import graft.backbone.Backbone;
import graft.data.Cache;
import graft.data.DecodedCache;
import graft.data.Picture;
import graft.data.PictureSource;
import graft.torch.Precision;
import graft.torch.StateDict;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the frozen part of a network makes of pictures: a row of numbers for each view. A view is a pure function of the seed, the epoch
 * and the picture, so its features are computed once, whatever folds, heads and learning rates ask for them. They are kept in memory, or on
 * disk where that is larger ({@link FeatureStore}), until this is closed.
 */
public final class Features implements AutoCloseable {
    private record View(List<?> transforms, long seed, int epoch) { }

    private final Inference inference;
    private final FeatureStore store;
    private final boolean keeps;
    private final Map<View, Map<String, FeatureStore.Row>> known = new ConcurrentHashMap<>();

    /**
     * Compiles a backbone without its head.
     *
     * @param weights fit the backbone
     * @param mean of each colour, in units of the colour range, as the weights were trained with
     * @param std the same
     */
    public Features(Backbone backbone, StateDict weights, Precision precision, List<Float> mean, List<Float> std) {
        this(new Inference(backbone, backbone::features, weights, precision, mean, std));
    }

    /** Of a part of a network in which nothing trains: the stages before the first that does. */
    Features(Inference inference) {
        this(inference, new FeatureStore(Cache.folder().resolve("features")), true);
    }

    /** @param keeps whether features are kept, or computed each time that they are asked for: they are the same */
    Features(Inference inference, FeatureStore store, boolean keeps) {
        this.inference = inference;
        this.store = store;
        this.keeps = keeps;
    }

    /** The shape of one row, without the batch; known after the first were computed. */
    public long[] shape() {
        return inference.shape();
    }

    /**
     * Features of pictures, in their order; those not seen before are computed. Of what is large, ask for no more at once than memory holds.
     *
     * @param pipeline gives every picture the same size
     * @param epoch matters only to a pipeline that draws
     * @return {@code [pictures][numbers]}, float32; not to be changed
     * @throws InterruptedException within a micro-batch of the interrupt; what was computed is kept
     */
    public float[][] of(List<Picture> pictures, Pipeline pipeline, long seed, int epoch, Progress progress) throws InterruptedException {
        if (!keeps) {
            try (Progress.Task task = progress.start("features", pictures.size(), "pictures")) {
                return inference.of(pictures, pipeline, seed, epoch, PictureSource.FILES, task);
            }
        }
        prepare(pictures, pipeline, seed, epoch, progress);
        Map<String, FeatureStore.Row> rows = known(pipeline, seed, epoch);
        return pictures.stream().map(picture -> rows.get(picture.id()).get()).toArray(float[][]::new);
    }

    /** Computes the features of those pictures that were not seen before, so that {@link #of} has them at once. */
    public void prepare(List<Picture> pictures, Pipeline pipeline, long seed, int epoch, Progress progress) throws InterruptedException {
        if (!keeps) {
            return;
        }
        Map<String, FeatureStore.Row> rows = known(pipeline, seed, epoch);
        Map<String, Picture> missing = new LinkedHashMap<>();
        pictures.stream().filter(picture -> !rows.containsKey(picture.id())).forEach(picture -> missing.put(picture.id(), picture));
        if (missing.isEmpty()) {
            return;
        }
        List<Picture> wanted = List.copyOf(missing.values());
        // What draws nothing is seen once in a run, and decoding is a small part of that.
        PictureSource source = pipeline.random() ? DecodedCache.standard() : PictureSource.FILES;
        try (Progress.Task task = progress.start("features", wanted.size(), "pictures")) {
            inference.each(wanted, pipeline, seed, epoch, source, task, (first, some) -> {
                for (int i = 0; i < some.length; i++) {
                    rows.put(wanted.get(first + i).id(), store.add(some[i]));
                }
            });
        }
    }

    private Map<String, FeatureStore.Row> known(Pipeline pipeline, long seed, int epoch) {
        View view = pipeline.random() ? new View(pipeline.transforms(), seed, epoch) : new View(pipeline.transforms(), 0, 0);
        return known.computeIfAbsent(view, v -> new ConcurrentHashMap<>());
    }

    @Override
    public void close() {
        inference.close();
        store.close();
    }
}
