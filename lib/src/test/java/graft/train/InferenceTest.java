package graft.train;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.InputException;
import graft.Progress;
import graft.Small;
import graft.augment.Batch;
import graft.augment.Pipeline;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.Pretrained;
import graft.backbone.Weights;
import graft.data.Image;
import graft.data.Picture;
import graft.data.PictureSource;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.torch.Value;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class InferenceTest {
    private static final Pipeline VIEW = Pipeline.of(resize(64), centerCrop(64));
    private static final List<Picture> PICTURES = Small.pictures().train().subList(0, 10);
    private static final Pretrained PREPARED = Pretrained.of("resnet18");

    private static float[][] run(Inference inference) throws InterruptedException {
        return inference.of(PICTURES, VIEW, 0, 0, PictureSource.FILES, Progress.SILENT.start("", 0, ""));
    }

    /** What validates a network in training says what the network itself says in evaluation mode, also after it takes later weights. */
    @Test
    void logitsOfAWholeNetwork() throws Exception {
        Backbone backbone = Backbones.create("resnet18", 5);
        StateDict first = Weights.untrained("resnet18", 1).load(backbone, true, Progress.SILENT);
        StateDict later = Weights.untrained("resnet18", 2).load(backbone, true, Progress.SILENT);
        try (Inference inference = new Inference(backbone, backbone::of, first, Precision.FLOAT32, PREPARED.mean(), PREPARED.std());
             Inference fresh = new Inference(backbone, backbone::of, later, Precision.FLOAT32, PREPARED.mean(), PREPARED.std())) {
            float[][] before = run(inference);
            assertArrayEquals(new long[] {5}, inference.shape());
            assertClose(network(backbone, first), before);
            inference.load(later);
            float[][] after = run(inference);
            assertFalse(Arrays.equals(before[0], after[0]));
            assertArrayEquals(run(fresh), after);
        }
    }

    /** Flat rows are in the order of their shape, whatever the order of the channels in memory was. */
    @Test
    void outputsThatAreNoVectors() throws Exception {
        try (Inference pixels = new Inference(Backbones.create("resnet18", 5), Value::relu, new StateDict("none"), Precision.FLOAT32, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f))) {
            float[][] rows = run(pixels);
            assertArrayEquals(new long[] {3, 64, 64}, pixels.shape());
            Image image = VIEW.view(PICTURES.get(9), 0, 0);
            for (int c = 0; c < 3; c++) {
                assertEquals(image.value(5, 60, c) / 255f, rows[9][c * 64 * 64 + 5 * 64 + 60], 1e-6f);
            }
        }
    }

    @Test
    void viewsThatTheBackboneDoesNotTakeAreRefused() {
        Backbone backbone = Backbones.create("deit_tiny_patch16_224", 5);
        try (Inference inference = new Inference(backbone, Value::relu, new StateDict("none"), Precision.FLOAT32, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f))) {
            assertEquals("the transforms make 64×64 of " + PICTURES.get(0).file() + ", and with these weights deit_tiny_patch16_224 takes 224×224 alone; end them with a crop to 224",
                assertThrows(InputException.class, () -> inference.of(PICTURES.subList(0, 1), VIEW, 0, 0, PictureSource.FILES, Progress.SILENT.start("", 0, ""))).getMessage());
        }
    }

    private static float[][] network(Backbone backbone, StateDict state) throws Exception {
        List<Image> images = new ArrayList<>();
        for (Picture picture : PICTURES) {
            images.add(VIEW.view(picture, 0, 0));
        }
        Batch batch = Batch.of(images, images.stream().map(i -> 0).toList(), 5, PREPARED.mean(), PREPARED.std());
        try (Network network = Network.load(backbone, state, Precision.FLOAT32); NDManager manager = Libtorch.manager()) {
            network.train(false);
            NDArray logits = network.forward(manager, manager.create(batch.pixels(), new Shape(batch.count(), 3, 64, 64)));
            float[] flat = logits.toFloatArray();
            float[][] rows = new float[batch.count()][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = Arrays.copyOfRange(flat, 5 * i, 5 * i + 5);
            }
            return rows;
        }
    }

    private static void assertClose(float[][] expected, float[][] rows) {
        for (int i = 0; i < rows.length; i++) {
            assertArrayEquals(expected[i], rows[i], 1e-4f);
        }
    }
}
