package graft.data;

/** A picture that covers only a part of its canvas, as frames of GIF and WebP files may. */
final class Canvas {
    private Canvas() { }

    /** @param background {@code 0xRRGGBB}, the colour of what the picture does not cover */
    static Image place(Image picture, int top, int left, int height, int width, int background) {
        if (height == picture.height() && width == picture.width()) {
            return picture;
        }
        byte[] pixels = new byte[height * width * 3];
        if (background != 0) {
            for (int i = 0; i < pixels.length; i += 3) {
                pixels[i] = (byte) (background >> 16);
                pixels[i + 1] = (byte) (background >> 8);
                pixels[i + 2] = (byte) background;
            }
        }
        for (int y = 0; y < picture.height(); y++) {
            System.arraycopy(picture.pixels(), y * picture.width() * 3, pixels, ((top + y) * width + left) * 3, picture.width() * 3);
        }
        return new Image(height, width, pixels);
    }
}
