package graft.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import graft.InputException;
import graft.augment.Pipeline;
import graft.data.Split;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The parts of a recipe as JSON, and back. A record is an object with a member for each component; if it belongs to a sealed family, such as {@link
 * Optimizer}, its first member is its name: {@code {"name": "AdamW", "learningRate": 0.001, …}}. An enum is its text. Components are numbers,
 * texts, truths, enums, records, families, and lists and maps of these.
 */
public final class RecipeJson {
    private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().registerTypeAdapterFactory(new Parts())
        .registerTypeAdapter(Split.class, new Part<>(Split::toJson, Split::fromJson)).registerTypeAdapter(Pipeline.class, new Part<>(Pipeline::toJson, Pipeline::fromJson)).create();
    private static final String NAME = "name";

    private RecipeJson() { }

    /** @param type the part's declared type, such as {@code Optimizer} or {@code List<BatchTransform>} */
    public static <T> JsonElement write(TypeToken<T> type, T part) {
        return GSON.getAdapter(type).toJsonTree(part);
    }

    /** @throws InputException for an unknown name, and arguments that are missing, too many or of another kind */
    public static <T> T read(TypeToken<T> type, JsonElement json) {
        return value(GSON.getAdapter(type), type.getRawType(), json, "it");
    }

    /** The records of a sealed family. */
    private static List<Class<?>> members(Class<?> family) {
        List<Class<?>> members = new ArrayList<>();
        for (Class<?> member : family.getPermittedSubclasses()) {
            if (member.isSealed()) {
                members.addAll(members(member));
            } else {
                members.add(member);
            }
        }
        return members;
    }

    private static boolean inFamily(Class<?> record) {
        return Arrays.stream(record.getInterfaces()).anyMatch(Class::isSealed);
    }

    private static <T> T value(TypeAdapter<T> adapter, Class<? super T> type, JsonElement json, String what) {
        try {
            if (kindFits(type, json)) {
                return adapter.fromJsonTree(json);
            }
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException | NumberFormatException wrong) {
            throw new InputException(what + " cannot be " + json + "; " + kind(type) + " would be right", wrong);
        }
        throw new InputException(what + " cannot be " + json + "; " + kind(type) + " would be right");
    }

    /** Gson takes {@code "yes"} for false, null for 0, and 1.5 for 1. */
    private static boolean kindFits(Class<?> type, JsonElement json) {
        JsonPrimitive scalar = json.isJsonPrimitive() ? json.getAsJsonPrimitive() : null;
        if (type == boolean.class || type == Boolean.class) {
            return scalar != null && scalar.isBoolean();
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return scalar != null && scalar.isNumber() && (!whole(type) || fits(type, scalar.getAsBigDecimal()));
        }
        return type != String.class || json.isJsonNull() || scalar != null && scalar.isString();
    }

    private static boolean whole(Class<?> type) {
        return type == int.class || type == long.class || type == Integer.class || type == Long.class;
    }

    private static boolean fits(Class<?> type, BigDecimal number) {
        try {
            long value = type == int.class || type == Integer.class ? number.intValueExact() : number.longValueExact();
            return number.compareTo(BigDecimal.valueOf(value)) == 0;
        } catch (ArithmeticException fractionOrTooLarge) {
            return false;
        }
    }

    private static String kind(Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return whole(type) ? "a whole number" : "a number";
        }
        return type == String.class ? "a text" : "another " + type.getSimpleName();
    }

    /** Adapters for enums, records and sealed families; Gson has those for all else. */
    private static final class Parts implements TypeAdapterFactory {
        @Override
        @SuppressWarnings("unchecked")
        public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
            Class<? super T> raw = type.getRawType();
            if (raw.isEnum()) {
                return new Part<>(value -> new JsonPrimitive(value.toString()), json -> (T) constant(raw, json));
            }
            if (raw.isRecord()) {
                return new Part<>(value -> object(gson, (Record) value), json -> (T) record(gson, raw, json.getAsJsonObject()));
            }
            if (raw.isSealed()) {
                return new Part<>(value -> object(gson, (Record) value), json -> (T) member(gson, raw, json));
            }
            return null;
        }

        private static Object constant(Class<?> type, JsonElement json) {
            return Arrays.stream(type.getEnumConstants()).filter(constant -> constant.toString().equals(json.getAsString())).findFirst()
                .orElseThrow(() -> new InputException("there is no " + type.getSimpleName() + " called " + json.getAsString() + "; "
                    + Arrays.stream(type.getEnumConstants()).map(Object::toString).collect(Collectors.joining(", ")) + " would be right"));
        }

        private static Object member(Gson gson, Class<?> family, JsonElement json) {
            JsonElement name = json.isJsonObject() ? json.getAsJsonObject().get(NAME) : null;
            List<Class<?>> members = members(family);
            String text = name != null && name.isJsonPrimitive() ? name.getAsString() : null;
            Class<?> member = members.stream().filter(one -> one.getSimpleName().equals(text)).findFirst()
                .orElseThrow(() -> new InputException((text == null ? json + " does not name its " + family.getSimpleName() : "there is no " + family.getSimpleName() + " called " + text)
                    + "; " + members.stream().map(Class::getSimpleName).collect(Collectors.joining(", ")) + " would be right"));
            return record(gson, member, json.getAsJsonObject());
        }

        @SuppressWarnings("unchecked")
        private static JsonObject object(Gson gson, Record record) {
            JsonObject json = new JsonObject();
            if (inFamily(record.getClass())) {
                json.addProperty(NAME, record.getClass().getSimpleName());
            }
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                try {
                    component.getAccessor().setAccessible(true);
                    TypeAdapter<Object> adapter = (TypeAdapter<Object>) gson.getAdapter(TypeToken.get(component.getGenericType()));
                    json.add(component.getName(), adapter.toJsonTree(component.getAccessor().invoke(record)));
                } catch (ReflectiveOperationException impossible) {
                    throw new IllegalStateException(record.getClass() + " hides its " + component.getName(), impossible);
                }
            }
            return json;
        }

        @SuppressWarnings("unchecked")
        private static Object record(Gson gson, Class<?> type, JsonObject json) {
            RecordComponent[] components = type.getRecordComponents();
            List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
            String right = names.isEmpty() ? "it has none" : String.join(", ", names) + " would be right";
            for (String given : json.keySet()) {
                if (!names.contains(given) && !(given.equals(NAME) && inFamily(type))) {
                    throw new InputException(type.getSimpleName() + " has no argument " + given + "; " + right);
                }
            }
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                JsonElement given = json.get(names.get(i));
                if (given == null) {
                    throw new InputException(type.getSimpleName() + " is given no " + names.get(i) + "; " + right);
                }
                TypeToken<Object> token = (TypeToken<Object>) TypeToken.get(components[i].getGenericType());
                values[i] = value(gson.getAdapter(token), token.getRawType(), given, names.get(i) + " of " + type.getSimpleName());
            }
            return create(type, components, values, json);
        }

        private static Object create(Class<?> type, RecordComponent[] components, Object[] values, JsonObject json) {
            try {
                var constructor = type.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
                constructor.setAccessible(true);
                return constructor.newInstance(values);
            } catch (InvocationTargetException refused) {
                if (refused.getCause() instanceof InputException sentence) {
                    throw sentence;
                }
                throw new InputException(type.getSimpleName() + " cannot be made of " + json + " (" + refused.getCause().getMessage() + "); give it arguments that it can have", refused);
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException(type + " cannot be made", impossible);
            }
        }
    }

    /** An adapter between values and trees. */
    private static final class Part<T> extends TypeAdapter<T> {
        private final Function<T, JsonElement> write;
        private final Function<JsonElement, T> read;

        Part(Function<T, JsonElement> write, Function<JsonElement, T> read) {
            this.write = write;
            this.read = read;
        }

        @Override
        public void write(JsonWriter out, T value) throws IOException {
            if (value == null) {
                out.nullValue();
            } else {
                GSON.getAdapter(JsonElement.class).write(out, write.apply(value));
            }
        }

        @Override
        public T read(JsonReader in) throws IOException {
            JsonElement json = GSON.getAdapter(JsonElement.class).read(in);
            return json.isJsonNull() ? null : read.apply(json);
        }
    }
}
