package graft.augment;

/** The brightness of a colour, ITU-R 601-2, in the fixed point of Pillow's {@code convert("L")}: 0.299 red + 0.587 green + 0.114 blue, rounded. */
final class Luma {
    private static final int RED = 19595;
    private static final int GREEN = 38470;
    private static final int BLUE = 7471;
    private static final int HALF = 0x8000;
    private static final int BITS = 16;

    private Luma() { }

    static int of(int red, int green, int blue) {
        return (red * RED + green * GREEN + blue * BLUE + HALF) >> BITS;
    }

    /** The mean over a picture whose levels are first exchanged, rounded. */
    static int mean(byte[] pixels, Levels levels) {
        int[] red = scaled(levels.red(), RED, HALF);
        int[] green = scaled(levels.green(), GREEN, 0);
        int[] blue = scaled(levels.blue(), BLUE, 0);
        long sum = 0;
        for (int i = 0; i < pixels.length; i += 3) {
            sum += (red[pixels[i] & 255] + green[pixels[i + 1] & 255] + blue[pixels[i + 2] & 255]) >> BITS;
        }
        return (int) ((double) sum / (pixels.length / 3) + 0.5);
    }

    private static int[] scaled(byte[] levels, int factor, int plus) {
        int[] scaled = new int[levels.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (levels[i] & 255) * factor + plus;
        }
        return scaled;
    }
}
