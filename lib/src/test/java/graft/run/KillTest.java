package graft.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A run of another JVM that is killed at random moments, by force or with SIGTERM, and goes on each time. {@code jbang/bench/KillBench.java} does it a hundred times. */
@DisabledOnOs(OS.WINDOWS) // which has no signals
class KillTest {
    private static final int KILLS = 5;
    private static final int TERMINATED = 143;

    @TempDir Path folder;

    private Process start(String... arguments) throws IOException {
        String[] command = new String[5 + arguments.length];
        System.arraycopy(new String[] {Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
            KilledRun.class.getName()}, 0, command, 0, 5);
        System.arraycopy(arguments, 0, command, 5, arguments.length);
        return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.to(folder.resolve("errors").toFile())).start();
    }

    private boolean began(Path out) {
        return Files.exists(out.resolve("environment.json"));
    }

    /** Waits for a checkpoint, and a little longer; or for the end. */
    private static void awaitMoment(Process process, Path out, long millis) throws Exception {
        while (process.isAlive() && !Files.exists(out.resolve("checkpoint/mobilenet_v2/training/checkpoint.json"))) {
            Thread.sleep(5);
        }
        process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    @Test
    void aKilledRunEndsWithTheSameBits() throws Exception {
        Path whole = folder.resolve("whole");
        assertEquals(0, start("--out", whole.toString()).waitFor(), () -> said());
        SplittableRandom random = new SplittableRandom(3);
        Path out = folder.resolve("out");
        int kills = 0;
        while (kills < KILLS && !Files.exists(out.resolve("report.html"))) {
            Process process = began(out) ? start("--resume", out.toString()) : start("--out", out.toString());
            awaitMoment(process, out, random.nextInt(kills == 0 ? 500 : 3000));
            if (process.isAlive()) {
                boolean politely = kills++ % 2 == 0;
                if (politely) {
                    process.destroy();
                    int status = process.waitFor();
                    boolean ended = status == 0 && !Files.exists(out.resolve("unfinished"));
                    assertTrue(ended || status == TERMINATED, () -> status + said());
                    boolean trained = said().contains("training    ") && Files.exists(out.resolve("unfinished"));
                    assertTrue(!trained || said().contains("go on        environment/jbang killed --resume " + out) && said().contains("graft: stopped"), said());
                } else {
                    process.destroyForcibly().waitFor();
                }
            }
        }
        assertTrue(kills > 0);
        if (Files.exists(out.resolve("unfinished"))) {
            assertEquals(0, start("--resume", out.toString()).waitFor(), () -> said());
        }
        ResumeTest.assertSameRun(whole, out);
    }

    private String said() {
        try {
            return Files.readString(folder.resolve("errors"));
        } catch (IOException gone) {
            return gone.toString();
        }
    }
}
