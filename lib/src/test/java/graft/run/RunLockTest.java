package graft.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

class RunLockTest {
    private static final int HELD = 7;

    /** Asks in a process of its own. */
    public static void main(String... arguments) throws Exception {
        System.exit(RunLock.isHeld(Path.of(arguments[0])) ? HELD : 0);
    }

    private static int asked(Path file) throws Exception {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"), RunLockTest.class.getName(), file.toString())
            .inheritIO().start().waitFor();
    }

    @Test
    void askingForItLetsNobodyIn(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("unfinished"));
        try (RunLock lock = RunLock.of(file)) {
            assertTrue(RunLock.isHeld(file));
            assertTrue(RunLock.isHeld(folder.resolve(".").resolve("unfinished")));
            assertThrows(InputException.class, () -> RunLock.of(file));
            assertEquals(HELD, asked(file));
        }
        assertFalse(RunLock.isHeld(file));
        assertEquals(0, asked(file));
    }
}
