package graft.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import graft.AtomicFile;
import graft.InputException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of {@link Variants}: one of each run, {@code variants.csv} and {@code variants.png}. As long as a file {@code unfinished} lies beside them, which names the recipes, they can be
 * gone on with; {@code finished.json} holds the runs that are over.
 */
final class VariantsFolder implements AutoCloseable {
    private static final String UNFINISHED = RunFolder.UNFINISHED;
    private static final String FINISHED = "finished.json";

    private final Path path;
    private final boolean made;
    private final Map<String, VariantRun> finished;
    private final RunLock lock;

    private VariantsFolder(Path path, boolean made, Map<String, VariantRun> finished, RunLock lock) {
        this.path = path;
        this.made = made;
        this.finished = finished;
        this.lock = lock;
    }

    /**
     * The newest folder of just these recipes that was stopped and that nobody is at work on, or a new one.
     *
     * @param out as {@code --out} names it, or {@code null} for {@code runs/<experiment>/<time>-variants}
     * @param recipes their hashes, in order
     */
    static VariantsFolder open(Path out, String experiment, List<String> recipes) {
        Path all = Path.of("runs", experiment);
        try {
            Optional<Path> stopped = RunFolder.newest(out, all, folder -> (out != null || folder.toString().contains("-variants")) && isStopped(folder, recipes));
            if (stopped.isPresent()) {
                return new VariantsFolder(stopped.get(), false, read(stopped.get()), RunLock.of(stopped.get().resolve(UNFINISHED)));
            }
            RunFolder.check(out);
            boolean made = out == null || Files.notExists(out);
            Path path = out == null ? RunFolder.createNew(all.resolve(LocalDateTime.now().format(RunFolder.TIME) + "-variants")) : Files.createDirectories(out);
            Files.writeString(path.resolve(UNFINISHED), String.join("\n", recipes) + "\n", StandardOpenOption.CREATE_NEW);
            return new VariantsFolder(path, made, new LinkedHashMap<>(), RunLock.of(path.resolve(UNFINISHED)));
        } catch (IOException unusable) {
            throw new InputException((out != null ? out : all) + " cannot be used (" + unusable.getMessage() + "); give a folder that you may read and write with --out", unusable);
        }
    }

    /** Asks for the lock before it reads the file that is locked; see {@link RunLock}. */
    private static boolean isStopped(Path folder, List<String> recipes) throws IOException {
        Path unfinished = folder.resolve(UNFINISHED);
        return Files.isRegularFile(unfinished) && !RunLock.isHeld(unfinished) && Files.readAllLines(unfinished).equals(recipes);
    }

    private static Map<String, VariantRun> read(Path folder) throws IOException {
        Path file = folder.resolve(FINISHED);
        Map<String, VariantRun> runs = new LinkedHashMap<>();
        if (Files.exists(file)) {
            try {
                for (JsonElement run : JsonParser.parseString(Files.readString(file)).getAsJsonArray()) {
                    VariantRun one = VariantRun.fromJson(run.getAsJsonObject(), folder);
                    runs.put(one.recipe(), one);
                }
            } catch (RuntimeException damaged) { // what a damaged file leads to in Gson
                throw new InputException(file + " is damaged, so that these variants cannot go on; delete their folder, and begin again", damaged);
            }
        }
        return runs;
    }

    Path path() {
        return path;
    }

    /** The runs that were over when it was stopped, by the hash of the recipe. */
    Map<String, VariantRun> finished() {
        return Map.copyOf(finished);
    }

    /** Notes what a run has answered. */
    void add(Map<String, VariantRun> runs) {
        finished.putAll(runs);
        JsonArray json = new JsonArray();
        finished.values().forEach(run -> json.add(run.toJson()));
        AtomicFile.writeText(path.resolve(FINISHED), out -> out.write(json + "\n"));
    }

    /** The folder for a run, where an unfinished one may lie; another beside it where that cannot be gone on with, or is finished and was not noted. */
    Path of(String name) {
        Path run = path.resolve(name);
        for (int more = 2; Files.exists(run) && !RunFolder.isUnfinished(run); more++) {
            run = path.resolve(name + "-" + more);
        }
        return run;
    }

    /** Whether a run was made here under this name, and is not another's with the same recipe. */
    boolean isOf(String name, VariantRun run) {
        return path.equals(run.folder().getParent()) && run.folder().getFileName().toString().replaceFirst("-[0-9]+$", "").equals(name.replaceFirst("-[0-9]+$", ""));
    }

    /** All of them are over. */
    void finish() {
        lock.close();
        try {
            Files.delete(path.resolve(UNFINISHED));
            Files.deleteIfExists(path.resolve(FINISHED));
        } catch (IOException unwritable) {
            throw new InputException(path + " cannot be written (" + unwritable.getMessage() + "); give a folder that you may write to", unwritable);
        }
    }

    /** Leaves them to be gone on with; nothing, where no run has left anything. */
    @Override
    public void close() {
        lock.close();
        try (Stream<Path> entries = Files.list(path)) {
            if (entries.map(entry -> entry.getFileName().toString()).toList().equals(List.of(UNFINISHED))) {
                Files.delete(path.resolve(UNFINISHED));
                if (made) {
                    Files.delete(path);
                }
            }
        } catch (IOException left) {
            System.err.println("graft: " + path + " is left behind (" + left.getMessage() + ")");
        }
    }
}
