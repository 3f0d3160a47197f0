package graft.train;

import ai.djl.ndarray.types.Shape;
import graft.backbone.Backbone;

import java.util.Optional;

/** Which parameters a recipe trains, and how each is updated: its rules, its weight decay, its learning rates by stage. */
final class Updates {
    private Updates() { }

    /** Whether no rule freezes a parameter. */
    static boolean trains(Recipe recipe, String parameter) {
        return rule(recipe, parameter).map(rule -> !rule.frozen()).orElse(true);
    }

    /** How one parameter is updated. */
    static ParameterSetting setting(Recipe recipe, Trainee trainee, String parameter, Shape shape) {
        double rate = recipe.trainable.learningRate(trainee.stageOf(parameter), trainee.stages()) * rule(recipe, parameter).map(ParameterRule::learningRate).orElse(1.0);
        double usual = trainee.weightDecay(parameter).orElse(recipe.decay.decays(parameter, shape) ? recipe.optimizer.weightDecay() : 0);
        return new ParameterSetting(rate, rule(recipe, parameter).map(ParameterRule::weightDecay).orElse(usual));
    }

    /** How many parameters train in an epoch, counted from 0. */
    static long count(Recipe recipe, Backbone backbone, int epoch) {
        int first = recipe.trainable.firstStage(epoch, backbone.stages().size());
        return backbone.state().entrySet().stream().filter(entry -> entry.getValue().trains() && backbone.stageOf(entry.getKey()) >= first && trains(recipe, entry.getKey()))
            .mapToLong(entry -> entry.getValue().count()).sum();
    }

    private static Optional<ParameterRule> rule(Recipe recipe, String parameter) {
        return recipe.rules.stream().filter(rule -> rule.matches(parameter)).findFirst();
    }
}
