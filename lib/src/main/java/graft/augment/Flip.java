package graft.augment;

import graft.data.Image;

/** Mirror images and turns by right angles: no pixel changes its colour. */
final class Flip {
    private Flip() { }

    /** Left and right exchanged. */
    static Image horizontal(Image image) {
        byte[] from = image.pixels();
        byte[] to = new byte[from.length];
        int length = image.width() * 3;
        for (int row = 0; row < from.length; row += length) {
            for (int left = row, right = row + length - 3; left < row + length; left += 3, right -= 3) {
                to[left] = from[right];
                to[left + 1] = from[right + 1];
                to[left + 2] = from[right + 2];
            }
        }
        return new Image(image.height(), image.width(), to);
    }

    /** Top and bottom exchanged. */
    static Image vertical(Image image) {
        byte[] from = image.pixels();
        byte[] to = new byte[from.length];
        int length = image.width() * 3;
        for (int row = 0; row < from.length; row += length) {
            System.arraycopy(from, row, to, from.length - length - row, length);
        }
        return new Image(image.height(), image.width(), to);
    }

    /** Turned by 90 degrees against the clock, {@code turns} times. */
    static Image quarterTurns(Image image, int turns) {
        return switch (turns) {
            case 0 -> image;
            case 1 -> turned(image, true);
            case 2 -> vertical(horizontal(image));
            default -> turned(image, false);
        };
    }

    private static Image turned(Image image, boolean againstTheClock) {
        byte[] from = image.pixels();
        byte[] to = new byte[from.length];
        int height = image.height();
        int width = image.width();
        for (int y = 0, source = 0; y < height; y++) {
            for (int x = 0; x < width; x++, source += 3) {
                int at = (againstTheClock ? (width - 1 - x) * height + y : x * height + height - 1 - y) * 3;
                to[at] = from[source];
                to[at + 1] = from[source + 1];
                to[at + 2] = from[source + 2];
            }
        }
        return new Image(width, height, to);
    }
}
