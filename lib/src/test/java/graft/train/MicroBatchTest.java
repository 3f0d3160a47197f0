package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.InputException;
import graft.torch.Libtorch;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class MicroBatchTest {
    private static final long MEGABYTE = 1 << 20;

    private final List<String> notes = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();

    /** Takes so many megabytes a picture, and ends as libtorch does where it gets none. */
    private String step(int size, int most) {
        sizes.add(size);
        if (size > most) {
            throw new EngineException("[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 4611686018427387904 bytes. Error code 12");
        }
        return "gradients of " + size;
    }

    @Test
    void itHalvesUntilAStepFitsAndKeepsThatSize() throws Exception {
        MicroBatch micro = new MicroBatch(16, false, notes::add);
        assertEquals("gradients of 4", micro.run(size -> step(size, 5)));
        assertEquals("gradients of 4", micro.run(size -> step(size, 5)));
        assertEquals(List.of(16, 8, 4, 4), sizes);
        assertEquals(4, micro.size());
        assertEquals(List.of("there is no memory for 16 pictures at a time: going on with 8, in batches as large as before",
            "there is no memory for 8 pictures at a time: going on with 4, in batches as large as before"), notes);
    }

    @Test
    void batchNormsAreNamed() throws Exception {
        new MicroBatch(6, true, notes::add).run(size -> step(size, 3));
        assertEquals(List.of("there is no memory for 6 pictures at a time: going on with 3, in batches as large as before; batch norms now see 3 pictures together"), notes);
    }

    @Test
    void onePictureThatDoesNotFitEndsInASentence() {
        MicroBatch micro = new MicroBatch(2, false, notes::add);
        InputException refused = assertThrows(InputException.class, () -> micro.run(size -> step(size, 0)));
        assertTrue(refused.getMessage().startsWith("there is not enough memory to train on one picture at a time"), refused.getMessage());
        assertEquals(List.of(2, 1), sizes);
    }

    @Test
    void otherFailuresAreHandedOn() {
        EngineException other = new EngineException("The size of tensor a (3) must match the size of tensor b (4)");
        assertSame(other, assertThrows(EngineException.class, () -> new MicroBatch(4, false, notes::add).run(size -> {
            throw other;
        })));
        assertTrue(notes.isEmpty());
    }

    /** libtorch itself, asked for four exabytes. */
    @Test
    void theErrorOfLibtorchIsRecognised() throws Exception {
        MicroBatch micro = new MicroBatch(8, false, notes::add);
        try (NDManager manager = Libtorch.manager()) {
            NDArray array = micro.run(size -> manager.zeros(new Shape(size > 4 ? 1L << 60 : 16)));
            assertEquals(16, array.size());
        }
        assertEquals(4, micro.size());
        assertFalse(MicroBatch.isOutOfMemory(new EngineException("no such operator")));
    }

    /** Each picture of a part takes forty megabytes, beside forty that every step takes: so much that the C library hands it back at once. */
    @Test
    void theSizeFollowsFromMeasuredSteps() throws Exception {
        try (NDManager manager = Libtorch.manager()) {
            MicroBatch.Step<Void> step = size -> {
                sizes.add(size);
                try (NDManager arrays = manager.newSubManager()) {
                    for (int i = 0; i <= size; i++) {
                        arrays.ones(new Shape(40 * MEGABYTE / Float.BYTES));
                    }
                    Thread.sleep(5);
                }
                return null;
            };
            MicroBatch roomy = new MicroBatch(16, false, notes::add);
            roomy.fit(step, 4L << 30);
            MicroBatch tight = new MicroBatch(16, false, notes::add);
            tight.fit(step, 400 * MEGABYTE);
            assertEquals(List.of(2, 4, 2, 4), sizes);
            System.out.println("micro-batches of at most 16 in 4 GB and in 400 MB: " + roomy.size() + " and " + tight.size() + " " + notes);
            assertTrue(tight.size() <= 8, "680 MB do not fit into 320: " + tight.size()); // what else the process does is measured too
            assertTrue(notes.get(notes.size() - 1).startsWith("16 pictures at a time would take "), notes.toString());
        }
    }

    @Test
    void thisMachineHasMemory() {
        assertTrue(MemoryUse.now() > 10 * MEGABYTE, "held: " + MemoryUse.now());
        assertTrue(MemoryUse.available() > 100 * MEGABYTE, "available: " + MemoryUse.available());
    }
}
