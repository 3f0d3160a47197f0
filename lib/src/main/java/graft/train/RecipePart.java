package graft.train;

import com.google.gson.JsonObject;
import com.google.gson.reflect.TypeToken;
import graft.InputException;
import graft.Limits;
import graft.augment.BatchTransform;
import graft.augment.Pipeline;
import graft.backbone.Head;
import graft.data.Split;
import graft.torch.Precision;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One setting of a recipe: what is needed to copy it, write it and read it. A setting that is null is not written, and is null if it
 * is not there.
 *
 * @param name in {@code recipe.json}
 */
record RecipePart<T>(String name, TypeToken<T> type, Function<Recipe, T> get, BiConsumer<Recipe, T> set) {
    /** Every setting but the pictures and the backbones, in the order of the JSON. */
    static final List<RecipePart<?>> ALL = List.of(
        RecipePart.of("join", Ensemble.class, recipe -> recipe.join, (recipe, value) -> recipe.join = value),
        RecipePart.of("split", Split.class, recipe -> recipe.split, (recipe, value) -> recipe.split = value),
        RecipePart.of("train", Pipeline.class, recipe -> recipe.train, (recipe, value) -> recipe.train = value),
        RecipePart.of("evaluate", Pipeline.class, recipe -> recipe.evaluate, (recipe, value) -> recipe.evaluate = value),
        RecipePart.of("test", Pipeline.class, recipe -> recipe.test, (recipe, value) -> recipe.test = value),
        new RecipePart<>("mixing", new TypeToken<List<BatchTransform>>() { }, recipe -> recipe.mixing, (recipe, value) -> recipe.mixing = value),
        RecipePart.of("head", Head.class, recipe -> recipe.head, (recipe, value) -> recipe.head = value),
        RecipePart.of("dropPath", Double.class, recipe -> recipe.dropPath, (recipe, value) -> recipe.dropPath = value),
        RecipePart.of("dropout", Double.class, recipe -> recipe.dropout, (recipe, value) -> recipe.dropout = value),
        RecipePart.of("trainable", Trainable.class, recipe -> recipe.trainable, (recipe, value) -> recipe.trainable = value),
        RecipePart.of("optimizer", Optimizer.class, recipe -> recipe.optimizer, (recipe, value) -> recipe.optimizer = value),
        new RecipePart<>("parameters", new TypeToken<List<ParameterRule>>() { }, recipe -> recipe.rules, (recipe, value) -> recipe.rules = value),
        RecipePart.of("decay", DecayRule.class, recipe -> recipe.decay, (recipe, value) -> recipe.decay = value),
        RecipePart.of("schedule", Schedule.class, recipe -> recipe.schedule, (recipe, value) -> recipe.schedule = value),
        RecipePart.of("loss", Loss.class, recipe -> recipe.loss, (recipe, value) -> recipe.loss = value),
        RecipePart.of("clipping", GradientClipping.class, recipe -> recipe.clipping, (recipe, value) -> recipe.clipping = value),
        RecipePart.of("ema", Ema.class, recipe -> recipe.ema, (recipe, value) -> recipe.ema = value),
        RecipePart.of("epochs", Integer.class, recipe -> recipe.epochs, (recipe, value) -> recipe.epochs = Limits.atLeast(1, "epochs", value)),
        RecipePart.of("patience", Integer.class, recipe -> recipe.patience, (recipe, value) -> recipe.patience = value),
        RecipePart.of("batch", Integer.class, recipe -> recipe.batch, (recipe, value) -> recipe.batch = Limits.atLeast(1, "batch", value)),
        RecipePart.of("accumulate", Integer.class, recipe -> recipe.accumulate, (recipe, value) -> recipe.accumulate = Limits.atLeast(1, "accumulate", value)),
        RecipePart.of("seed", Long.class, recipe -> recipe.seed, (recipe, value) -> recipe.seed = value),
        RecipePart.of("precision", Precision.class, recipe -> recipe.precision, (recipe, value) -> recipe.precision = value),
        RecipePart.of("shrunkFrom", String.class, recipe -> recipe.shrunkFrom, (recipe, value) -> recipe.shrunkFrom = value));

    static <T> RecipePart<T> of(String name, Class<T> type, Function<Recipe, T> get, BiConsumer<Recipe, T> set) {
        return new RecipePart<>(name, TypeToken.get(type), get, set);
    }

    void copy(Recipe from, Recipe to) {
        set.accept(to, get.apply(from));
    }

    void write(Recipe recipe, JsonObject json) {
        T value = get.apply(recipe);
        if (value != null) {
            json.add(name, RecipeJson.write(type, value));
        }
    }

    /** @throws InputException if it is not there, and the recipe cannot do without it, or cannot be read */
    void read(JsonObject json, Recipe recipe) {
        if (json.has(name)) {
            try {
                set.accept(recipe, RecipeJson.read(type, json.get(name)));
            } catch (InputException wrong) {
                throw new InputException("its " + name + ": " + wrong.getMessage(), wrong);
            }
        } else if (get.apply(recipe) != null) {
            throw new InputException("it has no " + name + "; a recipe of this version has one");
        }
    }
}
