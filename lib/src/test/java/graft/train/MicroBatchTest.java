package graft.train;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.InputException;
import graft.Progress;
import graft.Small;
import graft.backbone.Weights;
import graft.data.Split;
import graft.torch.Libtorch;
import graft.torch.OutOfMemory;
import graft.torch.StateDict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
        assertFalse(OutOfMemory.caused(new EngineException("no such operator")));
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

    private static Training.Result train(Recipe recipe, Path folder, Runnable atEachStep) throws InterruptedException {
        Progress.Task task = new Progress.Task() {
            @Override public void step(long count) {
                atEachStep.run();
            }

            @Override public void note(String text) { }

            @Override public void close() { }
        };
        try (BackboneTrainee trainee = BackboneTrainee.load(recipe, recipe.members().get(0), Progress.SILENT)) {
            return new Training(recipe, trainee, "", folder, task).run(recipe.data().train(), null);
        }
    }

    /** Batch norms see the pictures of a part together, so that its size decides bits. */
    @Test
    void aTrainingGoesOnWithTheSizeThatWasChosen(@TempDir Path folder) throws Exception {
        Recipe recipe = Small.withoutBackbone(Small.pictures().first(2)).backbone("mobilenet_v2", Weights.untrained("mobilenet_v2", 1))
            .split(Split.none()).trainable(Trainable.all()).train(resize(32), centerCrop(32)).epochs(2).batch(8);
        assertThrows(InterruptedException.class, () -> train(recipe, folder.resolve("whole"), Thread.currentThread()::interrupt));
        Position at = Position.read(folder.resolve("whole"), recipe);
        assertEquals(8, at.microBatch);
        assertTrue(at.epoch == 0 && at.step == 1);
        at.microBatch = 4;
        at.write(folder.resolve("smaller"), recipe);
        at.microBatchFrom = 5;
        at.write(folder.resolve("of other stages"), recipe);
        Map<String, Integer> hashes = new HashMap<>();
        for (String name : List.of("whole", "smaller", "of other stages")) {
            StateDict weights = train(recipe, folder.resolve(name), () -> { }).weights();
            hashes.put(name, weights.names().stream().map(entry -> weights.get(entry).bytes().hashCode()).toList().hashCode());
        }
        assertEquals(4, Position.read(folder.resolve("smaller"), recipe).microBatch);
        assertNotEquals(hashes.get("whole"), hashes.get("smaller"));
        assertEquals(hashes.get("whole"), hashes.get("of other stages"), "what other stages were trained with says nothing of these");
    }
}
