package graft.augment;

import graft.InputException;
import java.util.Locale;

/** What lies outside of a picture, torchvision's {@code padding_mode}; shown for a row {@code a b c d}. */
public enum PaddingMode {
    /** The fill. */
    CONSTANT {
        @Override int index(int i, int size) {
            return i >= 0 && i < size ? i : -1;
        }
    },
    /** {@code a a a|a b c d|d d d}. */
    EDGE {
        @Override int index(int i, int size) {
            return Math.max(0, Math.min(size - 1, i));
        }
    },
    /** {@code d c b|a b c d|c b a}. */
    REFLECT {
        @Override int index(int i, int size) {
            int period = Math.max(1, 2 * (size - 1));
            int at = Math.floorMod(i, period);
            return at < size ? at : period - at;
        }
    },
    /** {@code c b a|a b c d|d c b}. */
    SYMMETRIC {
        @Override int index(int i, int size) {
            int at = Math.floorMod(i, 2 * size);
            return at < size ? at : 2 * size - 1 - at;
        }
    };

    /** The pixel of a row of {@code size} whose colour stands at place {@code i}, or −1 for the fill. */
    abstract int index(int i, int size);

    /** torchvision's name for it: {@code constant}. */
    @Override public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The inverse of {@link #toString()}. */
    public static PaddingMode of(String name) {
        for (PaddingMode one : values()) {
            if (one.toString().equals(name)) {
                return one;
            }
        }
        throw new InputException("the padding mode " + name + " is unknown; constant, edge, reflect or symmetric would be right");
    }
}
