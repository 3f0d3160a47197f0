package graft.augment;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.InputException;
import java.util.Set;

/** The arguments of one transform of a recipe. What is missing or of the wrong kind ends in one of the exceptions that {@link TransformJson} explains. */
final class Arguments {
    private final JsonObject json;

    Arguments(JsonObject json) {
        this.json = json;
    }

    String name() {
        return json.get("name").getAsString();
    }

    /** Refuses arguments of other names. */
    Arguments allow(String... known) {
        for (String key : json.keySet()) {
            if (!key.equals("name") && !Set.of(known).contains(key)) {
                throw new InputException("the transform " + json + " has no argument " + key + "; "
                    + (known.length == 0 ? "none" : String.join(", ", known)) + " would be right");
            }
        }
        return this;
    }

    boolean has(String name) {
        return json.has(name);
    }

    boolean isList(String name) {
        return json.get(name).isJsonArray();
    }

    int integer(String name) {
        return integer(json.get(name));
    }

    int integer(String name, int otherwise) {
        return has(name) ? integer(name) : otherwise;
    }

    double number(String name) {
        return json.get(name).getAsDouble();
    }

    double number(String name, double otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    boolean truth(String name, boolean otherwise) {
        return has(name) ? json.get(name).getAsBoolean() : otherwise;
    }

    String text(String name, String otherwise) {
        return has(name) ? json.get(name).getAsString() : otherwise;
    }

    /** Height (0) or width (1) of a size: two numbers, or one for a square. */
    int side(String name, int side) {
        return isList(name) ? integer(list(name, 2).get(side)) : integer(name);
    }

    /** Two numbers, the lower first, or one for −number to number. */
    Range range(String name) {
        return isList(name) ? pair(name, 0) : Range.symmetric(number(name));
    }

    /** The same; {@code otherwise} where it is left out. */
    Range range(String name, Range otherwise) {
        return has(name) ? range(name) : otherwise;
    }

    /** The numbers at {@code from} and after it. */
    Range pair(String name, int from) {
        JsonArray list = json.getAsJsonArray(name);
        return new Range(list.get(from).getAsDouble(), list.get(from + 1).getAsDouble());
    }

    /** How many values an argument has. */
    int length(String name) {
        return isList(name) ? json.getAsJsonArray(name).size() : 1;
    }

    /** One of the whole numbers of an argument. */
    int element(String name, int index) {
        return isList(name) ? integer(json.getAsJsonArray(name).get(index)) : integer(name);
    }

    /** x and y; null where it is left out. */
    Point point(String name) {
        return has(name) ? new Point(list(name, 2).get(0).getAsDouble(), list(name, 2).get(1).getAsDouble()) : null;
    }

    Interpolation interpolation(Interpolation otherwise) {
        return Interpolation.of(text("interpolation", otherwise.toString()));
    }

    /** A grey level, or red, green and blue. */
    Fill fill(String name, Fill otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        if (!isList(name)) {
            return Fill.grey(integer(name));
        }
        JsonArray levels = list(name, 3);
        return new Fill(integer(levels.get(0)), integer(levels.get(1)), integer(levels.get(2)));
    }

    private JsonArray list(String name, int length) {
        JsonArray list = json.getAsJsonArray(name);
        if (list.size() != length) {
            throw new InputException("the transform " + json + " has " + list.size() + " values of " + name + "; " + length + " would be right");
        }
        return list;
    }

    /** Whole numbers only: 2.5 is refused, not cut off. */
    private static int integer(JsonElement element) {
        return element.getAsBigDecimal().intValueExact();
    }

    @Override public String toString() {
        return json.toString();
    }
}
