package graft.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CellOutputTest {
    /** The kernel's messages fail in an interrupted thread; the cell still learns that it was interrupted. */
    @Test void anInterruptedCellSendsItsOutputs() {
        List<Boolean> interrupted = new ArrayList<>();
        Thread.currentThread().interrupt();
        CellOutput.send(() -> interrupted.add(Thread.currentThread().isInterrupted()));
        assertTrue(Thread.interrupted());
        assertEquals(List.of(false), interrupted);
        CellOutput.send(() -> interrupted.add(true));
        assertFalse(Thread.interrupted());
    }

    @Test void aFailureIsTold() {
        IllegalArgumentException cause = new IllegalArgumentException("no such output");
        assertSame(cause, assertThrows(IllegalStateException.class, () -> CellOutput.send(() -> {
            throw cause;
        })).getCause());
    }
}
