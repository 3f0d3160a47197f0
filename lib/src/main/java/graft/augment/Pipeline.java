package graft.augment;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import graft.InputException;
import graft.data.Image;
import graft.data.Mix;
import graft.data.Picture;
import graft.data.PictureSource;
import graft.data.UnreadablePictureException;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Transforms one after another, torchvision's {@code Compose}. A view of a picture is a pure function of the seed, the epoch and the picture's id: threads,
 * batches and the order of pictures do not change it.
 */
public final class Pipeline {
    private final List<Transform> transforms;
    /** How many steps there are before the first that draws, or is not Graft's: a cache of what they give must know when their code changes. */
    private final int fixed;
    private final String steps;

    private Pipeline(List<Transform> transforms) {
        this.transforms = List.copyOf(transforms);
        fixed = (int) this.transforms.stream().takeWhile(transform -> !transform.random() && transform.getClass().getPackage() == Transform.class.getPackage()).count();
        steps = this.transforms.stream().limit(fixed).map(Call::of).toList().toString();
    }

    public static Pipeline of(Transform... transforms) {
        return new Pipeline(List.of(transforms));
    }

    public static Pipeline of(List<? extends Transform> transforms) {
        return new Pipeline(List.copyOf(transforms));
    }

    public List<Transform> transforms() {
        return transforms;
    }

    /** Whether any step is random; without one a picture has the same view in every epoch. */
    public boolean random() {
        return transforms.stream().anyMatch(Transform::random);
    }

    /**
     * Decodes a picture and transforms it.
     *
     * @throws InputException when a transform does not fit the picture; it names the file
     */
    public Image view(Picture picture, long seed, int epoch) throws UnreadablePictureException {
        return view(picture, seed, epoch, PictureSource.FILES);
    }

    /**
     * The same with a source that may know already what the steps before the first random one make of the picture.
     *
     * @throws InputException when a transform does not fit the picture; it names the file
     */
    public Image view(Picture picture, long seed, int epoch, PictureSource source) throws UnreadablePictureException {
        try {
            return source.read(picture.file(), steps, image -> apply(image, 0, fixed, null),
                image -> apply(image, fixed, transforms.size(), generator(seed, epoch, picture.id())));
        } catch (InputException e) {
            throw new InputException(picture.file() + ": " + e.getMessage(), e);
        }
    }

    /** Transforms a decoded picture. */
    public Image apply(Image image, RandomGenerator random) {
        return apply(image, 0, transforms.size(), random);
    }

    private Image apply(Image image, int from, int to, RandomGenerator random) {
        Image result = image;
        boolean ours = true;
        for (int i = from; i < to; i++) {
            Transform transform = transforms.get(i);
            Image before = result;
            if (transform instanceof Resize resize && i + 1 < to && transforms.get(i + 1) instanceof CenterCrop crop) {
                result = resize.applyAndCrop(before, crop);
                i++;
            } else {
                result = transform.apply(before, random);
            }
            boolean oursBefore = ours;
            ours = transform.getClass().getPackage() == Pipeline.class.getPackage();
            if (ours && oursBefore) {   // a transform from elsewhere may have kept its picture
                Recycled.free(image, before, result);
            }
        }
        return result;
    }

    /** Where the random steps of one view draw. */
    static RandomGenerator generator(long seed, int epoch, String id) {
        return new SplittableRandom(Mix.of(Mix.of(seed, epoch), id));
    }

    /** {@code [{"name": "Resize", "size": 256, "interpolation": "bilinear"}, …]}. */
    public JsonArray toJson() {
        JsonArray json = new JsonArray();
        for (Transform transform : transforms) {
            JsonObject object = new JsonObject();
            object.addProperty("name", transform.name());
            transform.arguments().forEach((key, value) -> object.add(key, json(value)));
            json.add(object);
        }
        return json;
    }

    /** The same steps with every size in pixels so many times as large, rounded; at least 1. */
    public Pipeline scaled(double factor) {
        JsonArray json = toJson();
        for (JsonElement step : json) {
            step.getAsJsonObject().entrySet().stream().filter(argument -> argument.getKey().equals("size")).forEach(argument -> argument.setValue(scaled(argument.getValue(), factor)));
        }
        return fromJson(json);
    }

    private static JsonElement scaled(JsonElement size, double factor) {
        if (size.isJsonArray()) {
            JsonArray sides = new JsonArray();
            size.getAsJsonArray().forEach(side -> sides.add(scaled(side, factor)));
            return sides;
        }
        return new JsonPrimitive(Math.max(1, Math.round(size.getAsInt() * factor)));
    }

    /**
     * The inverse of {@link #toJson()}; arguments that are left out have torchvision's defaults.
     *
     * @throws InputException for an unknown transform or a wrong argument
     */
    public static Pipeline fromJson(JsonElement json) {
        if (!json.isJsonArray()) {
            throw new InputException("the transforms " + json + " are no list; [{\"name\": \"Resize\", \"size\": 256}] would be right");
        }
        return new Pipeline(json.getAsJsonArray().asList().stream().map(TransformJson::read).toList());
    }

    private static JsonElement json(Object value) {
        return new Gson().toJsonTree(value);
    }

    @Override public boolean equals(Object other) {
        return other instanceof Pipeline pipeline && pipeline.transforms.equals(transforms);
    }

    @Override public int hashCode() {
        return Objects.hash(transforms);
    }

    /** As torchvision prints it, a line for each transform. */
    @Override public String toString() {
        return transforms.stream().map(transform -> "    " + transform + "\n").collect(Collectors.joining("", "Compose(\n", ")"));
    }
}
