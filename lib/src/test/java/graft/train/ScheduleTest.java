package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.InputException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class ScheduleTest {
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
            case "sequential" -> Schedule.cosine(options.get("T_max").getAsInt(), number(options, "eta_min", 0)).afterWarmup(options.get("warmup").getAsInt(), number(options, "start_factor", 1));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static double number(JsonObject options, String name, double otherwise) {
        return options.has(name) ? options.get(name).getAsDouble() : otherwise;
    }

    @TestFactory
    Stream<DynamicTest> equalPyTorch() throws Exception {
        List<JsonObject> cases = new ArrayList<>();
        for (String file : List.of("training.json", "training-more.json")) {
            TrainingOracle.read(file).getAsJsonArray("schedules").forEach(one -> cases.add(one.getAsJsonObject()));
        }
        assertEquals(9 + 19, cases.size());
        return cases.stream().map(one -> DynamicTest.dynamicTest(one.get("schedule").getAsString() + " " + one.get("options"), () -> rates(one)));
    }

    private static void rates(JsonObject one) {
        JsonObject options = one.getAsJsonObject("options");
        Schedule schedule = of(one.get("schedule").getAsString(), options);
        double base = options.has("max_lr") ? options.get("max_lr").getAsDouble() : one.get("base_lr").getAsDouble();
        double[] rates = TrainingOracle.doubles(one.get("lr"));
        int epochs = options.has("total_steps") ? options.get("total_steps").getAsInt() : rates.length;
        JsonArray losses = one.getAsJsonArray("metric");
        int divisor = epochs % 2 == 0 ? 2 : epochs % 3 == 0 ? 3 : 1;
        List<Double> seen = new ArrayList<>();
        for (int epoch = 0; epoch < rates.length; epoch++) {
            if (losses != null) {
                seen.add(losses.get(epoch).isJsonNull() ? Double.NaN : losses.get(epoch).getAsDouble());
            }
            assertEquals(rates[epoch], schedule.rate(base, new Moment(epoch, 0, 5, epochs, seen)), 1e-9, "epoch " + epoch);
            assertEquals(rates[epoch], schedule.rate(base, new Moment(epoch, 4, 5, epochs, seen)), 1e-9, "the last step of epoch " + epoch);
            if (losses == null) {
                assertEquals(rates[epoch], schedule.everyStep().rate(base, new Moment(epoch / divisor, epoch % divisor, divisor, epochs / divisor, seen)), 1e-9, "step " + epoch);
            }
        }
    }

    /** What says nothing of its length lasts as long as the training, or what is left of it, in epochs or in steps. */
    @Test
    void theLengthOfTheTrainingIsKnown() {
        for (int epoch = 0; epoch < 12; epoch++) {
            Moment moment = new Moment(epoch, 2, 4, 12, List.of());
            assertEquals(Schedule.cosine(12).rate(0.1, moment), Schedule.cosine().rate(0.1, moment));
            assertEquals(Schedule.cosine(48).everyStep().rate(0.1, moment), Schedule.cosine().everyStep().rate(0.1, moment));
            assertEquals(Schedule.cosine(9).afterWarmup(3, 0.1).rate(0.1, moment), Schedule.cosine().afterWarmup(3, 0.1).rate(0.1, moment));
            assertEquals(Schedule.cosine(41).afterWarmup(7, 0.1).everyStep().rate(0.1, moment), Schedule.cosine().afterWarmup(7, 0.1).everyStep().rate(0.1, moment));
            assertEquals(0.1, Schedule.constant().rate(0.1, moment));
        }
    }

    /** One that has nothing to save gives the same rate when it is asked again, and from a fresh object. */
    @Test
    void aPlateauForgetsNothingAndRemembersNothing() {
        List<Double> losses = List.of(1.0, 1.1, 1.2, 0.9, 1.0, 1.0, 1.0);
        Schedule plateau = Schedule.reduceOnPlateau(0.5, 1);
        assertEquals(0.1, plateau.rate(0.1, new Moment(2, 0, 1, 9, losses.subList(0, 2))));
        assertEquals(0.05, plateau.rate(0.1, new Moment(3, 0, 1, 9, losses.subList(0, 3))));
        assertEquals(0.025, plateau.rate(0.1, new Moment(7, 0, 1, 9, losses)));
        assertEquals(0.05, plateau.rate(0.1, new Moment(3, 0, 1, 9, losses.subList(0, 3))));
        assertEquals(0.1, plateau.afterWarmup(2, 0.5).rate(0.1, new Moment(4, 0, 1, 9, losses.subList(0, 3))), "losses of the warm-up do not count");
    }

    @Test
    void impossibleNumbersAreRefused() {
        for (Executable wrong : List.<Executable>of(() -> Schedule.cosine(0), () -> Schedule.cosine(3, -1), () -> Schedule.step(0, 0.1), () -> Schedule.exponential(0),
            () -> Schedule.multiStep(List.of(3, 2), 0.1), () -> Schedule.linear(-1, 1, 3), () -> Schedule.linear(0, 1, 0), () -> Schedule.oneCycle().pctStart(1.1),
            () -> Schedule.oneCycle().divFactors(0, 1), () -> Schedule.reduceOnPlateau(1, 3), () -> Schedule.reduceOnPlateau(0.1, -1), () -> Schedule.cosine().afterWarmup(0, 0.1),
            () -> Schedule.cosine().afterWarmup(3, Double.NaN), () -> Schedule.reduceOnPlateau(0.1, 1).everyStep(), () -> Schedule.reduceOnPlateau(0.1, 1).afterWarmup(2, 0).everyStep())) {
            assertThrows(InputException.class, wrong);
        }
        assertEquals("T_max is 0; it has to be 1 or more", assertThrows(InputException.class, () -> Schedule.cosine(0)).getMessage());
    }
}
