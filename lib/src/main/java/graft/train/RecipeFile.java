package graft.train;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.InputException;
import graft.backbone.Weights;
import graft.data.ImageFolder;
import graft.data.Picture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** A recipe as {@code recipe.json}, and its hash. */
final class RecipeFile {
    private RecipeFile() { }

    static JsonObject write(Recipe recipe) {
        JsonObject json = new JsonObject();
        json.addProperty("experiment", recipe.name);
        JsonObject pictures = new JsonObject();
        pictures.addProperty("name", recipe.data.name());
        pictures.addProperty("classes", recipe.data.classes().size());
        pictures.addProperty("train", recipe.data.train().size());
        pictures.addProperty("test", recipe.data.test().size());
        pictures.addProperty("sha256", fingerprint(recipe.data));
        json.add("data", pictures);
        JsonArray backbones = new JsonArray();
        for (Recipe.Member member : recipe.members) {
            JsonObject backbone = new JsonObject();
            backbone.addProperty("name", member.backbone());
            backbone.addProperty("weights", member.weights().name());
            backbones.add(backbone);
        }
        json.add("backbones", backbones);
        if (recipe.teacher != null) {
            JsonObject from = new JsonObject();
            from.addProperty("name", recipe.teacher.backbone());
            from.addProperty("weights", recipe.teacher.weights().name());
            if (recipe.lesson != null) {
                from.add("recipe", write(recipe.lesson));
            }
            json.add("teacher", from);
        }
        RecipePart.ALL.forEach(part -> part.write(recipe, json));
        return json;
    }

    static Recipe read(JsonObject json, ImageFolder data, Map<String, Path> files) {
        try {
            Recipe recipe = Recipe.of(json.get("experiment").getAsString(), data);
            String pictures = json.getAsJsonObject("data").get("sha256").getAsString();
            if (!pictures.equals(fingerprint(data))) {
                throw new InputException("the pictures in " + data.root() + " are not those of the recipe (" + data + "; the recipe's are "
                    + json.get("data") + "); put them back as they were, or begin a new run");
            }
            for (JsonElement element : json.getAsJsonArray("backbones")) {
                String backbone = element.getAsJsonObject().get("name").getAsString();
                recipe = recipe.backbone(backbone, Weights.named(backbone, element.getAsJsonObject().get("weights").getAsString(), files.get(backbone)));
            }
            for (RecipePart<?> part : RecipePart.ALL) {
                part.read(json, recipe);
            }
            if (json.has("teacher")) {
                JsonObject teacher = json.getAsJsonObject("teacher");
                String backbone = teacher.get("name").getAsString();
                recipe = teacher.has("recipe") ? recipe.teacher(read(teacher.getAsJsonObject("recipe"), data, files))
                    : recipe.teacher(backbone, Weights.named(backbone, teacher.get("weights").getAsString(), files.get(Recipe.TEACHER)));
            }
            if (!recipe.toJson().toString().equals(json.toString())) {
                throw new InputException("it is not as this version of Graft writes it; go on with the version that did");
            }
            return recipe;
        } catch (CancellationException interrupted) { // is an IllegalStateException, too, and says nothing of the file
            throw interrupted;
        } catch (IllegalStateException | NullPointerException | UnsupportedOperationException | ClassCastException foreign) { // what JSON of another form leads to
            throw new InputException("it is no recipe of this version of Graft; give a recipe.json as a run wrote it", foreign);
        }
    }

    private static String fingerprint(ImageFolder data) {
        StringBuilder text = new StringBuilder();
        List<Picture> all = new ArrayList<>(data.train());
        all.addAll(data.test());
        for (Picture picture : all) {
            try {
                text.append(picture.id()).append('\t').append(picture.label()).append('\t').append(Files.size(picture.file())).append('\n');
            } catch (IOException gone) {
                throw new InputException(picture.file() + " is gone since the folder was listed; leave the pictures as they are while they are used", gone);
            }
        }
        return sha256(text.toString()).substring(0, 16);
    }

    static String hash(Recipe recipe) {
        return sha256(write(recipe).toString()).substring(0, 8);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
