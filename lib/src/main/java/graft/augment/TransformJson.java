package graft.augment;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.InputException;
import java.util.Set;

/** Reads one transform of a recipe: its name and its arguments. */
final class TransformJson {
    private final JsonObject json;

    private TransformJson(JsonObject json) {
        this.json = json;
    }

    static Transform read(JsonElement element) {
        try {
            return new TransformJson(element.getAsJsonObject()).transform();
        } catch (IllegalStateException | NullPointerException | UnsupportedOperationException | NumberFormatException | IndexOutOfBoundsException e) {
            throw new InputException("the transform " + element + " is incomplete; {\"name\": \"Resize\", \"size\": 256} would be right", e);
        }
    }

    private Transform transform() {
        String name = json.get("name").getAsString();
        switch (name) {
            case "Resize" -> {
                allow("size", "interpolation");
                return new Resize(size(0), json.get("size").isJsonArray() ? positive(size(1)) : 0, interpolation());
            }
            case "CenterCrop" -> {
                allow("size");
                return new CenterCrop(size(0), size(1));
            }
            case "RandomCrop" -> {
                allow("size", "pad_if_needed");
                return new RandomCrop(size(0), size(1), json.has("pad_if_needed") && json.get("pad_if_needed").getAsBoolean());
            }
            case "RandomResizedCrop" -> {
                allow("size", "scale", "ratio", "interpolation");
                return new RandomResizedCrop(size(0), size(1), end("scale", 0, 0.08), end("scale", 1, 1), end("ratio", 0, 3.0 / 4), end("ratio", 1, 4.0 / 3),
                    interpolation());
            }
            case "RandomHorizontalFlip" -> {
                allow("p");
                return new RandomHorizontalFlip(json.has("p") ? json.get("p").getAsDouble() : 0.5);
            }
            default -> throw new InputException("the transform " + name
                + " is unknown; Resize, CenterCrop, RandomCrop, RandomResizedCrop or RandomHorizontalFlip would be right");
        }
    }

    private void allow(String... known) {
        for (String key : json.keySet()) {
            if (!key.equals("name") && !Set.of(known).contains(key)) {
                throw new InputException("the transform " + json + " has no argument " + key + "; " + String.join(", ", known) + " would be right");
            }
        }
    }

    /** Height (0) or width (1) of the size. */
    private int size(int side) {
        JsonElement size = json.get("size");
        return size.isJsonArray() ? size.getAsJsonArray().get(side).getAsInt() : size.getAsInt();
    }

    private int positive(int width) {
        if (width < 1) {
            throw new InputException("the transform " + json + " has no width; sizes from 1 would be right");
        }
        return width;
    }

    private double end(String range, int end, double otherwise) {
        JsonArray pair = json.has(range) ? json.getAsJsonArray(range) : null;
        return pair == null ? otherwise : pair.get(end).getAsDouble();
    }

    private Interpolation interpolation() {
        return json.has("interpolation") ? Interpolation.of(json.get("interpolation").getAsString()) : Interpolation.BILINEAR;
    }
}
