package graft.augment;

/**
 * A turn of the hue, in the integers of Pillow's {@code convert("HSV")} and back, which torchvision's {@code adjust_hue} uses: hue, saturation and value
 * are one byte each. The hue of a colour depends on the order of its channels, on the largest less the smallest, and on the largest less the
 * middle one; its saturation on the first and the largest. Both come from tables, which hold what Pillow's single precision gives.
 */
final class Hue {
    private static final int SCALE = 255 * 255;
    /** Division by {@code 2 · SCALE} of the numbers that occur, up to 2²⁵. */
    private static final int RECIPROCAL_BITS = 44;
    private static final long RECIPROCAL = (1L << RECIPROCAL_BITS) / (2 * SCALE) + 1;
    /** The hue, 0 to 255, at {@code order << 16 | (largest − smallest) << 8 | largest − middle}. */
    private static final byte[] HUES = hues();
    /** Saturation, and above it the smallest channel of the colour made from it, at {@code largest << 8 | largest − smallest}. */
    private static final char[] SATURATIONS = saturations();

    private Hue() { }

    /** Pillow's table of hues, {@code rgb2hsv_row}. The order has a bit for each of red &lt; green, green &lt; blue and red &lt; blue. */
    private static byte[] hues() {
        byte[] hues = new byte[8 << 16];
        for (int order = 0; order < 8; order++) {
            boolean redBelowGreen = (order & 4) != 0;
            boolean greenBelowBlue = (order & 2) != 0;
            boolean redBelowBlue = (order & 1) != 0;
            for (int delta = 1; delta < 256; delta++) {
                for (int middle = 0; middle <= delta; middle++) {
                    float mid = (float) middle / delta;
                    float hue;
                    if (!redBelowGreen && !redBelowBlue) {
                        hue = greenBelowBlue ? mid - 1 : 1 - mid;
                    } else if (redBelowGreen && !greenBelowBlue) {
                        hue = (float) (redBelowBlue ? 2.0 + 1 - mid : 2.0 + mid - 1);
                    } else {
                        hue = (float) (redBelowGreen ? 4.0 + mid - 1 : 4.0 + 1 - mid);
                    }
                    float turn = (float) ((hue / 6.0 + 1.0) % 1.0);
                    hues[order << 16 | delta << 8 | middle] = (byte) (int) (turn * 255.0);
                }
            }
        }
        return hues;
    }

    private static char[] saturations() {
        char[] saturations = new char[1 << 16];
        for (int largest = 1; largest < 256; largest++) {
            for (int delta = 0; delta <= largest; delta++) {
                int saturation = (int) ((float) delta / largest * 255.0);
                int smallest = (largest * (255 - saturation) * 2 + 255) / 510;
                saturations[largest << 8 | delta] = (char) (smallest << 8 | saturation);
            }
        }
        return saturations;
    }

    /**
     * Turns all hues; both arrays may be the same.
     *
     * @param shift added to each hue, 256 is a full turn
     */
    static void turn(byte[] from, byte[] to, int shift) {
        byte[] hues = HUES;
        char[] saturations = SATURATIONS;
        int[] sectors = sectors(shift);
        for (int i = 0; i < to.length; i += 3) {
            int r = from[i] & 255;
            int g = from[i + 1] & 255;
            int b = from[i + 2] & 255;
            int largest = Math.max(r, Math.max(g, b));
            int smallest = Math.min(r, Math.min(g, b));
            int delta = largest - smallest;
            int order = (r - g >>> 31 << 2) + (g - b >>> 31 << 1) + (r - b >>> 31);
            int below = 2 * largest + smallest - r - g - b;   // the largest less the middle one
            int sector = sectors[hues[order << 16 | delta << 8 | below] & 255];
            int saturation = saturations[largest << 8 | delta];
            int middle = (int) ((2 * largest * (SCALE - (saturation & 255) * (sector >>> 24)) + SCALE) * RECIPROCAL >>> RECIPROCAL_BITS);
            int colour = largest | saturation & 0xff00 | middle << 16;
            to[i] = (byte) (colour >>> sector);   // Java shifts by the lowest five bits
            to[i + 1] = (byte) (colour >>> (sector >>> 8));
            to[i + 2] = (byte) (colour >>> (sector >>> 16));
        }
    }

    /**
     * Pillow's {@code hsv2rgb} for each old hue. The middle channel is {@code value · (1 − saturation · share / 255²)}, rounded; it never lies half way, so
     * that integers give what Pillow's floating point gives. The share is in the upper byte, below it, for blue, green and red, whether the
     * channel is the largest (0), the smallest (8) or the middle one (16).
     */
    private static int[] sectors(int shift) {
        int largest = 0;
        int smallest = 8;
        int middle = 16;
        int[][] channels = {{largest, middle, smallest}, {middle, largest, smallest}, {smallest, largest, middle},
            {smallest, middle, largest}, {middle, smallest, largest}, {largest, smallest, middle}};
        int[] sectors = new int[256];
        for (int hue = 0; hue < 256; hue++) {
            int six = (hue + shift & 255) * 6;
            int[] channel = channels[six / 255 % 6];
            int share = six / 255 % 6 % 2 == 1 ? six % 255 : 255 - six % 255;
            sectors[hue] = share << 24 | channel[2] << 16 | channel[1] << 8 | channel[0];
        }
        return sectors;
    }
}
