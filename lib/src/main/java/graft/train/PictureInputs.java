package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import graft.InputException;
import graft.Progress;
import graft.augment.BatchTransform;
import graft.augment.Pipeline;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.Pretrained;
import graft.data.DecodedCache;
import graft.data.Image;
import graft.data.Mix;
import graft.data.Parallel;
import graft.data.Picture;
import graft.data.UnreadablePictureException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Pictures as a network trains on them: views, made on all processors, normalised, mixed where the recipe says so; channels last in memory. Nothing is
 * prepared while a step runs: the step has all processors, and a batch that is made by all of them at once is there soonest.
 */
final class PictureInputs implements Inputs {
    private final List<Picture> pictures;
    private final Pipeline pipeline;
    private final List<BatchTransform> mixing;
    private final Pretrained preprocessing;
    private final int classes;
    private final long seed;
    private final int together;
    private final Backbone backbone;
    private final ByteBuffer[] memories;
    /** What becomes of each value of each colour, as torchvision computes it: {@code (value / 255 − mean) / std} in float32. */
    private final float[] levels = new float[3 * 256];

    /**
     * @param mixing of which each batch gets one, drawn for it; empty for none
     * @param together how many batches are in use at the same time, at most
     */
    PictureInputs(List<Picture> pictures, Pipeline pipeline, List<BatchTransform> mixing, Pretrained preprocessing, int classes, long seed, int together) {
        this.pictures = pictures;
        this.pipeline = pipeline;
        this.mixing = mixing;
        this.preprocessing = preprocessing;
        this.classes = classes;
        this.seed = seed;
        this.together = together;
        backbone = Backbones.create(preprocessing.backbone(), classes, preprocessing.crop());
        memories = new ByteBuffer[together];
        for (int colour = 0; colour < 3; colour++) {
            for (int value = 0; value < 256; value++) {
                levels[colour * 256 + value] = (value / 255f - preprocessing.mean().get(colour)) / preprocessing.std().get(colour);
            }
        }
    }

    @Override
    public List<Picture> pictures() {
        return pictures;
    }

    @Override
    public Batch batch(NDManager to, int[] rows, int epoch, int index) throws InterruptedException {
        int[] labels = Arrays.stream(rows).map(row -> pictures.get(row).label()).toArray();
        if (!mixing.isEmpty()) {
            Image[] views = new Image[rows.length];
            forEach(rows.length, i -> views[i] = view(pictures.get(rows[i]), epoch));
            return mixed(to, views, labels, epoch, index);
        }
        Image first = view(pictures.get(rows[0]), epoch);
        int size = first.pixels().length;
        if ((long) rows.length * size > Integer.MAX_VALUE / Float.BYTES) {
            throw new InputException(rows.length + " pictures of " + first.width() + "×" + first.height()
                + " are more than the 2 GiB that a batch may have; a smaller one, such as --batch 32, would be right");
        }
        ByteBuffer memory = memory(index % together, rows.length * size * Float.BYTES);
        FloatBuffer numbers = memory.asFloatBuffer();
        forEach(rows.length, i -> {
            Image view = i == 0 ? first : view(pictures.get(rows[i]), epoch);
            if (view.height() != first.height() || view.width() != first.width()) {
                throw new InputException("the transforms give pictures of different sizes (" + first.height() + "×" + first.width() + " and "
                    + view.height() + "×" + view.width() + " for " + pictures.get(rows[i]).file() + "); end them with a crop, such as centerCrop(224)");
            }
            numbers.put(i * size, normalized(view.pixels()));
        });
        NDArray rowsOfPixels = to.create(memory, new Shape(rows.length, first.height(), first.width(), 3), DataType.FLOAT32);
        return new Batch(rowsOfPixels.transpose(0, 3, 1, 2), labels, null);
    }

    private static void forEach(int count, IntConsumer work) throws InterruptedException {
        Parallel.forEach(count, work, Progress.SILENT.start("views", count, "pictures"));
    }

    /** Memory outside of the heap, used again for every step: its pages are there already. */
    private ByteBuffer memory(int batch, int bytes) {
        if (memories[batch] == null || memories[batch].capacity() < bytes) {
            memories[batch] = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
        return memories[batch].slice(0, bytes).order(ByteOrder.nativeOrder());
    }

    private float[] normalized(byte[] pixels) {
        float[] numbers = new float[pixels.length];
        for (int i = 0; i < pixels.length; i += 3) {
            numbers[i] = levels[pixels[i] & 255];
            numbers[i + 1] = levels[256 + (pixels[i + 1] & 255)];
            numbers[i + 2] = levels[512 + (pixels[i + 2] & 255)];
        }
        return numbers;
    }

    private Image view(Picture picture, int epoch) {
        try {
            Image view = pipeline.view(picture, seed, pipeline.random() ? epoch : 0, DecodedCache.standard());
            backbone.checkSize("the training transforms", view, picture.file());
            return view;
        } catch (UnreadablePictureException unreadable) {
            throw new InputException(picture.file() + " cannot be read: " + unreadable.getMessage() + "; remove it, or give a picture in its place", unreadable);
        }
    }

    private Batch mixed(NDManager to, Image[] views, int[] labels, int epoch, int index) {
        graft.augment.Batch plain = graft.augment.Batch.of(List.of(views), Arrays.stream(labels).boxed().toList(), classes, preprocessing.mean(), preprocessing.std());
        BatchTransform drawn = mixing.get((int) Math.floorMod(Mix.of(Mix.of(Mix.of(seed, "mixing"), epoch), index), (long) mixing.size()));
        graft.augment.Batch batch = drawn.apply(plain, seed, epoch, index);
        return new Batch(to.create(batch.pixels(), new Shape(views.length, 3, batch.height(), batch.width())), labels, batch.targets());
    }

    @Override
    public void close() { }
}
