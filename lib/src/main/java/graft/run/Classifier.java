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
import graft.torch.StateTensor;
import graft.train.Features;
import graft.train.Fit;
import graft.train.LinearHead;
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

    private record Member(Features features, LinearHead.Weights head) { }

    private final List<String> classes;
    private final Pipeline evaluate;
    private final List<Member> members;
    private final LinearHead.Weights joined;

    private Classifier(List<String> classes, Pipeline evaluate, List<Member> members, LinearHead.Weights joined) {
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
            Backbone backbone = member.create(recipe.data().classes().size());
            LinearHead.Weights head = fit.members().get(member.backbone()).head();
            StateDict body = fit.bodies().get(member.backbone());
            StateDict whole = new StateDict(member.backbone());
            Map<String, StateTensor> headEntries = backbone.headEntries(head.weight(), head.bias());
            for (String name : backbone.state().keySet()) {
                if (headEntries.containsKey(name)) {
                    whole.put(name, headEntries.get(name));
                } else if (body.contains(name)) {
                    whole.put(name, body.get(name));
                }
            }
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
            new StateDict("joined").put("weight", result.head().weight()).put("bias", result.head().bias()).writeSafetensors(folder.resolve(JOINED), Map.of("format", "pt"));
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
        List<Member> members = new ArrayList<>();
        try {
            JsonObject description = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            List<String> classes = description.getAsJsonArray("classes").asList().stream().map(JsonElement::getAsString).toList();
            Precision precision = Precision.of(description.get("precision").getAsString());
            for (JsonElement element : description.getAsJsonArray("backbones")) {
                JsonObject entry = element.getAsJsonObject();
                Backbone backbone = Backbones.create(entry.get("name").getAsString(), classes.size(), entry.get("size").getAsLong());
                StateDict state = StateDict.read(folder.resolve(backbone.backboneName() + ".safetensors"));
                WeightFit.check(backbone, state, true);
                LinearHead.Weights head = new LinearHead.Weights(backbone.headWeight(state), backbone.headBias(state));
                members.add(new Member(new Features(backbone, state, precision, floats(entry, "mean"), floats(entry, "std")), head));
            }
            LinearHead.Weights joined = null;
            if (members.size() > 1) {
                StateDict state = StateDict.read(folder.resolve(JOINED));
                joined = new LinearHead.Weights(state.get("weight"), state.get("bias"));
                if (!Arrays.equals(joined.weight().shape(), new long[] {classes.size(), (long) classes.size() * members.size()}) || joined.bias().count() != classes.size()) {
                    throw new IllegalStateException(JOINED + " has another shape");
                }
            }
            if (members.isEmpty()) {
                throw new IllegalStateException("it names no backbone");
            }
            return new Classifier(classes, Pipeline.fromJson(description.get("evaluate")), members, joined);
        } catch (InputException | CancellationException stopped) {
            members.forEach(member -> member.features.close());
            throw stopped;
        } catch (IOException | RuntimeException damaged) { // what a damaged file leads to in JSON, in shapes, in libtorch
            members.forEach(member -> member.features.close());
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
        for (Member member : members) {
            each.add(member.head.logits(member.features.of(wanted, evaluate, 0, 0, progress)));
        }
        return joined == null ? each.get(0) : joined.logits(LinearHead.sideBySide(each));
    }

    @Override
    public void close() {
        members.forEach(member -> member.features.close());
    }
}
