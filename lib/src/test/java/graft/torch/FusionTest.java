package graft.torch;

import static graft.torch.Layers.batchNorm2d;
import static graft.torch.Layers.conv2d;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import graft.oracle.Formula;
import graft.oracle.Reference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** What is fused, and that the fused network computes what the nested archive, in which nothing is fused, computes. */
class FusionTest {
    /** Convolutions and norms, and what a case makes of them. */
    static final class Case extends Module {
        private final Module conv1 = child("conv1", conv2d(3, 8, 3).padding(1));
        private final Module bn1 = child("bn1", batchNorm2d(8));
        private final Module conv2 = child("conv2", conv2d(8, 8, 3).padding(1));
        private final Module bn2 = child("bn2", batchNorm2d(8));
        private final Module conv3 = child("conv3", conv2d(8, 8, 1));
        private final String name;
        private final String steps;
        private final BiFunction<Case, Value, Value> body;

        Case(String name, String steps, BiFunction<Case, Value, Value> body) {
            this.name = name;
            this.steps = steps;
            this.body = body;
        }

        @Override
        protected Value forward(Value x) {
            return body.apply(this, x);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The second column: a letter for each fused part; operators that stay alone have their own names. */
    static Stream<Case> cases() {
        return Stream.of(
            new Case("a norm is folded", "conv2d+norm", (m, x) -> m.bn1.of(m.conv1.of(x))),
            new Case("a second relu stays", "conv2d+relu relu batch_norm", (m, x) -> m.bn1.of(m.conv1.of(x).relu().relu())),
            new Case("a norm whose input is needed again stays", "conv2d batch_norm add", (m, x) -> {
                Value y = m.conv1.of(x);
                return m.bn1.of(y).add(y);
            }),
            new Case("relu is fused", "conv2d+norm+relu", (m, x) -> m.bn1.of(m.conv1.of(x)).relu()),
            new Case("relu6 is fused", "conv2d+norm+relu6", (m, x) -> m.bn1.of(m.conv1.of(x)).relu6()),
            new Case("silu and hardswish are fused", "conv2d+norm+silu conv2d+hardswish", (m, x) -> m.conv2.of(m.bn1.of(m.conv1.of(x)).silu()).hardswish()),
            new Case("sigmoid and hardsigmoid are fused", "conv2d+sigmoid conv2d+hardsigmoid", (m, x) -> m.conv2.of(m.conv1.of(x).sigmoid()).hardsigmoid()),
            new Case("silu after a sum stays", "conv2d+silu conv2d+add silu", (m, x) -> {
                Value y = m.conv1.of(x).silu();
                return m.conv2.of(y).add(y).silu();
            }),
            new Case("channels are weighed in place", "conv2d+norm+silu adaptive_avg_pool2d conv2d+sigmoid mul conv2d", (m, x) -> {
                Value y = m.bn1.of(m.conv1.of(x)).silu();
                return m.conv2.of(y.mul(m.conv3.of(y.adaptiveAveragePool2d(1)).sigmoid()));
            }),
            new Case("what is weighed is needed again", "conv2d+norm+silu adaptive_avg_pool2d conv2d+sigmoid mul conv2d+add", (m, x) -> {
                Value y = m.bn1.of(m.conv1.of(x)).silu();
                return m.conv2.of(y.mul(m.conv3.of(y.adaptiveAveragePool2d(1)).sigmoid())).add(y);
            }),
            new Case("relu after a norm that stays is in place", "conv2d batch_norm relu conv2d+add", (m, x) -> {
                Value y = m.conv1.of(x);
                return m.conv2.of(m.bn1.of(y).relu()).add(y);
            }),
            new Case("a map that is looked at flat is not overwritten", "conv2d+norm flatten relu conv2d+norm flatten add", (m, x) -> {
                Value y = m.bn1.of(m.conv1.of(x));
                Value flat = y.flatten();
                return m.bn2.of(m.conv2.of(y.relu())).flatten().add(flat);
            }),
            new Case("a dropped block vanishes", "conv2d+relu conv2d+add", (m, x) -> {
                Value y = m.conv1.of(x).relu();
                return m.conv2.of(y).stochasticDepth(0.5).add(y);
            }),
            new Case("a norm after an activation stays", "conv2d+relu batch_norm", (m, x) -> m.bn1.of(m.conv1.of(x).relu())),
            new Case("dropout vanishes", "conv2d+relu conv2d+norm", (m, x) -> m.bn2.of(m.conv2.of(m.conv1.of(x).dropout(0.5).relu().dropout(0.2))).dropout(0.5)),
            new Case("a residual sum is fused", "conv2d+relu conv2d+norm+add+relu", (m, x) -> {
                Value y = m.conv1.of(x).relu();
                return m.bn2.of(m.conv2.of(y)).add(y).relu();
            }),
            new Case("in either order, and relu6 after a sum stays", "conv2d+relu conv2d+norm+add relu6", (m, x) -> {
                Value y = m.conv1.of(x).relu();
                return y.add(m.bn2.of(m.conv2.of(y))).relu6();
            }),
            new Case("the way around is free after the sum", "conv2d+relu conv2d+relu conv2d+add", (m, x) -> {
                Value y = m.conv1.of(x).relu();
                return m.conv3.of(m.conv2.of(y).relu()).add(y);
            }),
            new Case("the way around is used again", "conv2d+relu conv2d+relu conv2d+add+relu add", (m, x) -> {
                Value y = m.conv1.of(x).relu();
                return m.conv3.of(m.conv2.of(y).relu()).add(y).relu().add(y);
            }),
            new Case("the way around is in float32 as well", "conv2d+relu float32 conv2d+relu conv2d+add add", (m, x) -> {
                Value y = m.conv1.of(x).relu();
                Value same = y.float32();
                return m.conv3.of(m.conv2.of(y).relu()).add(y).add(same);
            }),
            new Case("both operands are convolutions", "conv2d+relu conv2d+norm conv2d+add+relu", (m, x) -> {
                Value y = m.conv1.of(x).relu();
                return m.conv3.of(y).add(m.bn2.of(m.conv2.of(y))).relu();
            }),
            new Case("a sum with itself stays", "conv2d add", (m, x) -> {
                Value y = m.conv1.of(x);
                return y.add(y);
            }),
            new Case("a second sum stays", "conv2d conv2d+add add", (m, x) -> {
                Value y = m.conv1.of(x);
                return m.conv2.of(y).add(y).add(y);
            }),
            new Case("the result is needed inside too", "conv2d+relu conv2d+add relu add", (m, x) -> {
                Value y = m.conv1.of(x).relu();
                Value z = m.conv2.of(y).add(y);
                return z.relu().add(z);
            }));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void stepsAreFused(Case module) {
        Trace trace = new Trace(Trace.Use.FROZEN);
        Fusion fusion = Fusion.of(trace, module.of(trace.input()), Precision.BFLOAT16);
        assertEquals(module.steps, String.join(" ", fusion.steps().stream().map(FusionTest::description).toList()));
    }

    private static String description(Fusion.Step step) {
        if (!(step instanceof Fusion.Convolution convolution)) {
            return step.result().op();
        }
        return "conv2d" + (convolution.norm == null ? "" : "+norm") + (convolution.other == null ? "" : "+add")
            + (convolution.activation == null ? "" : "+" + convolution.activation.op());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void fusedComputesTheSame(Case module) {
        StateDict state = Reference.weights(module, 1, 4);
        byte[] picture = Formula.image(20, 16, "fusion");
        for (Precision precision : Precision.values()) {
            float[] expected = nested(module, state, precision, picture);
            for (boolean kernels : new boolean[] {false, FusedKernels.available(precision)}) {
                try (FrozenProgram program = FrozenProgram.compile(module::of, state, precision, List.of(0.5f, 0.5f, 0.5f), List.of(0.25f, 0.25f, 0.25f), kernels)) {
                    ByteBuffer pixels = ByteBuffer.allocateDirect(picture.length).put(picture).flip();
                    float error = error(expected, program.run(pixels, 1, 20, 16)[0]);
                    assertTrue(error < (precision == Precision.FLOAT32 ? 1e-5 : 3e-2), module + ", " + precision + (kernels ? ", fused kernels: " : ", plain operators: ") + error);
                }
            }
        }
    }

    private static float[] nested(Module module, StateDict state, Precision precision, byte[] picture) {
        float[] x = new float[picture.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = ((picture[i % (x.length / 3) * 3 + i / (x.length / 3)] & 0xff) / 255f - 0.5f) / 0.25f;
        }
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(module, state, precision)) {
            network.train(false);
            return network.forward(manager, manager.create(x, new Shape(1, 3, 20, 16))).toType(DataType.FLOAT32, false).toFloatArray();
        }
    }

    /** The largest difference, relative to the largest value. */
    private static float error(float[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        float largest = 0;
        float worst = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
        }
        return worst / largest;
    }
}
