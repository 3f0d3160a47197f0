package graft.run;

import graft.InputException;
import graft.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --resume DIR}, in place of all other options of an experiment. */
final class Resume {
    @Option(names = "--resume", required = true, paramLabel = "DIR", description = "the folder of an unfinished run")
    private Path folder;

    private final List<String> others = new ArrayList<>();
    private final List<String> own = new ArrayList<>();

    /** @param arguments of the script, of which {@link #own} are parsed */
    Resume(String... arguments) {
        for (String one : arguments) {
            boolean ours = one.equals("--resume") || one.startsWith("--resume=") || !own.isEmpty() && own.get(own.size() - 1).equals("--resume") && !one.startsWith("-");
            (ours ? own : others).add(one);
        }
    }

    String[] own() {
        return own.toArray(String[]::new);
    }

    /** Whether this is what was asked for, and not for help. */
    static boolean wanted(String... arguments) {
        List<String> all = List.of(arguments);
        return all.stream().anyMatch(one -> one.equals("--resume") || one.startsWith("--resume=")) && !all.contains("--help") && !all.contains("-h");
    }

    /** @throws InputException if anything else was asked for too, or the run is another script's */
    UnfinishedRun open(String script, Progress progress) throws InterruptedException {
        if (!others.isEmpty()) {
            throw new InputException("--resume goes alone, without " + String.join(" ", others) + ": everything else is as it was when the run began");
        }
        return UnfinishedRun.open(folder, script, progress);
    }
}
