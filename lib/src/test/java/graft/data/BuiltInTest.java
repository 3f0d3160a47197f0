package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltInTest {
    @TempDir Path cache;
    private String before;

    @BeforeEach
    void ownCache() {
        before = System.getProperty("graft.cache");
        System.setProperty("graft.cache", cache.toString());
    }

    @AfterEach
    void restoreCache() {
        if (before == null) {
            System.clearProperty("graft.cache");
        } else {
            System.setProperty("graft.cache", before);
        }
    }

    @Test
    void groceries12IsComplete() throws InterruptedException {
        ImageFolder folder = ImageFolder.of("builtin:groceries12");
        assertEquals("groceries12 (built in)", folder.name());
        assertEquals(12, folder.classes().size());
        assertEquals(120, folder.train().size());
        assertEquals(120, folder.test().size());
        assertTrue(folder.testLabelled());
        assertTrue(folder.checked(false, Progress.SILENT).unreadable().isEmpty());
        assertTrue(Files.isRegularFile(folder.root().resolve("LICENSE")) && Files.isRegularFile(folder.root().resolve("CARD.md")));
    }

    @Test
    void anInterruptIsNoUnwritableCache() {
        Thread.currentThread().interrupt();
        try {
            assertThrows(CancellationException.class, () -> BuiltIn.folder("groceries12"));
        } finally {
            assertTrue(Thread.interrupted(), "still interrupted");
        }
        assertTrue(Files.isDirectory(BuiltIn.folder("groceries12")));
    }

    @Test
    void isUnpackedOnceAndHealsWhenDamaged() throws IOException {
        Path root = ImageFolder.of("builtin:groceries12").root();
        Path file = root.resolve("train/kiwi/3.jpg");
        byte[] picture = Files.readAllBytes(file);
        var written = Files.getLastModifiedTime(root.resolve("train"));
        ImageFolder.of("builtin:groceries12");
        assertEquals(written, Files.getLastModifiedTime(root.resolve("train")));
        Files.write(file, new byte[7]);
        ImageFolder.of("builtin:groceries12");
        assertEquals(picture.length, Files.size(file));
        Files.delete(file);
        ImageFolder.of("builtin:groceries12");
        assertEquals(picture.length, Files.size(file));
        Files.write(root.resolve("train/kiwi/mine.jpg"), picture);
        assertEquals(120, ImageFolder.of("builtin:groceries12").train().size());
        try (Stream<Path> left = Files.list(root.getParent())) {
            assertEquals(2, left.count(), "the data set and its lock");
        }
    }

    @Test
    void anUnknownNameListsTheKnown() {
        String message = assertThrows(InputException.class, () -> ImageFolder.of("builtin:groceries")).getMessage();
        assertEquals("there is no built-in data set groceries; builtin:groceries12 would be right", message);
    }

    @Test
    void aCacheThatCannotBeWritten() throws IOException {
        Path file = Files.write(cache.resolve("file"), new byte[1]);
        System.setProperty("graft.cache", file.toString());
        String message = assertThrows(InputException.class, () -> ImageFolder.of("builtin:groceries12")).getMessage();
        assertTrue(message.contains("GRAFT_CACHE"), message);
    }
}
