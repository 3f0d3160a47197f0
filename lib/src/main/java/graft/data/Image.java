package graft.data;

/**
 * A decoded picture: RGB, 8 bits a channel, interleaved, row by row from the top left.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param pixels {@code height · width · 3} unsigned bytes; red of column x in row y is {@code pixels[(y * width + x) * 3]}.
 *     The array is not copied: whoever changes it changes the picture
 */
public record Image(int height, int width, byte[] pixels) {
    public Image {
        if (height < 1 || width < 1 || pixels.length != 3L * height * width) {
            throw new IllegalArgumentException(pixels.length + " bytes are no RGB picture of " + width + "×" + height);
        }
    }

    /** The value of a channel (0 red, 1 green, 2 blue) at a place, 0 to 255. */
    public int value(int y, int x, int channel) {
        return pixels[(y * width + x) * 3 + channel] & 255;
    }

    @Override public String toString() {
        return "Image " + width + "×" + height;
    }
}
