package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import graft.InputException;
import graft.Progress;
import graft.augment.BatchTransform;
import graft.augment.Pipeline;
import graft.backbone.Pretrained;
import graft.data.DecodedCache;
import graft.data.Image;
import graft.data.Mix;
import graft.data.Parallel;
import graft.data.Picture;
import graft.data.UnreadablePictureException;
import graft.torch.Program;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Pictures as a network trains on them: views, made on all processors, normalised, mixed where the recipe says so. Nothing is prepared while a
 * step runs: the step has all processors, and a batch that is made by all of them at once is there soonest.
 */
final class PictureInputs implements Inputs {
    /** As torchvision computes it, {@code (x / 255 − mean) / std} in float32; channels last, as the bytes are. */
    private static final Program NORMALIZE = Program.of("""
          def normalize(self: __torch__.Program, pixels: Tensor, mean: Tensor, std: Tensor) -> Tensor:
            return torch.div_(torch.sub_(torch.div_(torch.permute(pixels, [0, 3, 1, 2]).to(6), 255.), mean), std)
        """, List.of());

    private final List<Picture> pictures;
    private final Pipeline pipeline;
    private final List<BatchTransform> mixing;
    private final Pretrained preprocessing;
    private final int classes;
    private final long seed;

    /** @param mixing of which each batch gets one, drawn for it; empty for none */
    PictureInputs(List<Picture> pictures, Pipeline pipeline, List<BatchTransform> mixing, Pretrained preprocessing, int classes, long seed) {
        this.pictures = pictures;
        this.pipeline = pipeline;
        this.mixing = mixing;
        this.preprocessing = preprocessing;
        this.classes = classes;
        this.seed = seed;
    }

    @Override
    public List<Picture> pictures() {
        return pictures;
    }

    @Override
    public Batch batch(NDManager to, int[] rows, int epoch, int index) throws InterruptedException {
        Image[] views = new Image[rows.length];
        Parallel.forEach(rows.length, i -> views[i] = view(pictures.get(rows[i]), epoch), Progress.SILENT.start("views", rows.length, "pictures"));
        int[] labels = Arrays.stream(rows).map(row -> pictures.get(row).label()).toArray();
        for (int i = 0; i < views.length; i++) {
            if (views[i].height() != views[0].height() || views[i].width() != views[0].width()) {
                throw new InputException("the transforms give pictures of different sizes (" + views[0].height() + "×" + views[0].width() + " and "
                    + views[i].height() + "×" + views[i].width() + " for " + pictures.get(rows[i]).file() + "); end them with a crop, such as centerCrop(224)");
            }
        }
        return mixing.isEmpty() ? new Batch(normalized(to, views), labels, null) : mixed(to, views, labels, epoch, index);
    }

    private Image view(Picture picture, int epoch) {
        try {
            return pipeline.view(picture, seed, pipeline.random() ? epoch : 0, DecodedCache.standard());
        } catch (UnreadablePictureException unreadable) {
            throw new InputException(picture.file() + " cannot be read: " + unreadable.getMessage() + "; remove it, or give a picture in its place", unreadable);
        }
    }

    private NDArray normalized(NDManager to, Image[] views) {
        int height = views[0].height();
        int width = views[0].width();
        ByteBuffer pixels = ByteBuffer.allocateDirect(Math.multiplyExact(views.length, 3 * height * width));
        for (Image view : views) {
            pixels.put(view.pixels());
        }
        try (NDManager step = to.newSubManager()) {
            NDArray bytes = step.create(pixels.flip(), new Shape(views.length, height, width, 3), DataType.UINT8);
            return NORMALIZE.detached(to, "normalize", List.of(bytes, colours(step, preprocessing.mean()), colours(step, preprocessing.std()))).get(0);
        }
    }

    private static NDArray colours(NDManager to, List<Float> values) {
        return to.create(new float[] {values.get(0), values.get(1), values.get(2)}, new Shape(1, 3, 1, 1));
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
