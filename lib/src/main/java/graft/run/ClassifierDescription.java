package graft.run;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import graft.augment.Pipeline;
import graft.augment.Transform;
import graft.backbone.Backbone;
import graft.backbone.Backbones;
import graft.backbone.Head;
import graft.torch.Module;
import graft.torch.Precision;
import graft.train.Ensemble;
import graft.train.RecipeJson;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * What a saved classifier says of itself beside its numbers, as JSON: all that is needed to build the network again and to prepare pictures for it. It
 * is {@code checkpoint/classifier.json} of a run, the entry {@value #NAME} in the metadata of a {@code .safetensors} file and the extra file of that name in a
 * {@code .pt} archive.
 *
 * @param classes the class names, in the order of the logits
 * @param evaluate what makes of a picture what the network sees
 * @param joined how several backbones' logits become one
 */
record ClassifierDescription(List<String> classes, Pipeline evaluate, Precision precision, List<Part> parts, Ensemble joined) {
    static final String NAME = "graft.json";
    private static final int VERSION = 1;
    /** Pixels: no network sees larger pictures, and a file that says so only wants memory. */
    private static final long LARGEST = 4096;
    private static final TypeToken<Head> HEAD = TypeToken.get(Head.class);

    /** A backbone with its head, for pictures of {@code size × size} pixels, and what its pictures are normalised with. */
    record Part(String backbone, long size, List<Float> mean, List<Float> std, Head head) {
        Backbone create(int classes) {
            return Backbones.create(backbone, classes, size, head);
        }

        JsonObject toJson() {
            JsonObject json = new JsonObject();
            json.addProperty("name", backbone);
            json.addProperty("size", size);
            json.add("mean", floats(mean));
            json.add("std", floats(std));
            json.add("head", RecipeJson.write(HEAD, head));
            return json;
        }

        private static JsonArray floats(List<Float> values) {
            JsonArray array = new JsonArray();
            values.forEach(array::add);
            return array;
        }

        static Part of(JsonObject json) {
            Part part = new Part(json.get("name").getAsString(), json.get("size").getAsLong(), floats(json, "mean"), floats(json, "std"), RecipeJson.read(HEAD, json.get("head")));
            require(part.size > 0 && part.size <= LARGEST, "its pictures are of an impossible size");
            require(part.std.stream().allMatch(value -> value > 0), "its std is not above 0");
            return part;
        }

        private static List<Float> floats(JsonObject json, String name) {
            List<Float> values = json.getAsJsonArray(name).asList().stream().map(JsonElement::getAsFloat).toList();
            require(values.size() == 3 && values.stream().allMatch(Float::isFinite), name + " is not three numbers");
            return values;
        }
    }

    /** The network: the backbone itself, whose entries have torchvision's or timm's names, or several of them joined. */
    Module module() {
        return parts.size() == 1 ? parts.get(0).create(classes.size()) : new JoinedBackbones(parts, joined, classes.size());
    }

    /** One of several backbones alone. */
    ClassifierDescription only(Part part) {
        return new ClassifierDescription(classes, evaluate, precision, List.of(part), joined);
    }

    String toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("version", VERSION);
        JsonArray names = new JsonArray();
        classes.forEach(names::add);
        json.add("classes", names);
        json.add("transforms", evaluate.toJson());
        json.addProperty("precision", precision.toString());
        JsonArray backbones = new JsonArray();
        parts.forEach(part -> backbones.add(part.toJson()));
        json.add("backbones", backbones);
        if (parts.size() > 1) {
            json.addProperty("joined", joined.name().toLowerCase(Locale.ROOT));
        }
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json);
    }

    /**
     * The inverse.
     *
     * @throws RuntimeException of whatever kind, if the text says anything else
     */
    static ClassifierDescription of(String text) {
        JsonObject json = JsonParser.parseString(text).getAsJsonObject();
        require(json.get("version").getAsInt() == VERSION, "it is of another version");
        List<String> classes = json.getAsJsonArray("classes").asList().stream().map(JsonElement::getAsString).toList();
        List<Part> parts = json.getAsJsonArray("backbones").asList().stream().map(element -> Part.of(element.getAsJsonObject())).toList();
        require(!classes.isEmpty(), "it names no classes");
        require(!parts.isEmpty(), "it names no backbone");
        require(new HashSet<>(parts.stream().map(Part::backbone).toList()).size() == parts.size(), "it names a backbone twice");
        Ensemble joined = parts.size() == 1 ? Ensemble.LINEAR : Ensemble.valueOf(json.get("joined").getAsString().toUpperCase(Locale.ROOT));
        Pipeline evaluate = Pipeline.fromJson(json.get("transforms"));
        evaluate.transforms().stream().map(Transform::arguments).flatMap(arguments -> arguments.values().stream()).forEach(ClassifierDescription::requirePossible);
        return new ClassifierDescription(classes, evaluate, Precision.of(json.get("precision").getAsString()), parts, joined);
    }

    private static void requirePossible(Object argument) {
        if (argument instanceof Collection<?> several) {
            several.forEach(ClassifierDescription::requirePossible);
        }
        require(!(argument instanceof Number number) || Math.abs(number.doubleValue()) <= LARGEST, "a transform has an impossible argument");
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalStateException(otherwise);
        }
    }
}
