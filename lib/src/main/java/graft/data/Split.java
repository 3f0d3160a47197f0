package graft.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.AtomicFile;
import graft.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Which training pictures are held out for validation. A pure function of the seed and the pictures' ids: neither the order of files
 * nor the platform changes it, and a picture that is added moves few others.
 */
public final class Split {
    private final String name;
    private final double argument;

    private Split(String name, double argument) {
        this.name = name;
        this.argument = argument;
    }

    /** Everything trains, nothing is held out. */
    public static Split none() {
        return new Split("none", 0);
    }

    /**
     * The same share of every class for validation, rounded, at least one picture of each class that has two and never all of them.
     *
     * @param validation the share, above 0 and below 1: 0.2 holds out 20 % of each class
     */
    public static Split stratified(double validation) {
        if (!(validation > 0 && validation < 1)) {
            throw new InputException("a stratified split of " + validation + " is not possible; a share between 0 and 1, such as 0.2, would be right");
        }
        return new Split("stratified", validation);
    }

    /** The same number of every class for validation; each class needs at least one picture more. */
    public static Split balanced(int perClass) {
        if (perClass < 1) {
            throw new InputException("a balanced split of " + perClass + " pictures a class is not possible; at least 1 would be right");
        }
        return new Split("balanced", perClass);
    }

    /** Stratified k-fold cross-validation: every picture is validated once, in one of k folds, and trains in the others. */
    public static Split folds(int k) {
        if (k < 2) {
            throw new InputException(k + " folds are not possible; at least 2 would be right");
        }
        return new Split("folds", k);
    }

    /** What trains and what is validated, each in the order of the pictures given. */
    public record Fold(List<Picture> train, List<Picture> validation) { }

    /**
     * Splits the pictures: k folds for {@link #folds}, otherwise one.
     *
     * @param train pictures with labels from 0 to {@code classes − 1}
     * @throws InputException when a class has too few pictures
     */
    public List<Fold> of(List<Picture> train, int classes, long seed) {
        int folds = name.equals("folds") ? (int) argument : 1;
        if (folds > train.size()) {
            throw new InputException(folds + " folds of " + train.size() + " training pictures are not possible; at most one fold a picture would be right");
        }
        Map<Picture, Integer> heldOut = heldOut(train, classes, seed);
        List<Fold> result = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            List<Picture> rest = new ArrayList<>();
            List<Picture> validation = new ArrayList<>();
            for (Picture picture : train) {
                (heldOut.getOrDefault(picture, -1) == fold ? validation : rest).add(picture);
            }
            result.add(new Fold(List.copyOf(rest), List.copyOf(validation)));
        }
        return List.copyOf(result);
    }

    /** The fold in which a picture is validated; pictures that always train are absent. */
    private Map<Picture, Integer> heldOut(List<Picture> train, int classes, long seed) {
        Map<Picture, Integer> heldOut = new HashMap<>();
        Map<Integer, List<Picture>> byLabel = train.stream().collect(Collectors.groupingBy(Picture::label));
        int next = 0;   // where the next class begins dealing, so that the folds are of equal size over all classes
        for (int label = 0; label < classes; label++) {
            List<Picture> shuffled = byLabel.getOrDefault(label, List.of()).stream()
                .sorted(Comparator.comparingLong((Picture picture) -> Mix.of(seed, picture.id())).thenComparing(Picture::id)).toList();
            int count = shuffled.size();
            switch (name) {
                case "none" -> { }
                case "folds" -> {
                    require(count, 2, label, shuffled);
                    for (Picture picture : shuffled) {
                        heldOut.put(picture, next++ % (int) argument);
                    }
                }
                case "balanced" -> {
                    require(count, (int) argument + 1, label, shuffled);
                    shuffled.subList(0, (int) argument).forEach(picture -> heldOut.put(picture, 0));
                }
                case "stratified" -> {
                    int share = Math.min(count - 1, Math.max(1, (int) Math.round(argument * count)));
                    shuffled.subList(0, Math.max(0, share)).forEach(picture -> heldOut.put(picture, 0));
                }
                default -> throw new IllegalStateException(name);
            }
        }
        return heldOut;
    }

    private void require(int count, int least, int label, List<Picture> pictures) {
        if (count < least) {
            String where = pictures.isEmpty() ? "class " + label : "the class of " + pictures.get(0).id();
            throw new InputException(where + " has " + count + " training picture" + (count == 1 ? "" : "s") + ", too few for " + this
                + "; at least " + least + " in every class, or no split (--folds 1), would be right");
        }
    }

    /**
     * Writes who was where: columns {@code id,class,part,fold}. {@code part} is train, validation or test; {@code fold} counts from 1 and is
     * the fold in which the picture has that part (a picture of k folds has one line, for the fold that validates it: it trains in all others).
     */
    public static void writeCsv(Path file, List<Fold> folds, List<Picture> test, List<String> classes) {
        AtomicFile.writeText(file, out -> {
            CSVPrinter csv = CSVFormat.DEFAULT.builder().setHeader("id", "class", "part", "fold").setRecordSeparator('\n').get().print(out);
            for (int fold = 0; fold < folds.size(); fold++) {
                if (folds.size() == 1) {
                    print(csv, folds.get(fold).train(), "train", "1", classes);
                }
                print(csv, folds.get(fold).validation(), "validation", String.valueOf(fold + 1), classes);
            }
            print(csv, test, "test", "", classes);
        });
    }

    private static void print(CSVPrinter csv, List<Picture> pictures, String part, String fold, List<String> classes) throws IOException {
        for (Picture picture : pictures) {
            csv.printRecord(picture.id(), picture.label() < 0 ? "" : classes.get(picture.label()), part, fold);
        }
    }

    /** For the recipe: {@code {"name": "stratified", "validation": 0.2}}. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("name", name);
        switch (name) {
            case "stratified" -> json.addProperty("validation", argument);
            case "balanced" -> json.addProperty("perClass", (int) argument);
            case "folds" -> json.addProperty("k", (int) argument);
            default -> { }
        }
        return json;
    }

    /** The inverse of {@link #toJson()}. */
    public static Split fromJson(JsonElement json) {
        try {
            JsonObject object = json.getAsJsonObject();
            String name = object.get("name").getAsString();
            return switch (name) {
                case "none" -> none();
                case "stratified" -> stratified(object.get("validation").getAsDouble());
                case "balanced" -> balanced(object.get("perClass").getAsInt());
                case "folds" -> folds(object.get("k").getAsInt());
                default -> throw new InputException("the split " + name + " is unknown; none, stratified, balanced or folds would be right");
            };
        } catch (IllegalStateException | NullPointerException | UnsupportedOperationException | NumberFormatException e) {
            throw new InputException("the split " + json + " is incomplete; {\"name\": \"stratified\", \"validation\": 0.2} would be right", e);
        }
    }

    @Override public boolean equals(Object other) {
        return other instanceof Split split && split.name.equals(name) && split.argument == argument;
    }

    @Override public int hashCode() {
        return name.hashCode() * 31 + Double.hashCode(argument);
    }

    /** {@code stratified(0.2)}, {@code folds(5)}. */
    @Override public String toString() {
        return switch (name) {
            case "none" -> "none()";
            case "stratified" -> "stratified(" + argument + ")";
            default -> name + "(" + (int) argument + ")";
        };
    }
}
