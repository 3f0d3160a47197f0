package graft.augment;

/** Blends a picture with its smoothed version, Pillow's {@code ImageFilter.SMOOTH}: weights 5/13 in the middle and 1/13 around it; the border stays. */
final class Sharpness {
    private static final int SUM = 13;
    private static final byte[] ROUNDED = rounded();

    private Sharpness() { }

    /** A thirteenth of each possible sum, rounded; it never lies half way. */
    private static byte[] rounded() {
        byte[] rounded = new byte[SUM * 255 + 1];
        for (int sum = 0; sum < rounded.length; sum++) {
            rounded[sum] = (byte) ((2 * sum + SUM) / (2 * SUM));
        }
        return rounded;
    }

    /**
     * @param length bytes of a row
     * @param blend the blended level at {@code smoothed << 8 | level}
     */
    static void blend(byte[] from, int height, int length, byte[] blend, byte[] to) {
        int[] columns = new int[length];
        for (int row = 0; row < from.length; row += length) {
            if (row == 0 || row == (height - 1) * length || length < 9) {
                System.arraycopy(from, row, to, row, length);
                continue;
            }
            for (int i = 0; i < length; i++) {
                columns[i] = (from[row + i - length] & 255) + (from[row + i] & 255) + (from[row + i + length] & 255);
            }
            System.arraycopy(from, row, to, row, 3);
            for (int i = 3; i < length - 3; i++) {
                int level = from[row + i] & 255;
                int smoothed = ROUNDED[columns[i - 3] + columns[i] + columns[i + 3] + 4 * level] & 255;
                to[row + i] = blend[smoothed << 8 | level];
            }
            System.arraycopy(from, row + length - 3, to, row + length - 3, 3);
        }
    }
}
