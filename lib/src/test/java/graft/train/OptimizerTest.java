package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.oracle.Formula;
import graft.torch.Libtorch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class OptimizerTest {
    private static final int PARAMETERS = 12;

    /** An optimizer by torch's name and options. */
    static Optimizer of(String kind, JsonObject options) {
        double rate = options.get("lr").getAsDouble();
        double eps = options.has("eps") ? options.get("eps").getAsDouble() : 1e-8;
        JsonArray betas = options.getAsJsonArray("betas");
        double beta1 = betas == null ? 0.9 : betas.get(0).getAsDouble();
        double beta2 = betas == null ? 0.999 : betas.get(1).getAsDouble();
        boolean amsgrad = options.has("amsgrad");
        return switch (kind) {
            case "SGD" -> new Sgd(rate, number(options, "momentum"), number(options, "dampening"), options.has("nesterov"), number(options, "weight_decay"));
            case "Adam" -> new Adam(rate, beta1, beta2, eps, number(options, "weight_decay"), amsgrad);
            default -> new AdamW(rate, beta1, beta2, eps, options.has("weight_decay") ? number(options, "weight_decay") : Optimizer.adamW(rate).weightDecay(), amsgrad);
        };
    }

    private static double number(JsonObject options, String name) {
        return options.has(name) ? options.get(name).getAsDouble() : 0;
    }

    @TestFactory
    Stream<DynamicTest> tenStepsEqualPyTorch() throws Exception {
        List<JsonObject> cases = TrainingOracle.read().getAsJsonArray("optimizers").asList().stream().map(JsonElement::getAsJsonObject).toList();
        assertEquals(25, cases.size());
        return cases.stream().map(one -> DynamicTest.dynamicTest(
            one.get("optimizer").getAsString() + " " + one.get("options") + " " + one.get("schedule") + " " + one.get("clip_grad_norm"), () -> steps(one)));
    }

    private static void steps(JsonObject one) {
        Optimizer optimizer = of(one.get("optimizer").getAsString(), one.getAsJsonObject("options"));
        Schedule schedule = !one.has("schedule") || one.get("schedule").isJsonNull() ? Schedule.constant() : Schedule.cosine(6).everyStep();
        try (NDManager manager = Libtorch.manager()) {
            NDArray parameter = manager.create(Formula.uniform("parameter", PARAMETERS));
            try (OptimizerState state = optimizer.start(manager, Map.of("p", parameter))) {
                for (int t = 0; t < 10; t++) {
                    List<NDArray> gradients = List.of(manager.create(Formula.uniform("gradient" + (t + 1), PARAMETERS)).div(2));
                    if (one.has("clip_grad_norm")) {
                        new GradientClipping(one.get("clip_grad_norm").getAsDouble()).clip(gradients);
                    }
                    state.step(gradients, schedule.rate(optimizer.learningRate(), new Moment(t / 4, t % 4, 4, 3, List.of())));
                    TrainingOracle.assertClose(one.getAsJsonArray("parameters").get(t), parameter, "step " + (t + 1));
                }
            }
        }
    }
}
