package graft.augment;

import graft.data.Image;

/** Mirror images and turns by right angles: no pixel changes its colour. */
final class Flip {
    private Flip() { }

    /** Left and right exchanged. */
    static Image horizontal(Image image) {
        byte[] from = image.pixels();
        byte[] to = Recycled.array(from.length);
        int length = image.width() * 3;
        for (int row = 0; row < from.length; row += length) {
            int right = row + length - 3;
            for (int left = row; left < row + length - 3; left += 3, right -= 3) {
                Pixels.move(from, right, to, left);
            }
            Pixels.copy(from, right, to, row + length - 3);
        }
        return new Image(image.height(), image.width(), to);
    }

    /** Top and bottom exchanged. */
    static Image vertical(Image image) {
        byte[] from = image.pixels();
        byte[] to = Recycled.array(from.length);
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
        byte[] to = Recycled.array(from.length);
        int height = image.height();
        int width = image.width();
        for (int y = 0, source = 0; y < height; y++) {
            for (int x = 0; x < width; x++, source += 3) {
                int at = (againstTheClock ? (width - 1 - x) * height + y : x * height + height - 1 - y) * 3;
                Pixels.copy(from, source, to, at);
            }
        }
        return new Image(width, height, to);
    }
}
