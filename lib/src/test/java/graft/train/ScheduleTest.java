package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class ScheduleTest {
    private static final Moment BEGIN = new Moment(0, 0, 7, 1, List.of());

    /** A schedule by torch's name and options. */
    private static Schedule of(String name, JsonObject options) {
        return switch (name) {
            case "CosineAnnealingLR" -> Schedule.cosine(options.get("T_max").getAsInt(), number(options, "eta_min", 0));
            case "StepLR" -> Schedule.step(options.get("step_size").getAsInt(), number(options, "gamma", 0.1));
            case "MultiStepLR" -> Schedule.multiStep(options.getAsJsonArray("milestones").asList().stream().map(JsonElement::getAsInt).toList(), number(options, "gamma", 0.1));
            case "ExponentialLR" -> Schedule.exponential(number(options, "gamma", 1));
            case "LinearLR" -> Schedule.linear(number(options, "start_factor", 1.0 / 3), number(options, "end_factor", 1), options.get("total_iters").getAsInt());
            case "OneCycleLR" -> {
                OneCycle cycle = Schedule.oneCycle().pctStart(number(options, "pct_start", 0.3)).divFactors(number(options, "div_factor", 25), number(options, "final_div_factor", 1e4));
                cycle = options.has("anneal_strategy") ? cycle.anneal(OneCycle.Anneal.LINEAR) : cycle;
                yield options.has("three_phase") ? cycle.inThreePhases() : cycle;
            }
            case "ReduceLROnPlateau" -> {
                Plateau plateau = Schedule.reduceOnPlateau(number(options, "factor", 0.1), (int) number(options, "patience", 10));
                plateau = plateau.threshold(number(options, "threshold", 1e-4), options.has("threshold_mode") ? Plateau.Threshold.ABS : Plateau.Threshold.REL);
                yield plateau.cooldown((int) number(options, "cooldown", 0)).minRate(number(options, "min_lr", 0));
            }
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static double number(JsonObject options, String name, double otherwise) {
        return options.has(name) ? options.get(name).getAsDouble() : otherwise;
    }

    @TestFactory
    Stream<DynamicTest> equalPyTorch() throws Exception {
        List<JsonObject> cases = TrainingOracle.read().getAsJsonArray("schedules").asList().stream().map(JsonElement::getAsJsonObject).toList();
        assertEquals(9, cases.size());
        return cases.stream().map(one -> DynamicTest.dynamicTest(one.get("schedule").getAsString() + " " + one.get("options"), () -> rates(one)));
    }

    private static void rates(JsonObject one) {
        JsonObject options = one.getAsJsonObject("options");
        Schedule schedule = of(one.get("schedule").getAsString(), options);
        double base = options.has("max_lr") ? options.get("max_lr").getAsDouble() : one.get("base_lr").getAsDouble();
        double[] rates = TrainingOracle.doubles(one.get("lr"));
        int epochs = options.has("total_steps") ? options.get("total_steps").getAsInt() : rates.length;
        JsonArray losses = one.getAsJsonArray("metric");
        List<Double> seen = new ArrayList<>();
        for (int epoch = 0; epoch < rates.length; epoch++) {
            if (losses != null) {
                seen.add(losses.get(epoch).getAsDouble());
            }
            assertEquals(rates[epoch], schedule.rate(base, new Moment(epoch, 0, 5, epochs, seen)), 1e-9, "epoch " + epoch);
            assertEquals(rates[epoch], schedule.rate(base, new Moment(epoch, 4, 5, epochs, seen)), 1e-9, "the last step of epoch " + epoch);
            if (losses == null) {
                assertEquals(rates[epoch], schedule.everyStep().rate(base, new Moment(epoch / 2, epoch % 2, 2, epochs / 2, seen)), 1e-9, "step " + epoch);
            }
        }
    }
}
