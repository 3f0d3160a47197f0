package graft.augment;

import graft.data.Image;

/**
 * Colour changes of one picture, one after another, with the arithmetic of Pillow's {@code ImageEnhance} and {@code ImageOps}. Changes that only exchange grey
 * levels are collected in one table, and the picture goes through it when a change looks at more than one channel: the result is the same,
 * the passes over the picture are fewer.
 */
final class Recolouring {
    private final Image image;
    private byte[] pixels;
    /** What is still to be done to the pixels. */
    private Levels levels = Levels.SAME;

    Recolouring(Image image) {
        this.image = image;
        pixels = image.pixels();
    }

    /** The changed picture. */
    Image image() {
        settle();
        return pixels == image.pixels() ? image : new Image(image.height(), image.width(), pixels);
    }

    Recolouring levels(Levels next) {
        levels = levels.then(next);
        return this;
    }

    Recolouring contrast(double factor) {
        return levels(Levels.contrast(factor, Luma.mean(pixels, levels)));
    }

    Recolouring autocontrast() {
        return levels(Levels.autocontrast(Histogram.of(pixels, levels)));
    }

    Recolouring equalize() {
        return levels(Levels.equalize(Histogram.of(pixels, levels)));
    }

    /** Pillow's {@code ImageEnhance.Color}: 0 is a picture in greys, 1 no change. */
    Recolouring saturation(double factor) {
        if ((float) factor == 1) {
            return this;
        }
        settle();
        byte[] to = own();
        saturate(pixels, to, Blend.table((float) factor));
        return done(to);
    }

    private static void saturate(byte[] from, byte[] to, byte[] blend) {
        for (int i = 0; i < to.length; i += 3) {
            int r = from[i] & 255;
            int g = from[i + 1] & 255;
            int b = from[i + 2] & 255;
            int luma = Luma.of(r, g, b) << 8;
            to[i] = blend[luma | r];
            to[i + 1] = blend[luma | g];
            to[i + 2] = blend[luma | b];
        }
    }

    /** torchvision's {@code adjust_hue} by a share of a full turn, −0.5 to 0.5. */
    Recolouring hue(double share) {
        settle();
        byte[] to = own();
        Hue.turn(pixels, to, (int) (share * 255));
        return done(to);
    }

    /** Pillow's {@code ImageEnhance.Sharpness}: 0 is smoothed, 1 no change. */
    Recolouring sharpness(double factor) {
        if ((float) factor == 1) {
            return this;
        }
        settle();
        byte[] to = Recycled.array(pixels.length);
        Sharpness.blend(pixels, image.height(), image.width() * 3, Blend.table((float) factor), to);
        return done(to);
    }

    /** Where a pass writes: the picture that was given stays as it is. */
    private byte[] own() {
        return pixels == image.pixels() ? Recycled.array(pixels.length) : pixels;
    }

    private Recolouring done(byte[] changed) {
        pixels = changed;
        levels = Levels.SAME;
        return this;
    }

    private void settle() {
        if (levels != Levels.SAME) {
            byte[] to = own();
            levels.apply(pixels, to);
            done(to);
        }
    }
}
