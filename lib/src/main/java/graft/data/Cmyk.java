package graft.data;

/**
 * CMYK samples of a JPEG file to RGB, in the integer arithmetic of libjpeg ({@code ycck_cmyk_convert}, Independent JPEG Group) and
 * Pillow ({@code cmyk2rgb}). Like Pillow it takes every four-component JPEG as Adobe writes it: inverted, 0 is full ink.
 */
final class Cmyk {
    private static final int HALF = 1 << 15;

    private Cmyk() { }

    /** @param ycck whether the first three components are YCbCr of the inks' complement */
    static byte[] toRgb(byte[] samples, boolean ycck) {
        byte[] pixels = new byte[samples.length / 4 * 3];
        for (int from = 0, to = 0; from + 3 < samples.length; from += 4, to += 3) {
            int c = samples[from] & 255;
            int m = samples[from + 1] & 255;
            int y = samples[from + 2] & 255;
            int black = samples[from + 3] & 255;   // as stored: 255 is no black
            if (ycck) {
                int luma = c;
                int blue = m - 128;
                int red = y - 128;
                c = 255 - clip(luma + (91881 * red + HALF >> 16));
                m = 255 - clip(luma + (-22554 * blue - 46802 * red + HALF >> 16));
                y = 255 - clip(luma + (116130 * blue + HALF >> 16));
            }
            pixels[to] = lit(255 - c, black);
            pixels[to + 1] = lit(255 - m, black);
            pixels[to + 2] = lit(255 - y, black);
        }
        return pixels;
    }

    /** What an ink leaves of the light that the black ink leaves. */
    private static byte lit(int ink, int light) {
        int product = ink * light + 128;
        return (byte) clip(light - ((product >> 8) + product >> 8));
    }

    private static int clip(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
