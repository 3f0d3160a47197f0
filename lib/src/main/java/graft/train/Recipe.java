package graft.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import graft.augment.Pipeline;
import graft.augment.Transform;
import graft.augment.Transforms;
import graft.data.ImageFolder;
import graft.data.Picture;
import graft.data.Split;
import graft.torch.Precision;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Everything that decides a result: data, split, transforms, backbones and their weights, optimizer, schedule, epochs, seed,
 * precision. Immutable; every method that changes something returns a new recipe. It prints as its JSON, and has a hash: equal
 * recipes give equal figures on the same machine.
 *
 * <p>Unless told otherwise: frozen backbone, linear head, resize 256 and centre crop 224, AdamW 1e-3, cosine over all epochs, 40
 * epochs, batch 32, five folds, seed 0, float32.
 */
public final class Recipe {
    /** A backbone and the weights it starts from. */
    public record Member(String backbone, WeightSource weights) { }

    private final String name;
    private final ImageFolder data;
    private final Settings settings;

    private record Settings(List<Member> members, Split split, Pipeline train, Pipeline evaluate, AdamW optimizer, Integer tMax, int epochs, int batch, long seed, Precision precision) { }

    private Recipe(String name, ImageFolder data, Settings settings) {
        this.name = name;
        this.data = data;
        this.settings = settings;
    }

    /** A recipe with the defaults, still without a backbone. */
    public static Recipe of(String name, ImageFolder data) {
        Pipeline view = Pipeline.of(Transforms.resize(256), Transforms.centerCrop(224));
        return new Recipe(name, data, new Settings(List.of(), Split.folds(5), view, view, AdamW.adamw(1e-3), null, 40, 32, 0, Precision.FLOAT32));
    }

    private Recipe with(Settings changed) {
        return new Recipe(name, data, changed);
    }
