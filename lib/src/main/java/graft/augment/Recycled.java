package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Pixels of pictures between two steps of a pipeline, which nobody sees any more: each thread keeps a few arrays for its next steps. They stay in the processor's
 * cache and need not be cleared, as a fresh array for each step would.
 *
 * <p>An array from here holds anything: whoever takes it writes every byte. One that is given back must not be reachable from anywhere else.
 */
final class Recycled {
    /** Of one picture: what a file may have, too. */
    static final long MOST_PIXELS = 178_956_970;
    private static final int LARGEST = 4 << 20;   // bytes: pictures of common sizes; larger ones are left to the garbage collector
    private static final int KEPT = 3;
    private static final ThreadLocal<Deque<byte[]>> FREE = ThreadLocal.withInitial(ArrayDeque::new);

    private Recycled() { }

    /** An array of this length, full of anything. */
    static byte[] array(int length) {
        for (Iterator<byte[]> free = FREE.get().iterator(); free.hasNext();) {
            byte[] array = free.next();
            if (array.length == length) {
                free.remove();
                return array;
            }
        }
        return new byte[length];
    }

    /**
     * An array for the pixels of a picture of this size.
     *
     * @throws InputException if it has more than {@link #MOST_PIXELS}
     */
    static byte[] array(int height, int width) {
        if ((long) height * width > MOST_PIXELS) {
            throw new InputException("the transforms make " + width + "×" + height + " of it, more than 178 megapixels; a picture of a more usual shape would be right");
        }
        return array(height * width * 3);
    }

    /** Takes back the pixels of a picture between two others, unless it shares them with one of them. */
    static void free(Image first, Image between, Image last) {
        byte[] array = between.pixels();
        if (array == first.pixels() || array == last.pixels() || array.length > LARGEST) {
            return;
        }
        Deque<byte[]> free = FREE.get();
        free.addFirst(array);
        if (free.size() > KEPT) {
            free.removeLast();
        }
    }
}
