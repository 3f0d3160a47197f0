package graft.train;

import com.google.gson.JsonObject;
import com.google.gson.reflect.TypeToken;
import graft.InputException;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One setting of a recipe: what is needed to copy it, write it and read it. A setting that is null is not written, and is null if it
 * is not there.
 *
 * @param name in {@code recipe.json}
 */
record RecipePart<T>(String name, TypeToken<T> type, Function<Recipe, T> get, BiConsumer<Recipe, T> set) {
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
