package graft.augment;

/** How many pixels have each of the 256 levels of each channel. */
record Histogram(int[] red, int[] green, int[] blue) {
    private static final int COUNT = 256;

    /** Of a picture whose levels are first exchanged. */
    static Histogram of(byte[] pixels, Levels levels) {
        int[] red = new int[COUNT];
        int[] green = new int[COUNT];
        int[] blue = new int[COUNT];
        int half = pixels.length / 6 * 3;
        int[] red2 = new int[COUNT];   // neighbours are often alike: counting two distant pixels at a time waits less for the last count
        int[] green2 = new int[COUNT];
        int[] blue2 = new int[COUNT];
        for (int i = 0, j = half; i < half; i += 3, j += 3) {
            red[pixels[i] & 255]++;
            green[pixels[i + 1] & 255]++;
            blue[pixels[i + 2] & 255]++;
            red2[pixels[j] & 255]++;
            green2[pixels[j + 1] & 255]++;
            blue2[pixels[j + 2] & 255]++;
        }
        if (2 * half < pixels.length) {
            red[pixels[2 * half] & 255]++;
            green[pixels[2 * half + 1] & 255]++;
            blue[pixels[2 * half + 2] & 255]++;
        }
        for (int level = 0; level < COUNT; level++) {
            red[level] += red2[level];
            green[level] += green2[level];
            blue[level] += blue2[level];
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
