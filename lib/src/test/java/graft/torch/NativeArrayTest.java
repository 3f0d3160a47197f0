package graft.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import graft.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NativeArrayTest {
    @Test
    void arraysComeInTheOrderOfTheirTensors() {
        try (NDManager manager = Libtorch.manager()) {
            List<NDArray> arrays = NativeArray.of(manager, List.of(StateTensor.of(new float[] {1, 2}, 2), StateTensor.of(new long[] {3}, 1)));
            assertEquals(2, arrays.get(0).toFloatArray()[1]);
            assertEquals(3, arrays.get(1).toLongArray()[0]);
        }
    }

    @Test
    void aTensorThatFailsEndsTheCallAfterAllOthersHaveEnded() {
        AtomicInteger reading = new AtomicInteger();
        AtomicInteger failing = new AtomicInteger();
        List<StateTensor> tensors = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            boolean fails = i % 2 == 1;
            tensors.add(StateTensor.of(() -> {
                reading.incrementAndGet();
                try {
                    if (fails) {
                        failing.incrementAndGet();
                        throw new InputException("the file was changed");
                    }
                    for (long end = System.nanoTime() + 200_000_000; System.nanoTime() < end;) {
                        Thread.onSpinWait();
                    }
                    return new float[1];
                } finally {
                    reading.decrementAndGet();
                }
            }, 1));
        }
        try (NDManager manager = Libtorch.manager()) {
            assertEquals("the file was changed", assertThrows(InputException.class, () -> NativeArray.of(manager, tensors)).getMessage());
            assertEquals(0, reading.get(), "tensors that are still read");
            assertTrue(failing.get() > 0);
        }
    }

    @Test
    void anInterruptCancels() {
        Thread.currentThread().interrupt();
        try (NDManager manager = Libtorch.manager()) {
            assertThrows(CancellationException.class, () -> NativeArray.of(manager, List.of(StateTensor.of(new float[1], 1))));
        } finally {
            assertTrue(Thread.interrupted(), "still interrupted");
        }
    }
}
