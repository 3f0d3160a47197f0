package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.reflect.TypeToken;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Every optimizer, schedule and loss is read back as it was written. */
class TrainingPartsJsonTest {
    private static final List<Optimizer> OPTIMIZERS = List.of(Optimizer.sgd(0.1).momentum(0.9).dampening(0.2).weightDecay(1e-4), Optimizer.sgd(0.1).momentum(0.9).withNesterov(),
        Optimizer.adam(1e-3).withAmsgrad(), Optimizer.adamW(5e-4).betas(0.8, 0.95).epsilon(1e-6).weightDecay(0.05));
    private static final List<Schedule> SCHEDULES = List.of(Schedule.constant(), Schedule.step(3, 0.1), Schedule.multiStep(List.of(4, 9), 0.1), Schedule.exponential(0.9),
        Schedule.linear(0.1, 1, 5), Schedule.cosine(), Schedule.cosine(6, 1e-6), Schedule.oneCycle().anneal(OneCycle.Anneal.LINEAR).inThreePhases(),
        Schedule.reduceOnPlateau(0.5, 2).threshold(0.1, Plateau.Threshold.ABS).cooldown(1).minRate(1e-6), Schedule.cosine().afterWarmup(5, 0.01), Schedule.cosine().afterWarmup(5, 0.01).everyStep());
    private static final List<Loss> LOSSES = List.of(Loss.crossEntropy(), Loss.crossEntropy().labelSmoothing(0.1).classWeights(List.of(1.0, 2.5)), Loss.hardDistillation().share(0.3),
        Loss.softDistillation(3, 0.7).labels(Loss.crossEntropy().labelSmoothing(0.1)));

    private static <T> void readBack(Class<T> family, List<T> parts) {
        assertEquals(Arrays.stream(family.getPermittedSubclasses()).collect(Collectors.toSet()), parts.stream().map(Object::getClass).collect(Collectors.toSet()), "one of each kind");
        Set<String> texts = new HashSet<>();
        for (T part : parts) {
            assertEquals(part, RecipeJson.read(TypeToken.get(family), RecipeJson.write(TypeToken.get(family), part)));
            texts.add(part.toString());
        }
        assertEquals(parts.size(), texts.size(), "each prints as what it is: " + texts);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        readBack(Optimizer.class, OPTIMIZERS);
        readBack(Schedule.class, SCHEDULES);
        readBack(Loss.class, LOSSES);
    }
}
