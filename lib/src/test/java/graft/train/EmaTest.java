package graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.InputException;
import graft.oracle.Formula;
import graft.torch.Libtorch;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.Map;
import java.util.stream.Stream;

class EmaTest {
    private static final int COUNT = 12;

    private static void set(NDArray parameter, String name) {
        parameter.set(Formula.uniform(name, COUNT));
    }

    private static StateDict dict(Map<String, StateTensor> state) {
        StateDict dict = new StateDict("test");
        state.forEach(dict::put);
        return dict;
    }

    @TestFactory
    Stream<DynamicTest> averagesEqualPyTorchAndTimm() throws Exception {
        return TrainingOracle.read("training-more.json").getAsJsonArray("ema").asList().stream().map(JsonElement::getAsJsonObject).map(one -> DynamicTest.dynamicTest(
            "decay " + one.get("decay") + ", warm-up " + one.get("warmup"), () -> steps(one)));
    }

    /** Also if the averages are saved and taken up again after every update. */
    private static void steps(JsonObject one) {
        Ema ema = new Ema(one.get("decay").getAsDouble(), one.get("warmup").getAsBoolean());
        try (NDManager manager = Libtorch.manager()) {
            NDArray parameter = manager.create(Formula.uniform("a", COUNT));
            AveragedWeights averages = ema.start(manager, Map.of("a", parameter));
            AveragedWeights straight = ema.start(manager, Map.of("a", parameter));
            for (int t = 1; t <= one.getAsJsonArray("steps").size(); t++) {
                set(parameter, "a" + t);
                averages.update();
                straight.update();
                float[] values = averages.weights().get("a").toFloats();
                TrainingOracle.assertClose(one.getAsJsonArray("steps").get(t - 1), manager.create(values), "update " + t);
                StateDict saved = dict(averages.state());
                averages.close();
                averages = ema.start(manager, Map.of("a", parameter));
                averages.restore(saved);
                assertArrayEquals(straight.weights().get("a").toFloats(), averages.weights().get("a").toFloats());
            }
        }
    }

    @Test
    void anAverageBeginsAsItsParameter() {
        try (NDManager manager = Libtorch.manager()) {
            NDArray a = manager.create(Formula.uniform("a", COUNT));
            NDArray b = manager.create(Formula.uniform("b", COUNT));
            AveragedWeights averages = Ema.ema(0.9).start(manager, Map.of("a", a));
            assertArrayEquals(a.toFloatArray(), averages.weights().get("a").toFloats());
            averages.update();
            set(a, "later");
            averages.update();
            AveragedWeights both = Ema.ema(0.9).start(manager, Map.of("a", a, "b", b));
            both.restore(dict(averages.state()));
            assertArrayEquals(averages.weights().get("a").toFloats(), both.weights().get("a").toFloats());
            assertArrayEquals(b.toFloatArray(), both.weights().get("b").toFloats(), "it trains from now on");
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(InputException.class, () -> Ema.ema(1));
        try (NDManager manager = Libtorch.manager()) {
            AveragedWeights averages = Ema.ema(0.9).start(manager, Map.of("a", manager.create(new Shape(3, 4))));
            StateDict other = dict(Map.of("n_averaged", StateTensor.of(new long[] {3}), "module.a", StateTensor.of(new float[12], 4, 3)));
            assertEquals("test has module.a as FLOAT32 [4, 3], and FLOAT32 [3, 4] would be right", assertThrows(InputException.class, () -> averages.restore(other)).getMessage());
            assertThrows(InputException.class, () -> averages.restore(dict(Map.of("module.a", StateTensor.of(new float[12], 3, 4)))));
            assertThrows(InputException.class, () -> averages.restore(dict(Map.of("n_averaged", StateTensor.of(new float[] {1})))));
        }
    }
}
