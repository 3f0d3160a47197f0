package graft.torch;

import static graft.torch.Layers.batchNorm2d;
import static graft.torch.Layers.conv2d;
import static graft.torch.Layers.linear;
import static graft.torch.Layers.sequential;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import graft.InputException;
import graft.oracle.Formula;
import graft.oracle.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ArchiveTest {
    /** Two blocks of the same kind, a different one, a residual connection, dropout and a head. */
    static final class Tiny extends Module {
        private final Module conv1 = child("conv1", conv2d(3, 4, 3).padding(1));
        private final Module bn1 = child("bn1", batchNorm2d(4));
        private final Module layer = child("layer", sequential(conv2d(4, 4, 3).padding(1), batchNorm2d(4), conv2d(4, 4, 1)));
        private final Module fc = child("fc", linear(4, 5).float32());
        private final double dropout;

        Tiny(double dropout) {
            this.dropout = dropout;
        }

        @Override
        protected Value forward(Value x) {
            Value y = bn1.of(conv1.of(x)).relu();
            y = layer.of(y).add(y).relu6();
            return fc.of(y.globalAveragePool().dropout(dropout));
        }
    }

    private static StateDict weights(Module module) {
        return Reference.weights(module, 1, 2);
    }

    private static NDArray pictures(NDManager manager) {
        return manager.create(Formula.uniform("pictures", 2 * 3 * 6 * 5), new Shape(2, 3, 6, 5));
    }

    private static float[] logits(byte[] archive) {
        try (NDManager manager = Libtorch.manager(); Program program = Program.load(archive)) {
            program.train(false);
            return program.run(manager, "forward", Program.array(pictures(manager))).toFloatArray();
        }
    }

    @Test
    void codeReadsAsItWasWritten() {
        assertEquals("""
            class Conv2d(Module):
              __parameters__ = ["weight"]
              __buffers__ = []
              weight : Tensor
              training : bool
              def forward(self: __torch__.Conv2d, x: Tensor) -> Tensor:
                return torch.conv2d(x, self.weight, None, [1, 1], [1, 1], [1, 1], 1)

            class BatchNorm(Module):
              __parameters__ = ["weight", "bias"]
              __buffers__ = ["running_mean", "running_var", "num_batches_tracked"]
              weight : Tensor
              bias : Tensor
              running_mean : Tensor
              running_var : Tensor
              num_batches_tracked : Tensor
              training : bool
              def forward(self: __torch__.BatchNorm, x: Tensor) -> Tensor:
                if self.training:
                  torch.add_(self.num_batches_tracked, 1)
                return torch.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, self.training, 0.1, 1e-5, True)

            class Conv2d_2(Module):
              __parameters__ = ["weight"]
              __buffers__ = []
              weight : Tensor
              training : bool
              def forward(self: __torch__.Conv2d_2, x: Tensor) -> Tensor:
                return torch.conv2d(x, self.weight, None, [1, 1], [0, 0], [1, 1], 1)

            class Sequential(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              __annotations__["0"] = __torch__.Conv2d
              __annotations__["1"] = __torch__.BatchNorm
              __annotations__["2"] = __torch__.Conv2d_2
              def forward(self: __torch__.Sequential, x: Tensor) -> Tensor:
                return getattr(self, "2").forward(getattr(self, "1").forward(getattr(self, "0").forward(x)))

            class Linear(Module):
              __parameters__ = ["weight", "bias"]
              __buffers__ = []
              weight : Tensor
              bias : Tensor
              training : bool
              def forward(self: __torch__.Linear, x: Tensor) -> Tensor:
                return torch.linear(x, self.weight, self.bias)

            class Tiny(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              conv1 : __torch__.Conv2d
              bn1 : __torch__.BatchNorm
              layer : __torch__.Sequential
              fc : __torch__.Linear
              def forward(self: __torch__.Tiny, x: Tensor) -> Tensor:
                x = torch.contiguous(x, memory_format=2)
                y = torch.relu_(self.bn1.forward(self.conv1.forward(x)))
                y2 = torch.flatten(torch.adaptive_avg_pool2d(torch.relu6_(torch.add(self.layer.forward(y), y)), [1, 1]), 1, -1)
                return self.fc.forward(torch.dropout(y2, 0.5, self.training))
            """, new ModuleCode(new Tiny(0.5), Precision.FLOAT32).text());
    }

    @Test
    void castsAreAutocasts() {
        String code = new ModuleCode(new Tiny(0.5), Precision.BFLOAT16).text();
        assertTrue(code.contains("torch.conv2d(x.to(15), self.weight.to(15), None,"), code);
        assertTrue(code.contains("torch.linear(x.to(6), self.weight, self.bias)"), code);
        assertTrue(code.contains("torch.adaptive_avg_pool2d(torch.relu6_(torch.add(self.layer.forward(y), y)).to(6), [1, 1])"), code);
    }

    @Test
    void longLinesAreBroken() {
        Module deep = new Module() {
            @Override
            protected Value forward(Value x) {
                Value y = x;
                for (int i = 0; i < 40; i++) {
                    y = y.relu().relu6();
                }
                return y.add(x);
            }
        };
        String code = new ModuleCode(deep, Precision.FLOAT32).text();
        assertTrue(code.lines().allMatch(line -> line.length() <= 120), code);
        assertTrue(code.lines().count() < 20, code);
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(deep, new StateDict("none"), Precision.FLOAT32)) {
            float[] x = pictures(manager).toFloatArray();
            float[] y = network.forward(manager, pictures(manager)).toFloatArray();
            for (int i = 0; i < x.length; i++) {
                assertEquals(Math.max(0, x[i]) + x[i], y[i]);
            }
        }
    }

    @Test
    void writtenAndLoadedAgainGivesTheSameBits(@TempDir Path folder) throws Exception {
        Tiny module = new Tiny(0.5);
        Path file = folder.resolve("deep/tiny.pt");
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(module, weights(module), Precision.BFLOAT16)) {
            network.forward(manager, pictures(manager)); // moves the statistics
            Archive.write(module, network.state(), Precision.BFLOAT16, Map.of(), file);
            network.train(false);
            assertArrayEquals(network.forward(manager, pictures(manager)).toFloatArray(), logits(Files.readAllBytes(file)));
        }
        assertArrayEquals(Archive.bytes(module, weights(module), Precision.FLOAT32), Archive.bytes(new Tiny(0.5), weights(module), Precision.FLOAT32));
        assertEquals(List.of(file), Files.list(file.getParent()).toList());
    }

    @Test
    void djlLoadsItWithTrainableParametersUnderTheirNames(@TempDir Path folder) throws Exception {
        Tiny module = new Tiny(0.5);
        Path file = folder.resolve("tiny.pt");
        Archive.write(module, weights(module), Precision.FLOAT32, Map.of(), file);
        try (Model model = Model.newInstance("tiny", "PyTorch"); InputStream in = Files.newInputStream(file)) {
            model.load(in, Map.of());
            model.getBlock().freezeParameters(false); // DJL freezes what it loads
            List<String> names = new ArrayList<>();
            for (Parameter parameter : model.getBlock().getParameters().values()) {
                assertTrue(parameter.getArray().hasGradient(), parameter.getName());
                names.add(parameter.getName());
            }
            assertEquals(module.state().entrySet().stream().filter(entry -> entry.getValue().trains()).map(Map.Entry::getKey).toList(), names);
        }
    }

    @Test
    void dropoutDropsInTrainingOnly() {
        Tiny module = new Tiny(1);
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(module, weights(module), Precision.FLOAT32)) {
            network.train(false);
            float[] evaluated = network.forward(manager, pictures(manager)).toFloatArray();
            assertArrayEquals(logits(Archive.bytes(new Tiny(0), weights(module), Precision.FLOAT32)), evaluated);
            network.train(true);
            float[] bias = network.parameters().get("fc.bias").toFloatArray();
            float[] trained = network.forward(manager, pictures(manager)).toFloatArray();
            for (int i = 0; i < trained.length; i++) {
                assertEquals(bias[i % bias.length], trained[i]);
            }
            assertFalse(evaluated[0] == bias[0]);
        }
    }

    @Test
    void whatDoesNotFitIsSaid() {
        Tiny module = new Tiny(0);
        StateDict misshapen = weights(module).put("fc.bias", StateTensor.of(new float[4], 4));
        assertEquals("formula holds fc.bias as FLOAT32 [4] where FLOAT32 [5] is wanted",
            assertThrows(InputException.class, () -> Archive.bytes(module, misshapen, Precision.FLOAT32)).getMessage());
        assertEquals("empty has no entry conv1.weight",
            assertThrows(InputException.class, () -> Archive.bytes(module, new StateDict("empty"), Precision.FLOAT32)).getMessage());
        StateDict uncounted = new StateDict("old");
        weights(module).names().stream().filter(name -> !name.endsWith("num_batches_tracked")).forEach(name -> uncounted.put(name, weights(module).get(name)));
        assertArrayEquals(Archive.bytes(module, weights(module), Precision.FLOAT32), Archive.bytes(module, uncounted, Precision.FLOAT32));
    }
}
