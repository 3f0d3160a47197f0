package graft.data;

import graft.Progress;
import graft.data.KnownData.Source;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Another JVM that wants the tiny EuroSAT at the same time, and may be killed. */
final class OtherProcess {
    private OtherProcess() { }

    /** @param stop {@code stop at picture N}: it says so there, and waits; or empty */
    static Process start(Path cache, KnownData data, String stop) throws IOException {
        Source pictures = data.pictures();
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-Xmx64m",
            "-cp", System.getProperty("java.class.path"), "-Dgraft.cache=" + cache, OtherProcess.class.getName(),
            pictures.address(), String.valueOf(pictures.bytes()), pictures.sha256(), pictures.md5(), stop).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** The next line that it prints. */
    static String line(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    public static void main(String... arguments) throws Exception {
        Source pictures = new Source(arguments[0], Long.parseLong(arguments[1]), arguments[2], arguments[3]);
        int stop = arguments[4].isEmpty() ? -1 : Integer.parseInt(arguments[4].replaceAll("\\D", ""));
        KnownData real = EuroSat.DATA;
        KnownData data = new KnownData(real.name(), real.about(), real.licence(), real.home(), pictures, List.of(), 8, 0, 2, "", real.layout());
        System.out.println(data.folder((name, total, unit) -> new Progress.Task() {
            private int done;

            @Override public void step(long count) {
                if (name.equals("unpacking") && ++done == stop) {
                    System.out.println("at picture " + stop);
                    try {
                        Thread.sleep(Long.MAX_VALUE);
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                }
            }

            @Override public void note(String text) { }

            @Override public void close() { }
        }));
    }
}
