///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//JAVA_OPTIONS -XX:+UseSerialGC
//DEPS graft:graft:0.1.0

import graft.augment.CutMix;
import graft.augment.MixUp;
import graft.augment.Transforms;
import graft.backbone.Weights;
import graft.data.ImageFolder;
import graft.data.Split;
import graft.eval.Published;
import graft.run.Experiment;
import graft.run.Options;
import graft.run.Script;
import graft.train.Ema;
import graft.train.Optimizer;
import graft.train.Recipe;
import graft.train.Schedule;
import graft.train.Trainable;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills short trainings at random moments, by force or (every third time) with SIGTERM, lets them go on, and compares what they end with to one that was never killed, byte
 * for byte. Each run is killed until it ends by itself, so that one run takes several kills.
 */
class KillBench {
    @Option(names = "--kills", paramLabel = "N", description = "how many; ${DEFAULT-VALUE} unless said")
    int kills = 100;

    @Option(names = "--seed", paramLabel = "N", description = "of the moments; ${DEFAULT-VALUE} unless said")
    long seed;

    static Recipe recipe() {
        return Recipe.of("killed", ImageFolder.of("builtin:groceries12").first(2)).backbone("resnet18", Weights.untrained("resnet18", 1))
            .split(Split.folds(2)).epochs(3).batch(4).trainable(Trainable.gradual(1, 2))
            .train(Transforms.randomResizedCrop(64), Transforms.randomHorizontalFlip()).evaluate(Transforms.resize(64), Transforms.centerCrop(64))
            .mix(new MixUp(0.4), new CutMix(1)).optimizer(Optimizer.adamW(1e-3)).schedule(Schedule.cosine().everyStep()).ema(Ema.ema(0.9));
    }

    /** The run of its own, in another JVM. */
    static final class Child {
        public static void main(String... arguments) {
            Experiment.run("killed", "Is killed.", new Options(), options -> recipe(), Published.none(), arguments);
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-cp",
            System.getProperty("java.class.path"), Child.class.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private int run() throws Exception {
        Path folder = Files.createTempDirectory("graft-kills");
        try {
            Path whole = folder.resolve("whole");
            long start = System.nanoTime();
            if (start("--out", whole.toString()).waitFor() != 0) {
                throw new IllegalStateException("the run that is not killed fails");
            }
            int longest = (int) ((System.nanoTime() - start) / 1_000_000);
            SplittableRandom random = new SplittableRandom(seed);
            int killed = 0;
            int runs = 0;
            int different = 0;
            while (killed < kills) {
                Path out = folder.resolve("run" + runs++);
                while (!Files.exists(out.resolve("report.html")) || Files.exists(out.resolve("unfinished"))) {
                    boolean began = Files.exists(out.resolve("environment.json"));
                    if (!began) {
                        delete(out);
                    }
                    Process process = start(began ? "--resume" : "--out", out.toString());
                    if (killed < kills && !process.waitFor(random.nextInt(longest), TimeUnit.MILLISECONDS)) {
                        if (++killed % 3 == 0) {
                            process.destroy();
                        } else {
                            process.destroyForcibly();
                        }
                    }
                    process.waitFor();
                }
                different += same(whole, out) ? 0 : 1;
                System.out.printf("%d kills, %d runs, %d of them different%n", killed, runs, different);
            }
            return different == 0 ? 0 : 1;
        } finally {
            delete(folder);
        }
    }

    private static boolean same(Path whole, Path out) throws IOException {
        for (String file : List.of("recipe.json", "history.csv", "metrics.json", "predictions.csv", "checkpoint/resnet18.safetensors")) {
            if (Files.mismatch(whole.resolve(file), out.resolve(file)) >= 0) {
                System.out.println(file + " differs in " + out);
                return false;
            }
        }
        return true;
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
    }

    public static void main(String... arguments) {
        KillBench bench = new KillBench();
        Script.main(bench::run, bench, "jbang/bench/KillBench.java", "Kills short trainings, lets them go on, and compares.", arguments);
    }
}
