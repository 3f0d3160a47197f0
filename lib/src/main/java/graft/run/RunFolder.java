package graft.run;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import graft.AtomicFile;
import graft.InputException;
import graft.data.Split;
import graft.eval.Predictions;
import graft.eval.Submission;
import graft.train.Checkpoint;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of one run: {@code recipe.json}, {@code environment.json}, {@code split.csv}, {@code history.csv}, {@code metrics.json},
 * {@code predictions.csv} of the test pictures or, where there are none, of those that say most; {@code submission.csv} where there are test pictures, and {@code validation.csv} (as
 * predictions.csv, of the validation pictures) where there are both; {@code checkpoint/}, {@code report.html}. The first two are there from
 * the beginning. As long as a file {@code unfinished} lies beside them, not all the others are, and the run can be taken up again.
 */
final class RunFolder {
    static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss");

    /** What the report, the pictures in it and the tables may take, beside the weights, in bytes. */
    private static final long ROOM = 16L << 20;
    private static final String RECIPE = "recipe.json";
    private static final String ENVIRONMENT = "environment.json";
    private static final String REPORT = "report.html";
    /** Lies in the folder as long as the run has not finished. */
    static final String UNFINISHED = "unfinished";

    private final Path path;
    private final List<Path> made;
    private final boolean resumed;
    private final RunLock lock;

    private RunFolder(Path path, List<Path> made, boolean resumed, RunLock lock) {
        this.path = path;
        this.made = made;
        this.resumed = resumed;
        this.lock = lock;
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
                path = createNew(path);
            }
            if (fresh) {
                made.add(0, path);
            }
            requireRoom(path, recipe, made);
            Files.writeString(path.resolve(UNFINISHED), "This run has not finished.\n", StandardOpenOption.CREATE_NEW);
            return new RunFolder(path, made, false, RunLock.of(path.resolve(UNFINISHED)));
        } catch (FileAlreadyExistsException taken) {
            throw new InputException("--out " + path + " is in use by another run; give a folder that is new or empty", taken);
        } catch (IOException unwritable) {
            throw new InputException("--out " + path + " cannot be written (" + reason(unwritable) + "); give a folder that you may write to", unwritable);
        }
    }

    /**
     * Takes up the folder of an unfinished run.
     *
     * @throws InputException if there is none, it is finished, or another process is at work on it
     */
    static RunFolder resume(Path path) {
        if (!Files.isRegularFile(path.resolve(RECIPE)) || !Files.isRegularFile(path.resolve(ENVIRONMENT))) {
            throw new InputException("--resume " + path + " is no run's folder (" + RECIPE + " or " + ENVIRONMENT + " is missing); give that of an unfinished run, such as runs/quickstart/…");
        }
        if (!Files.isRegularFile(path.resolve(UNFINISHED))) {
            throw new InputException("--resume " + path + " is finished, and its results are in " + path.resolve(REPORT) + "; without --resume, the experiment is run again");
        }
        try {
            return new RunFolder(path, List.of(), true, RunLock.of(path.resolve(UNFINISHED)));
        } catch (IOException unwritable) {
            throw new InputException("--resume " + path + " cannot be written (" + reason(unwritable) + "); give a folder that you may write to", unwritable);
        }
    }

    /**
     * The newest folder of an unfinished run of just this recipe that nobody is at work on.
     *
     * @param out as {@code --out} names it, or {@code null} for those in {@code runs/<experiment>}
     */
    static Optional<Path> unfinished(Path out, Recipe recipe) {
        Path all = Path.of("runs", recipe.name());
        String wanted = text(recipe.toJson());
        try {
            return newest(out, all, path -> isUnfinished(path) && Files.readString(path.resolve(RECIPE)).equals(wanted) && !RunLock.isHeld(path.resolve(UNFINISHED)));
        } catch (IOException unreadable) {
            throw new InputException((out != null ? out : all) + " cannot be read (" + reason(unreadable) + "); give a folder that you may read", unreadable);
        }
    }

    /** What is looked for in a folder. */
    @FunctionalInterface
    interface Wanted {
        boolean is(Path folder) throws IOException;
    }

    /** The newest folder that is wanted: {@code out}, where there is one, or one of those in {@code all}. */
    static Optional<Path> newest(Path out, Path all, Wanted wanted) throws IOException {
        try (Stream<Path> folders = out != null ? Stream.of(out) : Files.isDirectory(all) ? Files.list(all) : Stream.empty()) {
            for (Path folder : folders.sorted(Comparator.reverseOrder()).toList()) {
                if (wanted.is(folder)) {
                    return Optional.of(folder);
                }
            }
            return Optional.empty();
        }
    }

    /** Whether it is that of a run that can be taken up again. */
    static boolean isUnfinished(Path path) {
        return Stream.of(UNFINISHED, ENVIRONMENT, RECIPE).allMatch(file -> Files.isRegularFile(path.resolve(file)));
    }

    /** Writes what {@link #resume} needs. */
    void begin(Recipe recipe, Environment environment) {
        json(RECIPE, recipe.toJson());
        json(ENVIRONMENT, environment.toJson());
    }

    JsonObject recipe() {
        return read(RECIPE);
    }

    Environment environment() {
        return Environment.fromJson(path.resolve(ENVIRONMENT), read(ENVIRONMENT));
    }

    private JsonObject read(String name) {
        try {
            return JsonParser.parseString(Files.readString(path.resolve(name))).getAsJsonObject();
        } catch (IOException | JsonParseException | IllegalStateException damaged) {
            throw new InputException(path.resolve(name) + " cannot be read, so that the run cannot go on; begin a new one", damaged);
        }
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

    /** Makes a folder of this name, or with a number after it where others have that already. */
    static Path createNew(Path wanted) throws IOException {
        Files.createDirectories(wanted.getParent());
        Path folder = wanted;
        for (int more = 2;; more++) {
            try {
                return Files.createDirectory(folder);
            } catch (FileAlreadyExistsException taken) {
                folder = wanted.resolveSibling(wanted.getFileName() + "-" + more);
            }
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

    /** Takes back what {@link #create} and {@link #begin} made, after a run that came to nothing. */
    void discard() {
        lock.close();
        try {
            for (String file : List.of(RECIPE, ENVIRONMENT, UNFINISHED)) {
                Files.deleteIfExists(path.resolve(file));
            }
            delete(made);
        } catch (IOException left) {
            System.err.println("graft: " + path + " is left behind (" + reason(left) + ")");
        }
    }

    /** Leaves an interrupted or failed run as it is, for {@link #resume}. */
    void keep() {
        lock.close();
    }

    Path path() {
        return path;
    }

    /** Where the trainings keep their checkpoints, each in a folder of its own, and at the end the trained model is written. */
    Path checkpoints() {
        return path.resolve("checkpoint");
    }

    /** Whether it was there before, or a training has a checkpoint in it: then it is not to be discarded. */
    boolean isWorthKeeping() {
        return resumed || !checkpointFolders().isEmpty();
    }

    private List<Path> checkpointFolders() {
        if (!Files.isDirectory(checkpoints())) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(checkpoints())) {
            return all.filter(Checkpoint::isIn).toList();
        } catch (IOException unreadable) {
            throw new InputException(checkpoints() + " cannot be read (" + reason(unreadable) + "); give a folder that you may read", unreadable);
        }
    }

    /** Writes the results; from then on the run is finished. */
    void write(Run run, Environment environment) {
        Recipe recipe = run.recipe();
        Split.writeCsv(path.resolve("split.csv"), run.folds(), recipe.data().test(), recipe.data().classes());
        History.writeCsv(path.resolve("history.csv"), run.histories());
        json("metrics.json", metrics(run));
        json(ENVIRONMENT, environment.toJson());
        Map<String, Predictions> predictions = run.result().predictions();
        predictions.getOrDefault("test", predictions.get(run.result().best())).writeCsv(path.resolve("predictions.csv"));
        if (predictions.containsKey("test")) {
            Path submission = path.resolve("submission.csv");
            Submission.write(submission, recipe.data().sampleSubmission(), predictions.get("test"));
            Submission.check(submission, recipe.data().sampleSubmission(), predictions.get("test"));
            if (predictions.containsKey("validation")) {
                predictions.get("validation").writeCsv(path.resolve("validation.csv"));
            }
        }
        run.classifier().saveFolder(checkpoints());
        RunReport.write(path.resolve(REPORT), run, environment);
        lock.close();
        try {
            Files.delete(path.resolve(UNFINISHED));
            for (Path folder : checkpointFolders()) {
                Checkpoint.delete(folder);
                deleteEmpty(folder.getParent());
            }
        } catch (IOException unwritable) {
            throw new InputException(path + " cannot be written (" + reason(unwritable) + "); give a folder that you may write to", unwritable);
        }
    }

    /** The folder around a backbone's trainings, when the last of them is gone. */
    private void deleteEmpty(Path folder) throws IOException {
        if (!folder.equals(checkpoints())) {
            try {
                Files.deleteIfExists(folder);
            } catch (DirectoryNotEmptyException others) {
                // Another training's checkpoint is in it.
            }
        }
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
        AtomicFile.writeText(path.resolve(name), out -> out.write(text(content)));
    }

    private static String text(JsonElement content) {
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create().toJson(content) + "\n";
    }
}
