package graft.augment;

/** Pillow's {@code Image.blend}: {@code from + factor · (to − from)} in single precision, cut off to whole grey levels and clipped. */
final class Blend {
    private Blend() { }

    static int of(int from, int to, float factor) {
        return Math.max(0, Math.min(255, (int) (from + factor * (to - from))));
    }

    /** All of them: {@code of(from, to, factor)} at {@code from << 8 | to}. */
    static byte[] table(float factor) {
        byte[] table = new byte[1 << 16];
        for (int i = 0; i < table.length; i++) {
            table[i] = (byte) of(i >> 8, i & 255, factor);
        }
        return table;
    }
}
