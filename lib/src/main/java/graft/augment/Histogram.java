package graft.augment;

/** How many pixels have each of the 256 levels of each channel. */
record Histogram(int[] red, int[] green, int[] blue) {
    private static final int COUNT = 256;

    /** Of a picture whose levels are first exchanged. */
    static Histogram of(byte[] pixels, Levels levels) {
        int[] red = new int[COUNT];
        int[] green = new int[COUNT];
        int[] blue = new int[COUNT];
        for (int i = 0; i < pixels.length; i += 3) {
            red[pixels[i] & 255]++;
            green[pixels[i + 1] & 255]++;
            blue[pixels[i + 2] & 255]++;
        }
        return levels == Levels.SAME ? new Histogram(red, green, blue)
            : new Histogram(moved(red, levels.red()), moved(green, levels.green()), moved(blue, levels.blue()));
    }

    private static int[] moved(int[] counts, byte[] levels) {
        int[] moved = new int[COUNT];
        for (int level = 0; level < COUNT; level++) {
            moved[levels[level] & 255] += counts[level];
        }
        return moved;
    }
}
