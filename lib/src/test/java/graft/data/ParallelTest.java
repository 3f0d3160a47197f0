package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.Progress;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

class ParallelTest {
    private static final int COUNT = 1000;

    private final AtomicLong done = new AtomicLong();
    private final Set<Thread> tellers = ConcurrentHashMap.newKeySet();
    /** Threads that are at work now, and how often one began. */
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();

    private Progress.Task task(Runnable atEachStep) {
        return new Progress.Task() {
            @Override public void step(long count) {
                done.addAndGet(count);
                tellers.add(Thread.currentThread());
                atEachStep.run();
            }

            @Override public void note(String text) { }

            @Override public void close() { }
        };
    }

    /** Native code takes its time and knows of no interrupts; this does so too. */
    private void native50Milliseconds() {
        begun.incrementAndGet();
        running.incrementAndGet();
        for (long end = System.nanoTime() + 50_000_000; System.nanoTime() < end;) {
            Thread.onSpinWait();
        }
        running.decrementAndGet();
    }

    /** What was running when the call ended, and whether anything began afterwards. */
    private void assertNothingWorks() throws InterruptedException {
        assertEquals(0, running.get(), "threads at work after the call ended");
        int before = begun.get();
        Thread.sleep(100);
        assertEquals(before, begun.get(), "parts begun after the call ended");
        assertTrue(before > 0 && before < COUNT, before + " parts begun");
    }

    @Test
    void everyIndexOnceAndTheCallerIsTold() throws Exception {
        for (int size : new int[] {1, 7, COUNT, 3 * COUNT}) {
            done.set(0);
            AtomicInteger[] seen = IntStream.range(0, COUNT).mapToObj(i -> new AtomicInteger()).toArray(AtomicInteger[]::new);
            Parallel.inParts(COUNT, size, (first, end) -> {
                assertTrue(first % size == 0 && (end - first == size || end == COUNT), first + " to " + end);
                IntStream.range(first, end).forEach(i -> seen[i].incrementAndGet());
            }, task(() -> { }));
            assertTrue(IntStream.range(0, COUNT).allMatch(i -> seen[i].get() == 1));
            assertEquals(COUNT, done.get());
        }
        assertEquals(Set.of(Thread.currentThread()), tellers);
        Parallel.forEach(0, i -> begun.incrementAndGet(), task(() -> { }));
        assertEquals(0, begun.get());
    }

    @Test
    void interruptedInTheMiddleNoThreadWorksAfterwards() throws Exception {
        Thread caller = Thread.currentThread();
        assertThrows(InterruptedException.class, () -> Parallel.forEach(COUNT, i -> native50Milliseconds(), task(caller::interrupt)));
        assertNothingWorks();
    }

    @Test
    void threadsAreInterruptedToo() throws Exception {
        Thread caller = Thread.currentThread();
        Set<Integer> ended = Collections.synchronizedSet(new java.util.HashSet<>());
        assertThrows(InterruptedException.class, () -> Parallel.inParts(COUNT, 10, (first, end) -> {
            if (first == 0) {
                return;
            }
            try {
                Thread.sleep(600_000);
            } catch (InterruptedException interrupted) {
                ended.add(first);
                throw interrupted;
            }
        }, task(caller::interrupt)));
        assertFalse(ended.isEmpty());
    }

    /** Whichever fails last, the first index or the second. */
    @Test
    void ofSeveralFailuresTheFirstIndexIsNamed() throws Exception {
        for (int again = 0; again < 5; again++) {
            int slow = again % 2;
            AtomicBoolean late = new AtomicBoolean();
            IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> Parallel.forEach(COUNT, i -> {
                native50Milliseconds();
                if (i == slow) {
                    native50Milliseconds();
                }
                late.set(late.get() || i > 100);
                throw new IllegalStateException("index " + i);
            }, task(() -> { })));
            assertEquals("index 0", thrown.getMessage());
            assertFalse(late.get());
        }
        assertNothingWorks();
    }

    @Test
    void errorsAreHandedOn() {
        for (Throwable cause : List.of(new AssertionError("x"), new OutOfMemoryError("x"), new IllegalArgumentException("x"))) {
            assertSame(cause, assertThrows(cause.getClass(), () -> Parallel.forEach(COUNT, i -> {
                if (cause instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) cause;
            }, Progress.SILENT.start("", 0, ""))));
        }
    }
}
