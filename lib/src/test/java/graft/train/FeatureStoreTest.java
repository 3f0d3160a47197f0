package graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class FeatureStoreTest {
    private static final int ROW = 100;

    @TempDir
    private Path folder;

    private static float[] row(int number) {
        float[] row = new float[ROW];
        for (int i = 0; i < ROW; i++) {
            row[i] = number + i / 1000f;
        }
        row[1] = -0f;
        row[2] = Float.MIN_VALUE;
        return row;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** Two rows on the heap, two in each file of 1,000 bytes. */
    @Test
    void rowsThatTheHeapDoesNotHoldComeBackFromFiles() throws Exception {
        float[][] given = new float[9][];
        try (FeatureStore store = new FeatureStore(folder, 900, 10_000, 1000)) {
            List<FeatureStore.Row> rows = new ArrayList<>();
            for (int i = 0; i < given.length; i++) {
                given[i] = row(i);
                rows.add(store.add(given[i]));
            }
            assertSame(given[1], rows.get(1).get());
            assertNotSame(given[2], rows.get(2).get());
            for (int i = 0; i < given.length; i++) {
                assertArrayEquals(given[i], rows.get(i).get());
                assertArrayEquals(given[i], rows.get(i).get(), "a second time");
            }
            assertEquals(4000, store.onDisk());
            assertTrue(System.getProperty("os.name").startsWith("Windows") || files().isEmpty(), "its files have no name: nothing is left of a process that is killed");
        }
        assertEquals(List.of(), files());
    }

    @Test
    void aRowLargerThanAFileHasOneOfItsOwn() throws Exception {
        try (FeatureStore store = new FeatureStore(folder, 0, 1000, 40)) {
            FeatureStore.Row first = store.add(row(1));
            FeatureStore.Row second = store.add(row(2));
            assertArrayEquals(row(1), first.get());
            assertArrayEquals(row(2), second.get());
        }
    }

    @Test
    void whereNoRoomIsLeftOneSentenceSaysSo() throws Exception {
        try (FeatureStore store = new FeatureStore(folder, 0, 1000, 500)) {
            for (int i = 0; i < 2; i++) {
                store.add(row(i));
            }
            InputException full = assertThrows(InputException.class, () -> store.add(row(3)));
            assertTrue(full.getMessage().contains("of the disk of " + folder) && full.getMessage().contains("GRAFT_CACHE"), full.getMessage());
        }
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        try (FeatureStore store = new FeatureStore(file, 0, -1, 500)) {
            InputException refused = assertThrows(InputException.class, () -> store.add(row(3)));
            assertTrue(refused.getMessage().startsWith("features cannot be kept in " + file), refused.getMessage());
        }
    }

    @Test
    void anInterruptLosesNothing() throws Exception {
        try (FeatureStore store = new FeatureStore(folder, 0, 10_000, 400)) {
            FeatureStore.Row before = store.add(row(1));
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> store.add(row(2)));
            FeatureStore.Row after = store.add(row(3));
            assertArrayEquals(row(1), before.get());
            assertArrayEquals(row(3), after.get());
        }
    }
}
