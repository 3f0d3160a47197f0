package graft.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import graft.InputException;
import graft.eval.Interval;
import graft.train.History;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A run as its folder tells of it, to be compared with others.
 *
 * @param name of the folder
 * @param recipe what decided the result, one entry a value: {@code optimizer.learning_rate} → {@code 5e-4}
 * @param environment versions, device, times
 * @param metrics {@code metrics.json}
 * @param histories what was trained, by name; the mean over folds where there were several
 * @param answers of each picture of {@code predictions.csv} that has a label, or where none has one of {@code validation.csv}: that label, and whether the prediction was right
 */
record FinishedRun(String name, Map<String, String> recipe, Map<String, String> environment, JsonObject metrics, Map<String, History> histories, Map<String, Answer> answers) {
    /** What was said of a picture. */
    record Answer(String label, boolean right) { }

    /** @throws InputException if the folder is not that of a finished run, or a file in it is damaged */
    static FinishedRun read(Path folder) {
        if (!Files.isRegularFile(folder.resolve("metrics.json"))) {
            throw new InputException(folder + " is not the folder of a finished run (it holds no metrics.json); give one such as runs/quickstart/…");
        }
        Path named = folder.toAbsolutePath().normalize().getFileName();
        Map<String, Answer> answers = answers(folder.resolve("predictions.csv"));
        Path validation = folder.resolve("validation.csv");
        return new FinishedRun(named == null ? folder.toString() : named.toString(), flat(json(folder.resolve("recipe.json"))), flat(json(folder.resolve("environment.json"))),
            json(folder.resolve("metrics.json")), histories(folder.resolve("history.csv")), answers.isEmpty() && Files.exists(validation) ? answers(validation) : answers);
    }

    /** The same run under another name. */
    FinishedRun named(String other) {
        return new FinishedRun(other, recipe, environment, metrics, histories, answers);
    }

    /** Whether the prediction for each of the pictures in {@link #answers} was right, by id. */
    Map<String, Boolean> right() {
        Map<String, Boolean> right = new LinkedHashMap<>();
        answers.forEach((id, answer) -> right.put(id, answer.right()));
        return right;
    }

    /** The figure of a set, where it was measured. */
    Optional<Double> figure(String set, String metric) {
        JsonElement value = metrics.has(set) && metrics.get(set).isJsonObject() ? metrics.getAsJsonObject(set).get(metric) : null;
        try {
            return value == null || !value.isJsonPrimitive() ? Optional.empty() : Optional.of(value.getAsDouble());
        } catch (NumberFormatException text) {
            throw new InputException("metrics.json of " + name + " says that the " + metric + " of " + set + " is " + value + "; a number would be right", text);
        }
    }

    /** Wilson's interval of a set's accuracy. */
    Optional<Interval> interval(String set) {
        return figure(set, "count").filter(count -> count > 0).flatMap(count -> figure(set, "accuracy").map(accuracy -> Interval.wilson(Math.round(accuracy * count), Math.round(count))));
    }

    private static JsonObject json(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException | RuntimeException damaged) { // what a damaged file leads to in Gson
            throw damaged(file, damaged);
        }
    }

    private static InputException damaged(Path file, Exception why) {
        return new InputException(file + " is missing or damaged; give the folder of a run that finished", why);
    }

    // ---- JSON as names and values ----

    private static Map<String, String> flat(JsonObject json) {
        Map<String, String> values = new LinkedHashMap<>();
        flatten("", json, values);
        return values;
    }

    private static void flatten(String prefix, JsonObject json, Map<String, String> values) {
        json.asMap().forEach((key, value) -> {
            if (value.isJsonObject()) {
                flatten(prefix + key + ".", value.getAsJsonObject(), values);
            } else {
                values.put(prefix + key, text(value));
            }
        });
    }

    /** A list of transforms reads as {@code Resize(224, bilinear), CenterCrop(224)}. */
    private static String text(JsonElement value) {
        if (value.isJsonArray()) {
            return String.join(", ", value.getAsJsonArray().asList().stream().map(FinishedRun::text).toList());
        }
        if (value.isJsonObject()) {
            List<String> rest = new ArrayList<>();
            value.getAsJsonObject().asMap().forEach((key, part) -> {
                if (!key.equals("name")) {
                    rest.add(part.isJsonArray() ? "[" + text(part) + "]" : text(part));
                }
            });
            JsonElement name = value.getAsJsonObject().get("name");
            return (name == null ? "" : text(name)) + (rest.isEmpty() ? "" : "(" + String.join(", ", rest) + ")");
        }
        return value.isJsonNull() ? "none" : value.getAsString();
    }

    // ---- tables ----

    private static List<CSVRecord> rows(Path file) {
        try (Reader reader = Files.newBufferedReader(file); CSVParser parser = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get().parse(reader)) {
            return parser.getRecords();
        } catch (IOException | RuntimeException damaged) { // what a damaged file leads to in the parser
            throw damaged(file, damaged);
        }
    }

    private static Map<String, History> histories(Path file) {
        Map<String, Map<String, History>> trainings = new LinkedHashMap<>();
        try {
            for (CSVRecord row : rows(file)) {
                String training = row.get("training");
                int comma = training.lastIndexOf(", ");
                String model = comma < 0 ? training : training.substring(0, comma);
                String part = comma < 0 ? "" : training.substring(comma + 2);
                if (!part.equals("all")) { // the head that is kept after a cross-validation, which nothing validated
                    trainings.computeIfAbsent(model, name -> new TreeMap<>()).computeIfAbsent(part, name -> new History()).add(new History.Epoch(Integer.parseInt(row.get("epoch")),
                        number(row, "learning_rate"), number(row, "train_loss"), number(row, "train_accuracy"), number(row, "validation_loss"), number(row, "validation_accuracy")));
                }
            }
        } catch (IllegalArgumentException damaged) { // a column that is not there, a number that is none
            throw damaged(file, damaged);
        }
        Map<String, History> means = new LinkedHashMap<>();
        trainings.forEach((model, parts) -> means.put(model, History.mean(parts.values())));
        return means;
    }

    private static double number(CSVRecord row, String column) {
        return row.get(column).isEmpty() ? Double.NaN : Double.parseDouble(row.get(column));
    }

    private static Map<String, Answer> answers(Path file) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        try {
            for (CSVRecord row : rows(file)) {
                if (!row.get(1).isEmpty()) { // id, label, predicted: not by name, for a class may be called so
                    answers.put(row.get(0), new Answer(row.get(1), row.get(1).equals(row.get(2))));
                }
            }
        } catch (IndexOutOfBoundsException damaged) { // a column that is not there
            throw damaged(file, damaged);
        }
        return answers;
    }
}
