package graft.run;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.AtomicFile;
import graft.InputException;
import graft.data.Split;
import graft.eval.Predictions;
import graft.eval.Submission;
import graft.torch.Libtorch;
import graft.train.History;
import graft.train.Recipe;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The folder of one run: {@code recipe.json}, {@code environment.json}, {@code split.csv}, {@code history.csv}, {@code metrics.json},
 * {@code predictions.csv}, {@code submission.csv} where there are test pictures, {@code checkpoint/}, {@code report.html}.
 */
final class RunFolder {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss");

    private final Path path;

    private RunFolder(Path path) {
        this.path = path;
    }

    /** Makes the folder, so that an output that cannot be written fails before anything is trained. */
    static RunFolder create(Path out, Recipe recipe) {
        Path path = out != null ? out : Path.of("runs", recipe.name(), LocalDateTime.now().format(TIME) + "-" + recipe.hash());
        try {
            if (Files.exists(path) && (!Files.isDirectory(path) || !empty(path))) {
                throw new InputException("--out " + path + " is not empty; give a folder that is new or empty");
            }
            Files.createDirectories(path);
            Files.delete(Files.createTempFile(path, "writable", ""));
        } catch (IOException unwritable) {
            throw new InputException("--out " + path + " cannot be written (" + unwritable.getClass().getSimpleName() + "); give a folder that you may write to", unwritable);
        }
        return new RunFolder(path);
    }

    private static boolean empty(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            return !entries.iterator().hasNext();
        }
    }

    Path path() {
        return path;
    }

    void write(Run run, String reproduce) {
        Recipe recipe = run.recipe();
        json("recipe.json", recipe.toJson());
        Map<String, String> environment = environment(recipe, reproduce);
        json("environment.json", new GsonBuilder().create().toJsonTree(environment));
        Split.writeCsv(path.resolve("split.csv"), run.folds(), recipe.data().test(), recipe.data().classes());
        History.writeCsv(path.resolve("history.csv"), run.histories());
        json("metrics.json", metrics(run));
        Map<String, Predictions> predictions = run.result().predictions();
        predictions.getOrDefault("test", predictions.get(run.result().best())).writeCsv(path.resolve("predictions.csv"));
        if (predictions.containsKey("test")) {
            Path submission = path.resolve("submission.csv");
            Submission.write(submission, recipe.data().sampleSubmission(), predictions.get("test"));
            Submission.check(submission, recipe.data().sampleSubmission(), predictions.get("test"));
        }
        Classifier.save(recipe, run.fit(), path.resolve("checkpoint"));
        RunReport.write(path.resolve("report.html"), run, environment, reproduce);
    }

    private static Map<String, String> environment(Recipe recipe, String reproduce) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("graft", Version.text());
        environment.put("libtorch", Libtorch.version());
        environment.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
        environment.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " + System.getProperty("os.arch"));
        environment.put("device", "cpu, " + Runtime.getRuntime().availableProcessors() + " processors");
        environment.put("time", LocalDateTime.now().toString());
        environment.put("data", recipe.data().root().toString());
        environment.put("command", reproduce);
        return environment;
    }

    private static JsonObject metrics(Run run) {
        JsonObject json = sets(run.result());
        json.add("published", run.published().toJson());
        if (run.members().size() > 1) {
            JsonObject members = new JsonObject();
            run.members().forEach((name, member) -> members.add(name, sets(member)));
            json.add("members", members);
        }
        return json;
    }

    private static JsonObject sets(Evaluation evaluation) {
        JsonObject json = new JsonObject();
        evaluation.metrics().forEach((set, metrics) -> json.add(set, metrics.toJson()));
        return json;
    }

    private void json(String name, JsonElement content) {
        AtomicFile.writeText(path.resolve(name), out -> new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create().toJson(content, out));
    }
}
