package graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.oracle.Formula;
import graft.oracle.Reference;
import graft.torch.Archive;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.StateDict;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A network that is saved and loaded gives the same logits: through weight files here, through its archive in plain PyTorch. */
class SavedBackboneTest {
    private static final int SIZE = 64;
    private static boolean python;

    @TempDir Path folder;

    /** {@code python3}, or what the property {@code graft.python} names; asked once whether it has PyTorch. */
    @BeforeAll
    static void lookForPyTorch() throws InterruptedException {
        try {
            python = python("import sys, importlib.util; sys.exit(importlib.util.find_spec('torch') is None)").start().waitFor() == 0;
        } catch (IOException none) {
            python = false;
        }
    }

    private static ProcessBuilder python(String code, String... arguments) {
        ProcessBuilder process = new ProcessBuilder(System.getProperty("graft.python", "python3"), "-c", code).inheritIO();
        process.command().addAll(java.util.List.of(arguments));
        return process;
    }

    private static NDArray pictures(NDManager manager) {
        return manager.create(Formula.uniform("pictures", 2 * 3 * SIZE * SIZE), new Shape(2, 3, SIZE, SIZE));
    }

    private static float[] logits(Network network) {
        try (NDManager manager = Libtorch.manager()) {
            network.train(false);
            return network.forward(manager, pictures(manager)).toFloatArray();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_v2", "resnet18", "efficientnet_b0", "mobilenet_v3_small", "resnetv2_50", "convnext_tiny", "deit_tiny_patch16_224",
        "deit_tiny_distilled_patch16_224", "swin_t", "swin_tiny_patch4_window7_224"})
    void savedAndLoadedGivesTheSameLogits(String name) {
        Backbone backbone = Backbones.create(name, 10, SIZE);
        Path safetensors = folder.resolve("weights.safetensors");
        Path pth = folder.resolve("weights.pth");
        float[] before;
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(backbone, Reference.weights(backbone, 1, 1), Precision.FLOAT32)) {
            network.forward(manager, pictures(manager)); // in training: moves statistics
            before = logits(network);
            StateDict state = network.state();
            state.writeSafetensors(safetensors, Map.of());
            state.writePth(pth);
        }
        for (Path file : new Path[] {safetensors, pth}) {
            StateDict state = backbone.adapted(StateDict.read(file));
            WeightFit.check(backbone, state, true);
            try (Network network = Network.load(backbone, state, Precision.FLOAT32)) {
                assertArrayEquals(before, logits(network));
            }
        }
    }

    /** Also in bfloat16, where another version of PyTorch rounds elsewhere. */
    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_v2", "efficientnet_b0", "mobilenet_v3_small", "resnetv2_50", "vgg11_bn", "convnext_tiny", "vit_b_32", "deit_tiny_distilled_patch16_224",
        "swin_t", "swin_tiny_patch4_window7_224"})
    void plainPyTorchOpensTheArchive(String name) throws Exception {
        assumeTrue(python, "skipped: no python3 with torch (the property graft.python names one)");
        Backbone backbone = Backbones.create(name, 10, SIZE);
        StateDict state = Reference.weights(backbone, 1, 1);
        for (Precision precision : Precision.values()) {
            Path archive = folder.resolve("network.pt");
            Path output = folder.resolve("logits.bin");
            Archive.write(backbone, state, precision, Map.of(), archive);
            Path input = Files.write(folder.resolve("pictures.bin"), bytes(Formula.uniform("pictures", 2 * 3 * SIZE * SIZE)));
            Process process = python("""
                import sys, numpy, torch
                network = torch.jit.load(sys.argv[1])
                x = torch.from_numpy(numpy.fromfile(sys.argv[2], dtype='<f4').reshape(2, 3, int(sys.argv[4]), int(sys.argv[4])))
                with torch.no_grad():
                    network(x).float().numpy().astype('<f4').tofile(sys.argv[3])
                """, archive.toString(), input.toString(), output.toString(), Integer.toString(SIZE)).start();
            assertEquals(0, process.waitFor());
            float[] theirs = new float[2 * 10];
            ByteBuffer.wrap(Files.readAllBytes(output)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(theirs);
            try (Network network = Network.load(backbone, state, precision)) {
                float[] ours = logits(network);
                double[] expected = new double[ours.length];
                for (int i = 0; i < ours.length; i++) {
                    expected[i] = ours[i];
                }
                double error = Reference.relativeError(expected, theirs);
                System.out.printf("%s in PyTorch, %s: %.1e of the largest logit%n", name, precision, error);
                assertTrue(error < (precision == Precision.FLOAT32 ? 1e-4 : 3e-2), name + " " + precision + " " + error);
            }
        }
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** What {@code logits} asks a file for before it describes the network. */
    @Test
    void aFileSaysHowManyClassesItsHeadHas() throws Exception {
        for (String name : new String[] {"deit_tiny_distilled_patch16_224", "resnetv2_50", "mobilenet_v3_small"}) {
            Path file = folder.resolve(name + ".safetensors");
            Reference.weights(Backbones.create(name, 365), 1, 1).writeSafetensors(file, Map.of());
            assertEquals(365, Weights.file(name, file).classes(graft.Progress.SILENT));
        }
    }
}
