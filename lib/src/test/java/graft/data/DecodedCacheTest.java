package graft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.SystemProperty;
import graft.InputException;
import graft.Small;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecodedCacheTest {
    private static final int SEGMENT = 4 << 20;
    private static final List<Path> FILES = Small.pictures().train().stream().map(Picture::file).toList();

    /** How often pictures had to be prepared: they were not in the cache. */
    private final AtomicInteger prepared = new AtomicInteger();

    private Image read(DecodedCache cache, Path file, int step) throws UnreadablePictureException {
        return cache.read(file, "step " + step, image -> {
            prepared.incrementAndGet();
            return step(image, step);
        }, image -> image);
    }

    /** Some fixed step of a pipeline. */
    private static Image step(Image image, int step) {
        byte[] pixels = image.pixels().clone();
        pixels[step] ^= (byte) 0x55;
        return new Image(image.height(), image.width(), pixels);
    }

    private static void assertFresh(Path file, int step, Image image) throws UnreadablePictureException {
        Image fresh = step(PictureFile.read(file), step);
        assertEquals(fresh.toString(), image.toString());
        assertArrayEquals(fresh.pixels(), image.pixels(), file.toString());
    }

    @Test
    void aSecondReadAndALaterRunDecodeNothing(@TempDir Path folder) throws IOException {
        try (DecodedCache cache = DecodedCache.of(folder.resolve("new/folder"), 8 * SEGMENT, SEGMENT)) {
            for (int epoch = 0; epoch < 2; epoch++) {
                for (Path file : FILES) {
                    assertFresh(file, 1, read(cache, file, 1));
                }
            }
            assertEquals(FILES.size(), prepared.get());
        }
        try (DecodedCache later = DecodedCache.of(folder.resolve("new/folder"), 8 * SEGMENT, SEGMENT)) {
            for (Path file : FILES) {
                assertFresh(file, 1, read(later, file, 1));
            }
            assertEquals(FILES.size(), prepared.get());
            assertFresh(FILES.get(0), 2, read(later, FILES.get(0), 2));
            assertEquals(FILES.size() + 1, prepared.get(), "another step gives another picture");
        }
    }

    @Test
    void anInterruptIsNoUnusableFolder(@TempDir Path folder) throws IOException {
        try (DecodedCache cache = DecodedCache.of(folder, 8 * SEGMENT, SEGMENT)) {
            read(cache, FILES.get(0), 1);
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, () -> DecodedCache.of(folder, 8 * SEGMENT, SEGMENT));
        } finally {
            assertTrue(Thread.interrupted(), "still interrupted");
        }
    }

    @Test
    void theDiskIsLookedAtOnceAFolder(@TempDir Path folder) {
        String size = System.getProperty("graft.cache.gb");
        String before = System.getProperty("graft.cache");
        try {
            System.setProperty("graft.cache", folder.toString());
            System.setProperty("graft.cache.gb", "a lot");
            assertThrows(InputException.class, DecodedCache::standard);
            System.setProperty("graft.cache.gb", "0");
            assertSame(PictureSource.FILES, DecodedCache.standard());
            System.setProperty("graft.cache.gb", "not asked again");
            assertSame(PictureSource.FILES, DecodedCache.standard());
        } finally {
            SystemProperty.restore("graft.cache.gb", size);
            SystemProperty.restore("graft.cache", before);
        }
    }

    /** Also within the same tick of the clock, and by a file of the same length. */
    @Test
    void aChangedFileIsAnotherPictureAndACopyIsTheSame(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.bmp");
        byte[] bytes = Files.readAllBytes(PictureFileTest.ODD.resolve("rgb.bmp"));
        FileTime longAgo = FileTime.fromMillis(1_000_000_000_000L);
        try (DecodedCache cache = DecodedCache.of(folder.resolve("cache"), 8 * SEGMENT, SEGMENT)) {
            for (int change = 0; change < 4; change++) {
                bytes[bytes.length - 8] += 10;
                Files.write(file, bytes);
                assertFresh(file, 0, read(cache, file, 0));
                assertEquals(change + 1, prepared.get());
            }
            Files.setLastModifiedTime(file, longAgo);
            read(cache, file, 0);
            read(cache, file, 0);
            bytes[bytes.length - 8] += 10;
            Files.write(file, bytes);
            assertFresh(file, 0, read(cache, file, 0));
            assertEquals(5, prepared.get());
            Path copy = Files.copy(file, folder.resolve("copy of a.bmp"));
            assertFresh(copy, 0, read(cache, copy, 0));
            assertEquals(5, prepared.get());
            Files.delete(copy);
            assertEquals("does not exist", assertThrows(UnreadablePictureException.class, () -> read(cache, copy, 0)).getMessage());
        }
    }

    @Test
    void whatWasUsedLongestAgoGoesFirstButNothingOfThisRun(@TempDir Path folder) throws IOException {
        int bound = 3 * SEGMENT + SEGMENT / 2;
        try (DecodedCache first = DecodedCache.of(folder, bound, SEGMENT)) {
            for (int step = 0; step < 4; step++) {
                for (Path file : FILES) {
                    assertFresh(file, step, read(first, file, step));
                    assertTrue(bytes(folder) <= bound, "never above the bound");
                }
            }
            prepared.set(0);
            read(first, FILES.get(0), 0);
            assertEquals(0, prepared.get(), "what came first is kept: later pictures found no room");
            read(first, FILES.get(FILES.size() - 1), 3);
            assertEquals(1, prepared.get());
        }
        List<Path> segments = segments(folder);
        assertEquals(3, segments.size());
        for (Path segment : segments) {   // in this order, long ago
            Files.setLastModifiedTime(segment, FileTime.fromMillis(1_000_000_000_000L + segments.indexOf(segment)));
        }
        try (DecodedCache second = DecodedCache.of(folder, bound, SEGMENT)) {
            for (Path file : FILES.subList(0, 20)) {
                assertFresh(file, 4, read(second, file, 4));
                assertTrue(bytes(folder) <= bound, "never above the bound");
            }
            prepared.set(0);
            read(second, FILES.get(19), 4);
            assertEquals(0, prepared.get(), "there was room for this run");
        }
        List<Path> now = segments(folder);
        assertFalse(now.contains(segments.get(0)), "the oldest is gone");
        assertTrue(now.contains(segments.get(2)), "the newest is not");
        try (DecodedCache none = DecodedCache.of(folder.resolve("none"), SEGMENT - 1, SEGMENT)) {
            assertFresh(FILES.get(0), 0, read(none, FILES.get(0), 0));
        }
        assertEquals(0, bytes(folder.resolve("none")));
    }

    @Test
    void aDamagedStoreGivesNoDamagedPicture(@TempDir Path folder) throws IOException {
        try (DecodedCache cache = DecodedCache.of(folder, 4 * SEGMENT, SEGMENT)) {
            for (Path file : FILES.subList(0, 12)) {
                read(cache, file, 0);
            }
        }
        Path segment = segments(folder).get(0);
        byte[] whole = Files.readAllBytes(segment);
        Random random = new Random(3);
        for (int round = 0; round < 12; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 40; i++) {   // in the table, then in the pixels
                damaged[random.nextInt(round % 2 == 0 ? 12 * 32 : SEGMENT)] = (byte) random.nextInt();
            }
            Files.write(segment, damaged);
            try (DecodedCache cache = DecodedCache.of(folder, 4 * SEGMENT, SEGMENT)) {
                for (Path file : FILES.subList(0, 14)) {
                    assertFresh(file, 0, read(cache, file, 0));
                }
            }
        }
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.setLength(100_000);
        }
        try (DecodedCache cache = DecodedCache.of(folder, 4 * SEGMENT, SEGMENT)) {
            assertFresh(FILES.get(0), 0, read(cache, FILES.get(0), 0));
        }
        Path file = Files.writeString(folder.resolve("file"), "");
        assertTrue(assertThrows(InputException.class, () -> DecodedCache.of(file.resolve("x"), SEGMENT, SEGMENT)).getMessage().contains("GRAFT_CACHE"));
    }

    @Test
    void threadsShareIt(@TempDir Path folder) throws IOException {
        try (DecodedCache cache = DecodedCache.of(folder, 64 * SEGMENT, SEGMENT)) {
            IntStream.range(0, 400).parallel().forEach(i -> {
                try {
                    int at = (int) Math.floorMod(Mix.of(1, i), (long) FILES.size());
                    assertFresh(FILES.get(at), i % 3, read(cache, FILES.get(at), i % 3));
                } catch (UnreadablePictureException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    /** Two processes at a time fill the same store, each killed after some random time; whatever they left is whole. */
    @Test
    void killedProcessesLeaveWholePictures(@TempDir Path folder) throws Exception {
        int bound = 12 * SEGMENT;
        Random random = new Random(7);
        List<Process> running = new ArrayList<>();
        try {
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < 2; i++) {
                    running.add(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp",
                        System.getProperty("java.class.path"), Filler.class.getName(), folder.toString(), String.valueOf(bound), String.valueOf(random.nextInt()))
                        .redirectErrorStream(true).start());
                }
                for (Process process : running) {
                    assertEquals('.', process.getInputStream().read(), "it has begun");
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(250));
                for (Process process : running) {
                    process.destroyForcibly().waitFor();
                }
                running.clear();
                assertTrue(bytes(folder) <= bound + 2L * SEGMENT, "an unfinished file may be left, no more");
            }
        } finally {
            running.forEach(Process::destroyForcibly);
        }
        int kept = 0;
        try (DecodedCache cache = DecodedCache.of(folder, bound, SEGMENT)) {
            for (int step = 0; step < Filler.STEPS; step++) {
                for (Path file : FILES) {
                    prepared.set(0);
                    assertFresh(file, step, read(cache, file, step));
                    kept += 1 - prepared.get();
                }
            }
        }
        assertTrue(kept > 20, "pictures that the killed processes left: " + kept);
        assertFalse(Files.list(folder).anyMatch(file -> file.toString().endsWith(".part")) && segments(folder).size() < 12, "what was unfinished is cleared away");
    }

    /** The process that is killed. */
    static final class Filler {
        static final int STEPS = 6;

        public static void main(String[] arguments) throws IOException {
            DecodedCache cache = DecodedCache.of(Path.of(arguments[0]), Long.parseLong(arguments[1]), SEGMENT);
            Random random = new Random(Long.parseLong(arguments[2]));
            for (int i = 0; true; i++) {
                int step = random.nextInt(STEPS);
                Path file = FILES.get(random.nextInt(FILES.size()));
                cache.read(file, "step " + step, image -> step(image, step), image -> image);
                if (i == 2) {
                    System.out.print('.');
                    System.out.flush();
                }
            }
        }
    }

    private static List<Path> segments(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".pictures")).sorted().toList();
        }
    }

    private static long bytes(Path folder) throws IOException {
        long total = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                total += Files.size(file);
            }
        }
        return total;
    }
}
