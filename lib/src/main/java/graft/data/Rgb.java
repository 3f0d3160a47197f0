package graft.data;

import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;

/**
 * RGB bytes from the samples that a decoder left in a raster, without ImageIO's colour conversion (which changes grey values and applies
 * profiles). As Pillow's {@code convert("RGB")}: transparency is dropped and keeps the colour beneath it, grey is repeated,
 * 16 bits keep their high byte, fewer than 8 are stretched to 0–255.
 */
final class Rgb {
    private Rgb() { }

    static byte[] of(Raster raster, ColorModel model) {
        int height = raster.getHeight();
        int width = raster.getWidth();
        byte[] pixels = new byte[height * width * 3];
        int[] row = new int[width];
        if (model instanceof IndexColorModel palette) {
            int[] colours = new int[1 << Math.max(8, palette.getPixelSize())];
            palette.getRGBs(colours);
            for (int y = 0; y < height; y++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
                for (int x = 0, at = y * width * 3; x < width; x++, at += 3) {
                    pixels[at] = (byte) (colours[row[x]] >> 16);
                    pixels[at + 1] = (byte) (colours[row[x]] >> 8);
                    pixels[at + 2] = (byte) colours[row[x]];
                }
            }
            return pixels;
        }
        SampleModel samples = raster.getSampleModel();
        boolean grey = samples.getNumBands() < 3;
        for (int channel = 0; channel < 3; channel++) {
            int band = grey ? 0 : channel;
            int bits = samples.getSampleSize(band);
            int most = (1 << bits) - 1;
            for (int y = 0; y < height; y++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, band, row);
                for (int x = 0, at = y * width * 3 + channel; x < width; x++, at += 3) {
                    pixels[at] = (byte) (bits == 8 ? row[x] : bits == 16 ? row[x] >> 8 : row[x] * 255 / most);
                }
            }
        }
        return pixels;
    }
}
