package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir Path folder;

    private static StateDict tensors(long seed, int floats) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[floats];
        for (int i = 0; i < floats; i++) {
            values[i] = Float.intBitsToFloat(random.nextInt()); // NaN, infinities and denormal numbers too
        }
        return new StateDict("test").put("a.weight", StateTensor.of(values, floats)).put("counts", StateTensor.of(new long[] {seed, -1}, 2));
    }

    private static Checkpoint checkpoint(long seed) {
        History history = new History();
        history.add(new History.Epoch(1, 1e-3, 0.1 + 0.2, 1.0 / 3, Double.NaN, Double.NaN));
        history.add(new History.Epoch(2, Double.MIN_VALUE, Double.POSITIVE_INFINITY, -0.0, Math.nextUp(0.7), 0.5 + seed));
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("loss", Math.nextDown(123.4));
        numbers.put("lowest", Double.NEGATIVE_INFINITY);
        numbers.put("not measured", Double.NaN);
        numbers.put("seen", 9007199254740991.0);
        Map<String, StateDict> groups = new LinkedHashMap<>();
        groups.put("network", tensors(seed, 1000));
        groups.put("best", new StateDict("none"));
        groups.put("optimizer", new StateDict("test").put("exp_avg/a.weight", StateTensor.of(new float[] {seed}, 1)));
        return new Checkpoint("5f2c0123", 2, (int) seed, numbers, history, 1, false, groups);
    }

    private static void assertSame(Checkpoint expected, Checkpoint actual) {
        assertEquals(text(expected), text(actual));
        expected.tensors().forEach((group, state) -> {
            assertEquals(List.copyOf(state.names()), List.copyOf(actual.tensors().get(group).names()));
            for (String name : state.names()) {
                assertEquals(state.get(name).toString(), actual.tensors().get(group).get(name).toString());
                assertEquals(state.get(name).bytes(), actual.tensors().get(group).get(name).bytes(), name);
            }
        });
    }

    private static String text(Checkpoint checkpoint) {
        return checkpoint.recipe() + checkpoint.epoch() + " " + checkpoint.step() + checkpoint.best() + checkpoint.finished() + checkpoint.history().epochs()
            + checkpoint.numbers().entrySet().stream().map(number -> number.getKey() + Long.toHexString(Double.doubleToRawLongBits(number.getValue()))).toList()
            + checkpoint.tensors().keySet();
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private Path tensorFile() throws IOException {
        return folder.resolve(files().stream().filter(name -> name.endsWith(".safetensors")).findFirst().orElseThrow());
    }

    @Test
    void everythingComesBackToTheBit() throws IOException {
        assertTrue(Checkpoint.read(folder, "5f2c0123").isEmpty());
        assertTrue(Checkpoint.read(folder.resolve("missing"), "5f2c0123").isEmpty());
        for (int i = 0; i < 3; i++) {
            checkpoint(i).write(folder);
            assertSame(checkpoint(i), Checkpoint.read(folder, "5f2c0123").orElseThrow());
            assertEquals(2, files().size(), files().toString());
        }
    }

    /** A training resumes from mapped tensors and writes new checkpoints, also of the same content, while it still needs them. */
    @Test
    void whatWasReadStaysReadable() throws IOException {
        checkpoint(1).write(folder);
        Checkpoint read = Checkpoint.read(folder, "5f2c0123").orElseThrow();
        Path file = tensorFile();
        Object before = Files.getAttribute(file, "lastModifiedTime");
        read.write(folder);
        assertEquals(before, Files.getAttribute(file, "lastModifiedTime"), "the same content was written again");
        checkpoint(2).write(folder);
        assertFalse(Files.exists(file));
        assertSame(checkpoint(1), read);
        read.write(folder.resolve("elsewhere"));
        assertSame(checkpoint(1), Checkpoint.read(folder.resolve("elsewhere"), "5f2c0123").orElseThrow());
    }

    @Test
    void anotherRecipesCheckpointIsRefused() {
        checkpoint(1).write(folder);
        assertEquals("the checkpoint in " + folder + " belongs to recipe 5f2c0123, and this one is 77777777; go on with the recipe that it was written by, or choose another folder",
            assertThrows(InputException.class, () -> Checkpoint.read(folder, "77777777")).getMessage());
    }

    private void assertDamaged() {
        InputException refused = assertThrows(InputException.class, () -> Checkpoint.read(folder, "5f2c0123"));
        assertTrue(refused.getMessage().startsWith("the checkpoint in " + folder + " is damaged: "), refused.getMessage());
        assertTrue(refused.getMessage().endsWith("; without that folder the training begins again") && !refused.getMessage().contains("\n"), refused.getMessage());
    }

    /** Cut off at every byte of the description, and in the length, the header, the data of the tensors; and one bit of each changed. */
    @Test
    void whateverIsDamagedIsRefused() throws IOException {
        checkpoint(1).write(folder);
        for (Path file : List.of(folder.resolve("checkpoint.json"), tensorFile())) {
            byte[] whole = Files.readAllBytes(file);
            int step = file.endsWith("checkpoint.json") ? 1 : 97;
            for (int length = 0; length < whole.length; length += step) {
                Files.write(file, Arrays.copyOf(whole, length));
                assertDamaged();
                byte[] changed = whole.clone();
                changed[length] ^= 1;
                Files.write(file, changed);
                assertDamaged();
            }
            Files.write(file, Arrays.copyOf(whole, whole.length + 1));
            if (step > 1) {
                assertDamaged();
            }
            Files.write(file, whole);
        }
        assertSame(checkpoint(1), Checkpoint.read(folder, "5f2c0123").orElseThrow());
        Files.delete(tensorFile());
        assertDamaged();
        for (String text : List.of("[]", "null", "{}", "{\"sha256\":\"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\"}")) { // the last: that of {}
            Files.writeString(folder.resolve("checkpoint.json"), text);
            assertDamaged();
        }
    }

    @Test
    void whatKilledWritersLeftIsRemoved() throws IOException {
        checkpoint(1).write(folder);
        Files.write(folder.resolve("tensors.part"), new byte[10]);
        Files.write(folder.resolve("checkpoint.json.part"), new byte[10]);
        Files.write(folder.resolve("0".repeat(64) + ".safetensors"), new byte[10]);
        Files.writeString(folder.resolve("notes.txt"), "somebody's own");
        assertSame(checkpoint(1), Checkpoint.read(folder, "5f2c0123").orElseThrow());
        checkpoint(2).write(folder);
        assertEquals(3, files().size(), files().toString());
        assertTrue(files().contains("notes.txt"));
        Checkpoint.delete(folder);
        assertEquals(Set.of("notes.txt"), files());
        checkpoint(2).write(folder.resolve("own"));
        Checkpoint.delete(folder.resolve("own"));
        Checkpoint.delete(folder.resolve("own"));
        assertEquals(Set.of("notes.txt"), files());
    }

    /** The one that a training writes because it was interrupted. */
    @Test
    void anInterruptDoesNotEndTheWriting() {
        Thread.currentThread().interrupt();
        checkpoint(1).write(folder);
        assertTrue(Thread.interrupted());
        assertSame(checkpoint(1), Checkpoint.read(folder, "5f2c0123").orElseThrow());
    }

    @Test
    void aPlaceThatCannotBeWrittenIsSaid() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        String sentence = assertThrows(InputException.class, () -> checkpoint(1).write(file)).getMessage();
        assertTrue(sentence.startsWith("the checkpoint in " + file + " cannot be written ("), sentence);
    }

    /** Another JVM writes one checkpoint after the other and is killed somewhere, six times: the last one that it reported, or the next, is whole. */
    @Test
    void aKilledWriterLeavesItsLastGoodOne() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        for (int kill = 0; kill < 6; kill++) {
            Process writer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp",
                System.getProperty("java.class.path"), Writer.class.getName(), folder.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            int last = -1;
            try (var lines = writer.inputReader()) {
                int until = 1 + random.nextInt(10);
                for (int i = 0; i < until; i++) {
                    last = Integer.parseInt(lines.readLine());
                }
                Thread.sleep(random.nextInt(15));
                writer.toHandle().destroyForcibly(); // the Process's own closes what it has printed
                for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                    last = Integer.parseInt(line);
                }
            }
            Checkpoint read = Checkpoint.read(folder, "5f2c0123").orElseThrow();
            assertTrue(read.step() == last || read.step() == last + 1, read.step() + " after " + last);
            assertSame(checkpoint(read.step()), read);
        }
        checkpoint(1).write(folder);
        assertEquals(2, files().size(), files().toString());
    }

    /** Counts checkpoints up, from the one that is there, until it is killed. */
    static final class Writer {
        private Writer() { }

        public static void main(String... arguments) {
            Path folder = Path.of(arguments[0]);
            for (int i = Checkpoint.read(folder, "5f2c0123").map(Checkpoint::step).orElse(-1) + 1; true; i++) {
                checkpoint(i).write(folder);
                System.out.println(i);
            }
        }
    }
}
