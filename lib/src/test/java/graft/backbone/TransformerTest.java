package graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.InputException;
import graft.oracle.Formula;
import graft.oracle.Reference;
import graft.oracle.Shared;
import graft.torch.FrozenProgram;
import graft.torch.Interpolation;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What backbones made of attention have and others have not. {@code oracle/positions.json}: torchvision 0.29.2's
 * {@code interpolate_embeddings}, timm 1.0.31's {@code resample_abs_pos_embed} and {@code resize_rel_pos_bias_table}, and its DeiT with the real weights in
 * {@code shared/weights}, in float64.
 */
class TransformerTest {
    private static double[] reference(String name) throws Exception {
        try (Reader reader = new InputStreamReader(TransformerTest.class.getResourceAsStream("/oracle/positions.json"), StandardCharsets.UTF_8)) {
            JsonObject all = JsonParser.parseReader(reader).getAsJsonObject();
            return all.getAsJsonArray(name).asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
        }
    }

    @ParameterizedTest
    @CsvSource({"torchvision, 1, 3", "torchvision, 1, 7", "timm, 2, 3", "timm, 2, 7"})
    void positionEmbeddingsAreInterpolatedAsTheReferenceDoes(String source, int prefix, int side) throws Exception {
        StateTensor embedding = StateTensor.of(Formula.uniform("pos_embedding", (prefix + 16) * 3), 1, prefix + 16, 3);
        Interpolation interpolation = source.equals("timm") ? Interpolation.BICUBIC_ANTIALIAS : Interpolation.BICUBIC_ALIGN_CORNERS;
        StateTensor resized = PatchGrid.resized(embedding, prefix, side, interpolation);
        assertArrayEquals(new long[] {1, prefix + side * side, 3}, resized.shape());
        assertTrue(Reference.relativeError(reference(source + "_4_to_" + side), resized.toFloats()) < 1e-6);
    }

    /** Spread out, drawn together, and for windows of another shape left alone: timm 1.0.31's {@code resize_rel_pos_bias_table}. */
    @ParameterizedTest
    @CsvSource({"7, 12", "7, 5", "12, 7", "3, 2"})
    void biasTablesAreResizedAsTimmDoes(int from, int to) throws Exception {
        int rows = (2 * from - 1) * (2 * from - 1);
        StateTensor table = StateTensor.of(Formula.uniform("bias_table", rows * 2), rows, 2);
        StateTensor resized = RelativePositions.resized(table, (2L * to - 1) * (2 * to - 1));
        assertArrayEquals(new long[] {(2L * to - 1) * (2 * to - 1), 2}, resized.shape());
        assertTrue(Reference.relativeError(reference("bias_" + from + "_to_" + to), resized.toFloats()) < 1e-5);
        assertSame(table, RelativePositions.resized(table, rows));
    }

    @ParameterizedTest
    @ValueSource(ints = {224, 160})
    void realWeightsGiveTimmsLogitsAtTheirSizeAndAtAnother(int size) throws Exception {
        Path file = Shared.file("weights/deit_tiny_patch16_224-98ed067b.safetensors").orElse(null);
        assumeTrue(file != null, "skipped without ../shared/weights");
        Backbone backbone = Backbones.create("deit_tiny_patch16_224", 1000, size);
        StateDict state = Weights.file("deit_tiny_patch16_224", file).load(backbone, true, graft.Progress.SILENT);
        ByteBuffer pixels = ByteBuffer.allocateDirect(size * size * 3).put(Formula.image(size, size, "image")).flip();
        Pretrained published = Pretrained.of("deit_tiny_patch16_224");
        try (FrozenProgram program = FrozenProgram.compile(backbone::of, state, Precision.FLOAT32, published.mean(), published.std())) {
            assertTrue(Reference.relativeError(reference("deit_tiny_" + size), program.run(pixels, 1, size, size)[0]) < 1e-4);
        }
    }

    @Test
    void swinFilesUnderTheOlderNamesFit() {
        Backbone swin = Backbones.create("swin_tiny_patch4_window7_224", 21841);
        StateDict older = new StateDict("older.pth");
        swin.state().forEach((name, entry) -> {
            long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
            String was = name.replace("head.fc.", "head.");
            for (int stage = 1; stage < 4; stage++) {
                was = was.replace("layers." + stage + ".downsample", "layers." + (stage - 1) + ".downsampl_");
            }
            older.put(was.replace("downsampl_", "downsample"), StateTensor.of(new float[Math.toIntExact(entry.count())], shape));
        });
        older.put("layers.0.blocks.1.attn_mask", StateTensor.of(new float[1], 1));
        older.put("layers.0.blocks.0.attn.relative_position_index", StateTensor.of(new long[1], 1));
        assertTrue(older.contains("layers.0.downsample.norm.weight") && older.contains("head.weight"));
        WeightFit.check(swin, swin.adapted(older), true);
        StateDict present = swin.adapted(older);
        WeightFit.check(swin, swin.adapted(present), true);
        assertTrue(assertThrows(InputException.class, () -> WeightFit.check(Backbones.create("swin_tiny_patch4_window7_224", 1000), present, true))
            .getMessage().contains("head.fc.weight is [21841, 768] where [1000, 768] is wanted"));
    }

    @Test
    void visionTransformerFilesUnderTheOlderNamesFit() {
        Backbone vit = Backbones.create("vit_b_32", 10, 64);
        StateDict older = new StateDict("older.pth");
        vit.state().forEach((name, entry) -> older.put(name.replace(".mlp.0.", ".mlp.linear_1.").replace(".mlp.3.", ".mlp.linear_2."),
            StateTensor.of(new float[Math.toIntExact(entry.count())], entry.shape().stream().mapToLong(Long::longValue).toArray())));
        WeightFit.check(vit, vit.adapted(older), true);
        Backbone larger = Backbones.create("vit_b_32", 10, 96);
        WeightFit.check(larger, larger.adapted(older), true);
    }

    @Test
    void sizesThatCannotBeAreRefused() {
        assertEquals("vit_h_14 takes pictures whose size is a multiple of its patches' 14 pixels; 512 is not, 518 would be",
            assertThrows(InputException.class, () -> Backbones.create("vit_h_14", 10, 512)).getMessage());
        assertThrows(InputException.class, () -> Backbones.create("swin_t", 10, 3));
        assertThrows(InputException.class, () -> Backbones.create("deit_tiny_patch16_224", 10, 0));
    }

    @Test
    void aDistilledHeadIsBothHeads() {
        Backbone deit = Backbones.create("deit_tiny_distilled_patch16_224", 10);
        assertEquals(2 * 192, deit.width());
        assertTrue(deit.isHead("head.weight") && deit.isHead("head_dist.bias") && !deit.isHead("blocks.0.mlp.fc1.weight"));
        assertEquals(2 * (10 * 192 + 10), deit.parameterCount() - deit.bodyParameterCount());
        assertEquals(List.of("head.weight", "head.bias", "head_dist.weight", "head_dist.bias"), List.copyOf(deit.newHead(0).keySet()));
    }

    /** Windows of several pictures lie behind each other, and each shifted one has to get its own mask. */
    @ParameterizedTest
    @ValueSource(strings = {"swin_t", "swin_tiny_patch4_window7_224", "vit_b_32", "deit_tiny_distilled_patch16_224"})
    void aPictureGivesTheSameAloneAndAmongOthers(String name) {
        Backbone backbone = Backbones.create(name, 10, 96);
        StateDict state = Reference.weights(backbone, 1, 1);
        byte[] all = Formula.image(3 * 96, 96, "three");
        ByteBuffer pixels = ByteBuffer.allocateDirect(all.length).put(all).flip();
        try (FrozenProgram program = FrozenProgram.compile(backbone::of, state, Precision.FLOAT32, List.of(0.5f, 0.5f, 0.5f), List.of(0.2f, 0.2f, 0.2f))) {
            float[][] together = program.run(pixels, 3, 96, 96);
            for (int i = 0; i < 3; i++) {
                float[] alone = program.run(pixels.slice(i * 96 * 96 * 3, 96 * 96 * 3), 1, 96, 96)[0];
                assertArrayEquals(alone, together[i], 1e-4f);
            }
            assertFalse(Arrays.equals(together[0], together[1]));
        }
    }

    /** The bias of windows has a gradient, for which the fused attention is left: bfloat16's has to point where float32's does. */
    @ParameterizedTest
    @ValueSource(strings = {"swin_t", "deit_tiny_patch16_224"})
    void bfloat16TrainsTowardsFloat32(String name) {
        Backbone backbone = Backbones.create(name, 10, 64);
        double[][] gradients = new double[2][];
        for (Precision precision : Precision.values()) {
            try (NDManager manager = Libtorch.manager(); Network network = Network.load(backbone, Reference.weights(backbone, 1, 1), precision)) {
                network.train(false);
                NDArray pictures = manager.arange(2 * 3 * 64 * 64).mul(0.1f).sin().reshape(new Shape(2, 3, 64, 64));
                NDArray logits = network.forwardToDifferentiate(manager, pictures, 0);
                NDArray gradient = manager.ones(logits.getShape()).mul(manager.arange(20f).reshape(2, 10).sin());
                gradients[precision.ordinal()] = network.gradients(manager, logits, gradient).stream().mapToDouble(array -> array.norm().getFloat()).toArray();
            }
        }
        for (int i = 0; i < gradients[0].length; i++) {
            assertEquals(1, gradients[1][i] / gradients[0][i], 0.2, "parameter " + i);
        }
    }

    /** The mask of shifted windows: a place sees a place of its window where both were neighbours before the shift. */
    @Test
    void shiftedWindowsSeeOnlyNeighbours() {
        SwinWindows windows = SwinWindows.timm(4, 2, true);
        assertEquals(1, windows.shift());
        float[] mask = windows.mask().toFloats();
        assertEquals(List.of(0f, 0f, 0f, 0f), List.of(mask[0], mask[1], mask[2], mask[3]));
        int last = 3 * 16;
        assertArrayEquals(new float[] {0, -100, -100, -100, -100, 0, -100, -100}, Arrays.copyOfRange(mask, last, last + 8));
        assertEquals(0, SwinWindows.timm(7, 7, true).shift());
        assertEquals(6, SwinWindows.timm(6, 7, true).window());
        assertEquals(7, SwinWindows.torchvision(6, 7, true).window());
        assertEquals(0, SwinWindows.torchvision(6, 7, true).shift());
        assertArrayEquals(new long[] {4, 3, 1, 0, 5, 4, 2, 1}, Arrays.copyOf(SwinWindows.timm(2, 2, false).relativePositionIndex().toLongs(), 8));
    }
}
