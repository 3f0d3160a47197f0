package graft.train;

import graft.InputException;
import graft.Progress;
import graft.augment.Pipeline;
import graft.backbone.Backbone;
import graft.data.Image;
import graft.data.Parallel;
import graft.data.Picture;
import graft.data.PictureSource;
import graft.data.UnreadablePictureException;
import graft.torch.FrozenProgram;
import graft.torch.Libtorch;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.torch.Value;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A network, or a part of one, applied to views of pictures: features of a frozen backbone, logits of a network in training, outputs of the first stages.
 *
 * <p>Each processor works alone: it decodes a few pictures, transforms them, and runs the network on them. Nothing waits for anything else, and what a
 * processor works on stays in its cache. What is said of a picture depends on its view alone, not on its neighbours.
 */
final class Inference implements AutoCloseable {
    /**
     * Pictures that pass through a network of many parameters together. Four through a small one keep their activations within a processor's cache (DeiT-tiny: 75 instead
     * of 70 a second in float32); a large one reads its weights from memory each time, so that eight are faster (ResNet-50: 23 instead of 22).
     */
    private static final int MICRO_BATCH = 8;
    private static final int SMALL_MICRO_BATCH = 4;
    private static final long SMALL = 10_000_000;

    /** Is told of outputs; called by several threads at once. */
    @FunctionalInterface
    interface Outputs {
        /** @param first which picture the first row belongs to */
        void add(int first, float[][] rows) throws InterruptedException;
    }

    private final Backbone backbone;
    private final FrozenProgram program;
    private final int microBatch;

    /**
     * Compiles a network.
     *
     * @param backbone the network, or what it is a part of: the size that it takes, and its name for messages
     * @param body what to compute: {@code backbone::of} for logits, {@code backbone::features}, or the stages before some other
     * @param state holds every entry that {@code body} uses
     * @param mean of each colour, in units of the colour range, as the weights were trained with
     * @param std the same
     */
    Inference(Backbone backbone, UnaryOperator<Value> body, StateDict state, Precision precision, List<Float> mean, List<Float> std) {
        this.backbone = backbone;
        this.program = FrozenProgram.compile(body, state, precision, mean, std);
        microBatch = state.names().stream().mapToLong(entry -> state.get(entry).count()).sum() < SMALL ? SMALL_MICRO_BATCH : MICRO_BATCH;
    }

    /** Takes other weights, such as those of a later epoch; not while another thread runs it. */
    public void load(StateDict state) {
        program.load(state);
    }

    /** The shape of one row, such as {@code [1280]} or {@code [channels, height, width]}; known after the first run. */
    public long[] shape() {
        return program.shape();
    }

    /**
     * The outputs for pictures, in their order.
     *
     * @param pipeline gives every picture the same size
     * @param epoch matters only to a pipeline that draws
     * @param source where decoded pictures come from
     * @param task told of every picture
     * @return {@code [pictures][numbers]}, float32; what the numbers are arranged as, {@link #shape()} says
     * @throws InterruptedException within a micro-batch of the interrupt
     */
    public float[][] of(List<Picture> pictures, Pipeline pipeline, long seed, int epoch, PictureSource source, Progress.Task task) throws InterruptedException {
        float[][] all = new float[pictures.size()][];
        each(pictures, pipeline, seed, epoch, source, task, (first, rows) -> System.arraycopy(rows, 0, all, first, rows.length));
        return all;
    }

    /** The same, handing outputs on as soon as they are there. */
    void each(List<Picture> pictures, Pipeline pipeline, long seed, int epoch, PictureSource source, Progress.Task task, Outputs outputs) throws InterruptedException {
        Parallel.inParts(pictures.size(), microBatch, (first, end) -> outputs.add(first, rows(pictures.subList(first, end), pipeline, seed, epoch, source)), task);
    }

    private float[][] rows(List<Picture> batch, Pipeline pipeline, long seed, int epoch, PictureSource source) throws InterruptedException {
        Libtorch.oneThreadAnOperator();
        ByteBuffer pixels = null;
        Image first = null;
        for (Picture picture : batch) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Image image = view(picture, pipeline, seed, epoch, source);
            if (first == null) {
                first = image;
                pixels = ByteBuffer.allocateDirect(batch.size() * image.pixels().length);
            }
            if (image.height() != first.height() || image.width() != first.width()) {
                throw new InputException("the transforms give pictures of different sizes (" + first.height() + "×" + first.width() + " and "
                    + image.height() + "×" + image.width() + " for " + picture.file() + "); end them with a crop, such as centerCrop(224)");
            }
            backbone.checkSize("the transforms", image, picture.file());
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

    private static Image view(Picture picture, Pipeline pipeline, long seed, int epoch, PictureSource source) {
        try {
            return pipeline.view(picture, seed, epoch, source);
        } catch (UnreadablePictureException unreadable) {
            throw new InputException(picture.file() + " cannot be read: " + unreadable.getMessage() + "; remove it, give a picture in its place, or leave it out with --skip-unreadable", unreadable);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
