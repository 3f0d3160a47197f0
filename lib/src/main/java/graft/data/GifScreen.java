package graft.data;

import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import javax.imageio.ImageReader;
import org.w3c.dom.Element;

/**
 * A GIF's picture lies somewhere on a screen, which may be larger. As in Pillow the rest of the screen has the transparent colour, or the
 * first of the palette.
 */
final class GifScreen {
    private static final int BYTES_PER_PIXEL = 6;

    private GifScreen() { }

    static Image place(Image frame, ColorModel model, ImageReader reader, byte[] file) throws IOException {
        Element metadata = (Element) reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0");
        Element descriptor = (Element) metadata.getElementsByTagName("ImageDescriptor").item(0);
        int left = Integer.parseInt(descriptor.getAttribute("imageLeftPosition"));
        int top = Integer.parseInt(descriptor.getAttribute("imageTopPosition"));
        int width = Math.max(u16(file, 6), left + frame.width());
        int height = Math.max(u16(file, 8), top + frame.height());
        PixelBudget.check(width, height, BYTES_PER_PIXEL);
        IndexColorModel palette = (IndexColorModel) model;
        return Canvas.place(frame, top, left, height, width, palette.getRGB(Math.max(0, palette.getTransparentPixel())) & 0xffffff);
    }

    private static int u16(byte[] file, int at) {
        return file[at] & 255 | (file[at + 1] & 255) << 8;
    }
}
