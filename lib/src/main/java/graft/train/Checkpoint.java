package graft.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import graft.InputException;
import graft.torch.StateDict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.TreeMap;

/**
 * Where one training stands, complete: a training that is killed and goes on from its last checkpoint ends with the same bits as
 * one that never was. Immutable; {@link CheckpointFolder} says how it lies on disk.
 *
 * @param recipe the hash of what is trained: a checkpoint of anything else is refused
 * @param epoch under way, from 0; as many as there are when the training has finished
 * @param step of the epoch that comes next, from 0
 * @param numbers the epoch's running sums, and whatever else is a number (whole ones to 2⁵³); any double, kept to the bit
 * @param history the finished epochs, kept to the bit
 * @param best the index of the best epoch so far, from 0; −1 for none
 * @param finished whether nothing is left to train
 * @param tensors by group ({@code network}, {@code optimizer}, {@code ema}, {@code best}) and name
 */
public record Checkpoint(String recipe, int epoch, int step, Map<String, Double> numbers, History history, int best, boolean finished,
                         Map<String, StateDict> tensors) {
    private static final String FORMAT = "graft checkpoint 1";
    /** JSON knows neither NaN nor infinity: those are texts. Java's text of a finite double leads back to its very bits. */
    private static final TypeAdapter<Double> ANY_DOUBLE = new TypeAdapter<>() {
        @Override
        public void write(JsonWriter out, Double value) throws IOException {
            if (Double.isFinite(value)) {
                out.value(value);
            } else {
                out.value(Double.toString(value));
            }
        }

        @Override
        public Double read(JsonReader in) throws IOException {
            return Double.valueOf(in.nextString());
        }
    };
    private static final Gson GSON = new GsonBuilder().registerTypeAdapter(double.class, ANY_DOUBLE).registerTypeAdapter(Double.class, ANY_DOUBLE).create();

    public Checkpoint {
        numbers = Collections.unmodifiableMap(new TreeMap<>(numbers)); // sorted, so that equal checkpoints are equal files
        tensors = Collections.unmodifiableMap(new TreeMap<>(tensors));
        for (String group : tensors.keySet()) {
            if (group.isEmpty() || group.contains("/")) {
                throw new IllegalArgumentException("a group called " + group);
            }
        }
    }

    /**
     * Writes the checkpoint into {@code folder}, which is made where it is missing, in place of the one that is there. Whenever the
     * process is killed, {@link #read} finds one of the two, whole. An interrupt does not end the writing. One process at a time.
     *
     * @throws InputException if it cannot be written; the one before is still there then
     */
    public void write(Path folder) {
        JsonObject json = new JsonObject();
        json.addProperty("format", FORMAT);
        json.addProperty("recipe", recipe);
        json.addProperty("epoch", epoch);
        json.addProperty("step", step);
        json.addProperty("best", best);
        json.addProperty("finished", finished);
        json.add("numbers", GSON.toJsonTree(numbers));
        json.add("history", GSON.toJsonTree(history.epochs()));
        json.add("groups", GSON.toJsonTree(new ArrayList<>(tensors.keySet())));
        StateDict all = new StateDict(folder.toString());
        tensors.forEach((group, state) -> state.names().forEach(name -> all.put(group + "/" + name, state.get(name))));
        CheckpointFolder.write(folder, json, all);
    }

    /**
     * The last checkpoint that was written into {@code folder}. Its tensors lie in a mapped file, and stay readable when the next
     * checkpoint takes its place.
     *
     * @param recipe the hash that it has to have
     * @return empty where there is none
     * @throws InputException if it is damaged, or belongs to another recipe
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     */
    public static Optional<Checkpoint> read(Path folder, String recipe) {
        return CheckpointFolder.description(folder).map(json -> {
            try {
                return of(folder, json, recipe);
            } catch (CancellationException interrupted) { // is an IllegalStateException, too, and says nothing of the file
                throw interrupted;
            } catch (IllegalStateException | NullPointerException | UnsupportedOperationException | IllegalArgumentException | IndexOutOfBoundsException
                | JsonParseException foreign) { // what a description of another form leads to
                throw CheckpointFolder.damaged(folder, "it lacks something", foreign);
            }
        });
    }

    private static Checkpoint of(Path folder, JsonObject json, String recipe) {
        String format = json.get("format").getAsString();
        if (!format.equals(FORMAT)) {
            throw new InputException("the checkpoint in " + folder + " has the form \"" + format + "\", and this version of Graft reads \"" + FORMAT
                + "\"; go on with the version that wrote it, or begin a new run");
        }
        String own = json.get("recipe").getAsString();
        if (!own.equals(recipe)) {
            throw new InputException("the checkpoint in " + folder + " belongs to recipe " + own + ", and this one is " + recipe
                + "; go on with the recipe that it was written by, or choose another folder");
        }
        History history = new History();
        for (JsonElement epoch : json.getAsJsonArray("history")) {
            history.add(GSON.fromJson(epoch, History.Epoch.class));
        }
        Map<String, StateDict> tensors = new LinkedHashMap<>();
        for (JsonElement group : json.getAsJsonArray("groups")) {
            tensors.put(group.getAsString(), new StateDict(folder.toString()));
        }
        StateDict all = CheckpointFolder.tensors(folder, json);
        for (String name : all.names()) {
            int slash = name.indexOf('/');
            tensors.get(name.substring(0, slash)).put(name.substring(slash + 1), all.get(name));
        }
        Map<String, Double> numbers = GSON.fromJson(json.get("numbers"), new TypeToken<LinkedHashMap<String, Double>>() { }.getType());
        return new Checkpoint(own, json.get("epoch").getAsInt(), json.get("step").getAsInt(), numbers, history, json.get("best").getAsInt(),
            json.get("finished").getAsBoolean(), tensors);
    }

    /** Whether a checkpoint is in {@code folder}, good or not. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(CheckpointFolder.DESCRIPTION));
    }

    /** Removes the checkpoint in {@code folder}, and the folder unless other things are in it. */
    public static void delete(Path folder) {
        CheckpointFolder.delete(folder);
    }
}
