package graft.augment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Copies single pixels of three bytes. */
final class Pixels {
    private static final VarHandle FOUR_BYTES = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private Pixels() { }

    static void copy(byte[] from, int source, byte[] to, int at) {
        to[at] = from[source];
        to[at + 1] = from[source + 1];
        to[at + 2] = from[source + 2];
    }

    /** The same in one step of four bytes where the array allows it: the byte after the pixel may change too, so that the pixel after it must come later. */
    static void move(byte[] from, int source, byte[] to, int at) {
        if (source < from.length - 3) {
            FOUR_BYTES.set(to, at, (int) FOUR_BYTES.get(from, source));
        } else {
            copy(from, source, to, at);
        }
    }
}
