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
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The folder of one run: {@code recipe.json}, {@code environment.json}, {@code split.csv}, {@code history.csv}, {@code metrics.json},
 * {@code predictions.csv}, {@code submission.csv} where there are test pictures, {@code checkpoint/}, {@code report.html}. As long as a file
 * {@code unfinished} lies beside them, not all of them are there.
 */
final class RunFolder {
    static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss");

    /** What the report, the pictures in it and the tables may take, beside the weights, in bytes. */
    private static final long ROOM = 16L << 20;
    /** Lies in the folder as long as the run has not finished. */
    private static final String UNFINISHED = "unfinished";

    private final Path path;
    private final List<Path> made;

    private RunFolder(Path path, List<Path> made) {
        this.path = path;
        this.made = made;
    }

    /**
     * Makes the folder, so that an output that cannot be written fails before anything is trained.
     *
     * @param out as {@code --out} names it, or {@code null} for one of the run's own
     */
    static RunFolder create(Path out, Recipe recipe) {
        check(out);
        String name = LocalDateTime.now().format(TIME) + "-" + recipe.hash();
        Path path = out != null ? out : Path.of("runs", recipe.name(), name);
        boolean fresh = out == null || Files.notExists(out);
        List<Path> made = new ArrayList<>(Stream.iterate(path.toAbsolutePath().getParent(), Objects::nonNull, Path::getParent).filter(Files::notExists).toList());
        try {
            if (out != null) {
                Files.createDirectories(path);
            } else {
                Files.createDirectories(path.getParent());
                for (int more = 2; !created(path); more++) {
                    path = path.resolveSibling(name + "-" + more);
                }
            }
            if (fresh) {
                made.add(0, path);
            }
            requireRoom(path, recipe, made);
            Files.writeString(path.resolve(UNFINISHED), "This run has not finished.\n", StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException taken) {
            throw new InputException("--out " + path + " is in use by another run; give a folder that is new or empty", taken);
        } catch (IOException unwritable) {
            throw new InputException("--out " + path + " cannot be written (" + reason(unwritable) + "); give a folder that you may write to", unwritable);
        }
        return new RunFolder(path, made);
    }

    /** Refuses an {@code --out} that is a file or holds something. */
    static void check(Path out) {
        if (out != null && out.toString().isEmpty()) {
            throw new InputException("--out is empty; give a folder that is new or empty");
        }
        if (out == null || !Files.exists(out)) {
            return;
        }
        if (!Files.isDirectory(out)) {
            throw new InputException("--out " + out + " is a file; give a folder that is new or empty");
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(out)) {
            if (entries.iterator().hasNext()) {
                throw new InputException("--out " + out + " is not empty; give a folder that is new or empty");
            }
        } catch (IOException unreadable) {
            throw new InputException("--out " + out + " cannot be read (" + reason(unreadable) + "); give a folder that you may write to", unreadable);
        }
    }

    private static boolean created(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }

    private static void requireRoom(Path path, Recipe recipe, List<Path> made) throws IOException {
        long needed = ROOM + Float.BYTES * recipe.members().stream()
            .mapToLong(member -> member.create(recipe.data().classes().size()).parameterCount()).sum();
        long free = Files.getFileStore(path).getUsableSpace();
        if (free < needed) {
            delete(made);
            throw new InputException("--out " + path + " has room for " + (free >> 20) + " MB, and a run with its weights may take " + (needed >> 20) + " MB; make room or give another folder");
        }
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException known && known.getReason() != null ? known.getReason()
            : e instanceof AccessDeniedException ? "no permission" : e.getClass().getSimpleName();
    }

    /** From the innermost on, as far as nothing else lies in them. */
    private static void delete(List<Path> folders) throws IOException {
        try {
            for (Path folder : folders) {
                Files.deleteIfExists(folder);
            }
        } catch (DirectoryNotEmptyException used) {
            // Another run is in it.
        }
    }

    /** Takes back what {@link #create} made, after a run that came to nothing. */
    void discard() {
        try {
            Files.deleteIfExists(path.resolve(UNFINISHED));
            delete(made);
        } catch (IOException left) {
            System.err.println("graft: " + path + " is left behind (" + reason(left) + ")");
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
        run.classifier().saveFolder(path.resolve("checkpoint"));
        RunReport.write(path.resolve("report.html"), run, environment, reproduce);
        try {
            Files.delete(path.resolve(UNFINISHED));
        } catch (IOException unwritable) {
            throw new InputException(path + " cannot be written (" + reason(unwritable) + "); give a folder that you may write to", unwritable);
        }
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
        AtomicFile.writeText(path.resolve(name), out -> {
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create().toJson(content, out);
            out.write('\n');
        });
    }
}
