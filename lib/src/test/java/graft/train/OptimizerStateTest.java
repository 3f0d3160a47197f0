package graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

class OptimizerStateTest {
    private static final int COUNT = 12;
    private static final int UNFROZEN = 4;
    private static final List<Optimizer> OPTIMIZERS = List.of(Optimizer.sgd(0.1), Optimizer.sgd(0.1).momentum(0.9), Optimizer.sgd(0.1).momentum(0.9).withNesterov().weightDecay(0.01),
        Optimizer.adam(0.01), Optimizer.adam(0.01).withAmsgrad().weightDecay(0.1), Optimizer.adamW(0.01), Optimizer.adamW(0.01).betas(0.8, 0.95).epsilon(1e-6).withAmsgrad());

    private static StateDict dict(Map<String, StateTensor> state) {
        StateDict dict = new StateDict("test");
        state.forEach(dict::put);
        return dict;
    }

    private static Map<String, NDArray> parameters(NDManager manager, String... names) {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        for (String name : names) {
            parameters.put(name, manager.create(Formula.uniform(name, COUNT)));
        }
        return parameters;
    }

    private static List<NDArray> gradients(NDManager manager, Set<String> names, int step) {
        return names.stream().map(name -> manager.create(Formula.uniform(name + step, COUNT)).div(2)).toList();
    }

    @TestFactory
    Stream<DynamicTest> parameterGroupsEqualPyTorch() throws Exception {
        return TrainingOracle.read("training-more.json").getAsJsonArray("groups").asList().stream().map(JsonElement::getAsJsonObject).map(one -> DynamicTest.dynamicTest(
            one.get("optimizer").getAsString() + " " + one.get("options"), () -> groups(one)));
    }

    /** Two parameters with different rates and decays, and one that trains from step 5 on: the state of the others is carried over. */
    private static void groups(JsonObject one) {
        Optimizer optimizer = OptimizerTest.of(one.get("optimizer").getAsString(), one.getAsJsonObject("options"));
        Schedule schedule = Schedule.exponential(0.9).everyStep();
        JsonObject settings = one.getAsJsonObject("settings");
        try (NDManager manager = Libtorch.manager()) {
            Map<String, NDArray> all = parameters(manager, "a", "b", "c");
            Map<String, NDArray> trained = new LinkedHashMap<>(all);
            trained.remove("c");
            OptimizerState state = start(optimizer, manager, trained, settings);
            for (int t = 1; t <= 10; t++) {
                if (t == UNFROZEN + 1) {
                    StateDict saved = dict(state.state());
                    state.close();
                    trained = all;
                    state = start(optimizer, manager, trained, settings);
                    state.restore(saved);
                }
                state.step(gradients(manager, trained.keySet(), t), schedule.rate(optimizer.learningRate(), new Moment(0, t - 1, 10, 1, List.of())));
                JsonObject expected = one.getAsJsonArray("steps").get(t - 1).getAsJsonObject();
                for (String name : expected.keySet()) {
                    TrainingOracle.assertClose(expected.get(name), all.get(name), name + " after step " + t);
                }
            }
        }
    }

    private static OptimizerState start(Optimizer optimizer, NDManager manager, Map<String, NDArray> parameters, JsonObject settings) {
        return optimizer.start(manager, parameters, name -> {
            JsonObject own = settings.getAsJsonObject(name);
            return new ParameterSetting(own.get("rate").getAsDouble(), own.get("weight_decay").getAsDouble());
        });
    }

    /** Stopped after each number of steps, also before the first, and gone on in a state that had been through others: the same bits as not stopped. */
    @TestFactory
    Stream<DynamicTest> aRestoredStateGoesOnToTheBit() {
        return OPTIMIZERS.stream().map(optimizer -> DynamicTest.dynamicTest(optimizer.toString(), () -> {
            for (int stop = 0; stop <= 4; stop++) {
                try (NDManager manager = Libtorch.manager()) {
                    Map<String, NDArray> straight = parameters(manager, "a", "b");
                    Map<String, NDArray> stopped = parameters(manager, "a", "b");
                    OptimizerState one = optimizer.start(manager, straight);
                    OptimizerState other = optimizer.start(manager, stopped);
                    for (int t = 0; t < 6; t++) {
                        if (t == stop) {
                            StateDict saved = dict(other.state());
                            Map<String, NDArray> copies = new LinkedHashMap<>();
                            stopped.forEach((name, array) -> copies.put(name, array.duplicate()));
                            other.close();
                            stopped = copies;
                            Map<String, NDArray> elsewhere = parameters(manager, "a", "b");
                            other = optimizer.start(manager, copies);
                            other.step(gradients(manager, elsewhere.keySet(), 77), 0);
                            other.step(gradients(manager, elsewhere.keySet(), 78), 0);
                            straight.forEach((name, array) -> array.copyTo(copies.get(name)));
                            other.restore(saved);
                            assertEquals(saved.names(), dict(other.state()).names());
                        }
                        one.step(gradients(manager, straight.keySet(), t), 0.03);
                        other.step(gradients(manager, stopped.keySet(), t), 0.03);
                    }
                    for (String name : straight.keySet()) {
                        assertArrayEquals(straight.get(name).toFloatArray(), stopped.get(name).toFloatArray(), name + ", stopped after " + stop);
                    }
                    StateDict expected = dict(one.state());
                    StateDict found = dict(other.state());
                    for (String name : expected.names()) {
                        assertArrayEquals(expected.get(name).toFloats(), found.get(name).toFloats(), name);
                    }
                }
            }
        }));
    }

    @Test
    void whatIsRememberedHasTorchsNames() {
        try (NDManager manager = Libtorch.manager()) {
            Map<String, NDArray> parameters = parameters(manager, "a");
            List<Set<String>> expected = List.of(Set.of(), Set.of("momentum_buffer/a"), Set.of("momentum_buffer/a"), Set.of("step/a", "exp_avg/a", "exp_avg_sq/a"),
                Set.of("step/a", "exp_avg/a", "exp_avg_sq/a", "max_exp_avg_sq/a"));
            for (int i = 0; i < expected.size(); i++) {
                OptimizerState state = OPTIMIZERS.get(i).start(manager, parameters);
                assertEquals(Set.of(), state.state().keySet(), "before the first step");
                state.step(gradients(manager, parameters.keySet(), 1), 0.1);
                assertEquals(expected.get(i), state.state().keySet());
            }
        }
    }

    /** What lies otherwise in memory, as the weights of convolutions do, is updated number by number all the same, and saved row by row. */
    @Test
    void theLayoutInMemoryChangesNothing() {
        Shape shape = new Shape(2, 3, 4, 5);
        for (Optimizer optimizer : OPTIMIZERS) {
            try (NDManager manager = Libtorch.manager()) {
                NDArray plain = manager.create(Formula.uniform("p", 120), shape);
                NDArray moved = channelsLast(plain);
                OptimizerState one = optimizer.start(manager, Map.of("p", plain));
                OptimizerState other = optimizer.start(manager, Map.of("p", moved));
                for (int t = 0; t < 4; t++) {
                    NDArray gradient = manager.create(Formula.uniform("g" + t, 120), shape);
                    one.step(List.of(gradient), 0.1);
                    other.step(List.of(t < 2 ? gradient : channelsLast(gradient)), 0.1);
                    assertArrayEquals(plain.toFloatArray(), moved.toFloatArray(), 1e-6f);
                }
                StateDict state = dict(other.state());
                for (Map.Entry<String, StateTensor> saved : one.state().entrySet()) {
                    assertArrayEquals(saved.getValue().toFloats(), state.get(saved.getKey()).toFloats(), 1e-6f, saved.getKey());
                }
                other.restore(state);
                for (String name : state.names()) {
                    assertArrayEquals(state.get(name).toFloats(), dict(other.state()).get(name).toFloats(), name);
                }
            }
        }
    }

    /** The same numbers with those of a place beside each other: a copy, because reshaping cannot be done in place. */
    private static NDArray channelsLast(NDArray array) {
        Shape shape = array.getShape();
        return array.transpose(0, 2, 3, 1).flatten().reshape(shape.get(0), shape.get(2), shape.get(3), shape.get(1)).transpose(0, 3, 1, 2);
    }

    @Test
    void nothingStaysBehindAStep() {
        for (Optimizer optimizer : OPTIMIZERS) {
            try (NDManager manager = Libtorch.manager()) {
                Map<String, NDArray> parameters = parameters(manager, "a", "b");
                List<NDArray> gradients = gradients(manager, parameters.keySet(), 1);
                int given = manager.getManagedArrays().size();
                OptimizerState state = optimizer.start(manager, parameters);
                state.step(gradients, 0.1);
                int before = manager.getManagedArrays().size();
                for (int t = 0; t < 5; t++) {
                    state.step(gradients, 0.1);
                }
                state.state();
                assertEquals(before, manager.getManagedArrays().size());
                state.close();
                assertEquals(given, manager.getManagedArrays().size(), "the parameters and gradients are not the state's");
            }
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (NDManager manager = Libtorch.manager()) {
            Map<String, NDArray> parameters = parameters(manager, "a");
            OptimizerState state = Optimizer.adamW(0.1).start(manager, parameters);
            assertThrows(IllegalArgumentException.class, () -> state.step(List.of(), 0.1));
            StateDict other = dict(Map.of("exp_avg/a", StateTensor.of(new float[COUNT], COUNT)));
            assertTrue(assertThrows(InputException.class, () -> state.restore(other)).getMessage().startsWith("test has no entry step/a"));
            StateDict shape = dict(Map.of("step/a", StateTensor.of(new float[1]), "exp_avg/a", StateTensor.of(new float[COUNT], COUNT), "exp_avg_sq/a", StateTensor.of(new float[3], 3)));
            assertEquals("test has exp_avg_sq/a as FLOAT32 [3], and FLOAT32 [12] would be right", assertThrows(InputException.class, () -> state.restore(shape)).getMessage());
        }
        assertThrows(InputException.class, () -> Optimizer.sgd(-1));
        assertThrows(InputException.class, () -> Optimizer.sgd(0.1).withNesterov());
        assertThrows(InputException.class, () -> Optimizer.adam(0.1).betas(1, 0.9));
        assertThrows(InputException.class, () -> Optimizer.adamW(Double.NaN));
        assertThrows(InputException.class, () -> new ParameterSetting(-1, 0));
    }
}
