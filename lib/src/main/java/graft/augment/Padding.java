package graft.augment;

import graft.data.Image;

/** Black borders. */
final class Padding {
    private Padding() { }

    static Image zeros(Image image, int top, int left, int bottom, int right) {
        if (top + left + bottom + right == 0) {
            return image;
        }
        int height = image.height() + top + bottom;
        int width = image.width() + left + right;
        byte[] pixels = new byte[height * width * 3];
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.pixels(), y * image.width() * 3, pixels, ((top + y) * width + left) * 3, image.width() * 3);
        }
        return new Image(height, width, pixels);
    }
}
