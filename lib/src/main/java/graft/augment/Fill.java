package graft.augment;

import graft.InputException;
import java.util.Arrays;
import java.util.List;

/**
 * The colour of what lies outside of a picture: torchvision's {@code fill}.
 *
 * @param red 0 to 255
 * @param green 0 to 255
 * @param blue 0 to 255
 */
public record Fill(int red, int green, int blue) {
    public static final Fill BLACK = grey(0);
    /** ImageNet's mean colour in whole grey levels: nearly zero after normalisation, at most 0.008 away. */
    public static final Fill MEAN = new Fill(124, 116, 104);

    public Fill {
        if ((red | green | blue) < 0 || red > 255 || green > 255 || blue > 255) {
            throw new InputException("the fill " + red + ", " + green + ", " + blue + " is no colour; three numbers of 0 to 255 would be right");
        }
    }

    /** The same level in each channel. */
    public static Fill grey(int level) {
        return new Fill(level, level, level);
    }

    /** torchvision's argument: one number for a grey. */
    Object argument() {
        return red == green && green == blue ? (Object) red : List.of(red, green, blue);
    }

    /** Fills the bytes from {@code from} to before {@code to}, both the start of a pixel. */
    void fill(byte[] pixels, int from, int to) {
        if (red == green && green == blue) {
            Arrays.fill(pixels, from, to, (byte) red);
            return;
        }
        for (int i = from; i < to; i += 3) {
            pixels[i] = (byte) red;
            pixels[i + 1] = (byte) green;
            pixels[i + 2] = (byte) blue;
        }
    }
}
