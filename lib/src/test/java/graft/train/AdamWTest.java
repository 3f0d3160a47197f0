package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.oracle.Formula;
import graft.torch.Libtorch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.stream.Stream;

class AdamWTest {
    private static final int PARAMETERS = 12;
    private static final int T_MAX = 6;

    @TestFactory
    Stream<DynamicTest> tenStepsEqualPyTorch() throws Exception {
        return TrainingOracle.read().getAsJsonArray("optimizers").asList().stream().map(JsonElement::getAsJsonObject).map(one -> DynamicTest.dynamicTest(
            one.get("options") + " " + one.get("schedule"), () -> steps(one)));
    }

    private static void steps(JsonObject one) {
        JsonObject options = one.getAsJsonObject("options");
        AdamW optimizer = AdamW.adamw(options.get("lr").getAsDouble());
        if (options.has("weight_decay")) {
            optimizer = optimizer.weightDecay(options.get("weight_decay").getAsDouble());
        }
        try (NDManager manager = Libtorch.manager()) {
            NDArray parameter = manager.create(Formula.uniform("parameter", PARAMETERS));
            try (AdamW.State state = optimizer.new State(manager, List.of(parameter))) {
                for (int t = 0; t < one.getAsJsonArray("parameters").size(); t++) {
                    double rate = one.get("schedule").isJsonNull() ? optimizer.learningRate() : new Cosine(T_MAX).rate(optimizer.learningRate(), t);
                    state.step(List.of(manager.create(Formula.uniform("gradient" + (t + 1), PARAMETERS)).div(2)), rate);
                    double[] expected = TrainingOracle.doubles(one.getAsJsonArray("parameters").get(t).getAsJsonArray());
                    float[] values = parameter.toFloatArray();
                    for (int i = 0; i < PARAMETERS; i++) {
                        assertEquals(expected[i], values[i], 1e-6 * Math.max(0.1, Math.abs(expected[i])), "parameter " + i + " after step " + (t + 1));
                    }
                }
            }
        }
    }
}
