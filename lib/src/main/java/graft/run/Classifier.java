package graft.run;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.AtomicFile;
import graft.InputException;
import graft.Progress;
import graft.augment.Pipeline;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.WeightFit;
import graft.data.Picture;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.train.FineTuned;
import graft.train.Fit;
import graft.train.Recipe;
import graft.train.Trained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * A trained model, complete: the weights of every backbone with its new head, as torchvision names them ({@code
 * checkpoint/NAME.safetensors}, which loads in Python unchanged), the layer that joins them, the class names, and how pictures
 * are prepared.
 */
public final class Classifier implements AutoCloseable {
    private static final String DESCRIPTION = "classifier.json";
    private static final String JOINED = "joined.safetensors";

    private final List<String> classes;
    private final Pipeline evaluate;
    private final List<FineTuned> members;
    private final StateDict joined;

    private Classifier(List<String> classes, Pipeline evaluate, List<FineTuned> members, StateDict joined) {
        this.classes = classes;
        this.evaluate = evaluate;
        this.members = members;
        this.joined = joined;
    }

    /** Writes the model that a recipe gave into a folder. */
    static void save(Recipe recipe, Fit fit, Path folder) {
        JsonObject description = new JsonObject();
        JsonArray names = new JsonArray();
        recipe.data().classes().forEach(names::add);
        JsonArray backbones = new JsonArray();
        for (Recipe.Member member : recipe.members()) {
            StateDict whole = new StateDict(member.backbone());
            recipe.create(member).state().keySet().forEach(name -> whole.put(name, fit.members().get(member.backbone()).weights().get(name)));
            whole.writeSafetensors(folder.resolve(member.backbone() + ".safetensors"), Map.of("format", "pt"));
            JsonObject entry = new JsonObject();
            entry.addProperty("name", member.backbone());
            entry.addProperty("size", member.weights().preprocessing().crop());
            entry.add("mean", floats(member.weights().preprocessing().mean()));
            entry.add("std", floats(member.weights().preprocessing().std()));
            backbones.add(entry);
        }
        if (fit.members().size() > 1) {
            Trained result = fit.result();
            result.weights().writeSafetensors(folder.resolve(JOINED), Map.of("format", "pt"));
        }
        description.add("classes", names);
        description.add("evaluate", recipe.evaluate().toJson());
        description.addProperty("precision", recipe.precision().toString());
        description.add("backbones", backbones);
        AtomicFile.writeText(folder.resolve(DESCRIPTION), out -> new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(description, out));
    }

    private static JsonArray floats(List<Float> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    /**
     * Loads the model of a run.
     *
     * @param run the run's folder
     * @throws InputException if there is no model in it, or its files do not fit together
     */
    public static Classifier load(Path run) {
        Path folder = run.resolve("checkpoint");
        Path file = folder.resolve(DESCRIPTION);
        if (!Files.isRegularFile(file)) {
            throw new InputException("--model " + run + " holds no trained model (" + file + " is missing); give the folder of a finished run, such as runs/quickstart/…");
        }
        List<FineTuned> members = new ArrayList<>();
        try {
            JsonObject description = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            List<String> classes = description.getAsJsonArray("classes").asList().stream().map(JsonElement::getAsString).toList();
            Precision precision = Precision.of(description.get("precision").getAsString());
            for (JsonElement element : description.getAsJsonArray("backbones")) {
                JsonObject entry = element.getAsJsonObject();
                Backbone backbone = Backbones.create(entry.get("name").getAsString(), classes.size(), entry.get("size").getAsLong());
                StateDict state = StateDict.read(folder.resolve(backbone.backboneName() + ".safetensors"));
                WeightFit.check(backbone, state, true);
                members.add(new FineTuned(() -> Backbones.create(backbone.backboneName(), classes.size(), entry.get("size").getAsLong()), state, precision, floats(entry, "mean"), floats(entry, "std")));
            }
            StateDict joined = null;
            if (members.size() > 1) {
                joined = StateDict.read(folder.resolve(JOINED));
                if (!Arrays.equals(joined.get("weight").shape(), new long[] {classes.size(), (long) classes.size() * members.size()}) || joined.get("bias").count() != classes.size()) {
                    throw new IllegalStateException(JOINED + " has another shape");
                }
            }
            if (members.isEmpty()) {
                throw new IllegalStateException("it names no backbone");
            }
            return new Classifier(classes, Pipeline.fromJson(description.get("evaluate")), members, joined);
        } catch (InputException | CancellationException stopped) {
            members.forEach(FineTuned::close);
            throw stopped;
        } catch (IOException | RuntimeException damaged) { // what a damaged file leads to in JSON, in shapes, in libtorch
            members.forEach(FineTuned::close);
            throw new InputException("--model " + run + " holds a model that is damaged or of another version; give another run, or run the experiment again", damaged);
        }
    }

    private static List<Float> floats(JsonObject json, String name) {
        List<Float> values = json.getAsJsonArray(name).asList().stream().map(JsonElement::getAsFloat).toList();
        if (values.size() != 3 || !values.stream().allMatch(Float::isFinite)) {
            throw new IllegalStateException(name + " is not three numbers");
        }
        return values;
    }

    /** The class names, in the order of the logits. */
    public List<String> classes() {
        return classes;
    }

    /** Logits of pictures, {@code [pictures][classes]}. */
    public float[][] logits(List<Path> pictures, Progress progress) throws InterruptedException {
        List<Picture> wanted = pictures.stream().map(file -> new Picture(file, file.toString(), -1)).toList();
        List<float[][]> each = new ArrayList<>();
        for (FineTuned member : members) {
            each.add(member.logits(wanted, evaluate, progress));
        }
        return joined == null ? each.get(0) : Trained.join(joined, each);
    }

    @Override
    public void close() {
        members.forEach(FineTuned::close);
    }
}
