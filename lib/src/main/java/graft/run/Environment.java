package graft.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.InputException;
import graft.data.ImageFolder;
import graft.eval.Published;
import graft.torch.Libtorch;
import graft.train.Recipe;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where and how a run was made, as {@code environment.json} has it: what does not belong to the recipe, and is needed to repeat the run or to go on
 * with it.
 *
 * @param facts by name, such as {@code java}
 * @param published what the documented experiment reached
 */
record Environment(Map<String, String> facts, Published published) {
    private static final String DATA = "data";
    private static final String PER_CLASS = "pictures a class";
    private static final String UNREADABLE = "unreadable pictures";
    private static final String WEIGHTS = "weights of ";
    private static final String COMMAND = "command";
    private static final String PUBLISHED = "published";
    private static final String SCRIPT = "environment/jbang ";
    static final String NOTEBOOK = "the notebook ";
    private static final String VARIANTS = "--variants";

    static Environment of(Recipe recipe, Published published, String command) {
        Map<String, String> facts = machine();
        facts.put("time", LocalDateTime.now().toString());
        ImageFolder.Origin origin = recipe.data().origin();
        facts.put(DATA, origin.data());
        if (origin.perClass() > 0) {
            facts.put(PER_CLASS, Integer.toString(origin.perClass()));
        }
        if (origin.skipUnreadable()) {
            facts.put(UNREADABLE, "left out");
        }
        recipe.files().forEach((name, file) -> facts.put(WEIGHTS + name, file.toAbsolutePath().normalize().toString()));
        facts.put(COMMAND, command);
        return new Environment(facts, published);
    }

    private static Map<String, String> machine() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("graft", Version.text());
        facts.put("libtorch", Libtorch.version());
        facts.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " + System.getProperty("os.arch"));
        facts.put("device", "cpu, " + Runtime.getRuntime().availableProcessors() + " processors");
        return facts;
    }

    /** The same run on the present machine. */
    Environment resumed() {
        Map<String, String> all = new LinkedHashMap<>(facts);
        all.putAll(machine());
        all.put("resumed", LocalDateTime.now().toString());
        return new Environment(all, published);
    }

    /** The same when the run is over. */
    Environment with(Took took) {
        Map<String, String> all = new LinkedHashMap<>(facts);
        all.putAll(took.facts());
        return new Environment(all, published);
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        facts.forEach(json::addProperty);
        json.add(PUBLISHED, published.toJson());
        return json;
    }

    /** @throws InputException if something is missing */
    static Environment fromJson(Path file, JsonObject json) {
        Map<String, String> facts = new LinkedHashMap<>();
        json.entrySet().stream().filter(entry -> entry.getValue().isJsonPrimitive()).forEach(entry -> facts.put(entry.getKey(), entry.getValue().getAsString()));
        JsonElement published = json.get(PUBLISHED);
        if (!facts.containsKey(DATA) || !facts.containsKey(COMMAND) || published == null || !facts.getOrDefault(PER_CLASS, "0").matches("[0-9]{1,9}")) {
            throw new InputException(file + " does not say where the pictures are, so that the run cannot go on; begin a new one");
        }
        return new Environment(facts, Published.fromJson(published));
    }

    /** Where the pictures came from. */
    ImageFolder.Origin data() {
        return new ImageFolder.Origin(facts.get(DATA), Integer.parseInt(facts.getOrDefault(PER_CLASS, "0")), facts.containsKey(UNREADABLE));
    }

    /** The weights that were in files; see {@link Recipe#files}. */
    Map<String, Path> weights() {
        Map<String, Path> files = new LinkedHashMap<>();
        facts.forEach((name, value) -> {
            if (name.startsWith(WEIGHTS)) {
                files.put(name.substring(WEIGHTS.length()), Path.of(value));
            }
        });
        return files;
    }

    /** The one line of shell that does it again. */
    String command() {
        return facts.get(COMMAND);
    }

    /** Whether a script began it, or it was not begun by a script. */
    boolean isOf(String script) {
        return !command().startsWith(SCRIPT) || command().split(" ")[1].equals(script);
    }

    /** Whether a notebook's cell began it. */
    boolean isOfNotebook() {
        return command().startsWith(NOTEBOOK);
    }

    private boolean isOfVariants() {
        return command().startsWith(SCRIPT) && List.of(command().split(" ")).contains(VARIANTS);
    }

    /** How to go on with the run in a folder: a line of shell for what a script began, the same one for variants, the same cell for what a notebook did, else a line of Java. */
    String goOn(Path folder) {
        if (isOfVariants()) {
            return command();
        }
        if (isOfNotebook()) {
            return "with " + folder + ": run the cell again";
        }
        return command().startsWith(SCRIPT) ? SCRIPT + command().split(" ")[1] + " --resume " + Experiment.quoted(folder.toString())
            : "Run.resume(Path.of(\"" + folder.toString().replace("\\", "\\\\") + "\"))";
    }
}
