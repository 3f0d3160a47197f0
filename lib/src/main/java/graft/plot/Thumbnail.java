package graft.plot;

import graft.data.Image;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** A picture made small: the square in its middle, {@code SIDE} pixels wide and high. */
final class Thumbnail {
    static final int SIDE = 144;

    private Thumbnail() { }

    static BufferedImage of(Image image) {
        BufferedImage picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                picture.setRGB(x, y, image.value(y, x, 0) << 16 | image.value(y, x, 1) << 8 | image.value(y, x, 2));
            }
        }
        int side = Math.min(picture.getWidth(), picture.getHeight());
        BufferedImage square = picture.getSubimage((picture.getWidth() - side) / 2, (picture.getHeight() - side) / 2, side, side);
        while (square.getWidth() >= 2 * SIDE) { // halving first keeps bilinear scaling from skipping pixels
            square = scaled(square, square.getWidth() / 2);
        }
        return scaled(square, SIDE);
    }

    private static BufferedImage scaled(BufferedImage image, int side) {
        BufferedImage small = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = small.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        g.drawImage(image, 0, 0, side, side, Color.WHITE, null);
        g.dispose();
        return small;
    }

    /** In place of a picture that cannot be read any more. */
    static BufferedImage missing() {
        BufferedImage grey = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = grey.createGraphics();
        g.setColor(PlotStyle.GRID);
        g.fillRect(0, 0, SIDE, SIDE);
        g.dispose();
        return grey;
    }

    /** As a JPEG of a few kilobytes. */
    static byte[] jpeg(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(0.82f);
            try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
                writer.setOutput(out);
                writer.write(null, new IIOImage(image, null, null), param);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
    }
}
