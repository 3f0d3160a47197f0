package graft.data;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/**
 * JPEG files through the JDK's libjpeg, with libjpeg's own colours, which are Pillow's.
 *
 * <p>ImageIO by itself converts pictures with a colour profile, guesses colour spaces by rules of its own and refuses CMYK. So the
 * header is read here, and libjpeg gets the picture without its profile and comments, and with an Adobe marker that says
 * what the samples are (the rules are those of libjpeg's {@code default_decompress_parms}). CMYK is read as raw samples.
 */
final class Jpeg {
    private static final int BYTES_PER_PIXEL = 7;   // RGB, or four raw components and then RGB

    private final byte[] file;
    private final int length;
    private int orientation = 1;
    private int height;
    private int width;
    private int components;
    private boolean jfif;
    private int adobeTransform = -1;
    private String componentIds = "";
    /** The file as libjpeg gets it: the start, an Adobe marker, tables and frame, then all scans. */
    private byte[] plain;
    private int plainLength;

    private Jpeg(byte[] file) {
        this.file = file;
        this.length = file.length;
    }

    /** Reads the header only, and refuses what cannot be read. */
    static Jpeg of(byte[] file) throws UnreadablePictureException {
        Jpeg jpeg = new Jpeg(file);
        jpeg.readHeader();
        if (jpeg.components != 1 && jpeg.components != 3 && jpeg.components != 4) {
            throw new UnreadablePictureException("has " + jpeg.components + " colour components; 1, 3 or 4 can be read");
        }
        PixelBudget.check(jpeg.width, jpeg.height, BYTES_PER_PIXEL);
        return jpeg;
    }

    /** What decoding takes, in bytes. */
    long cost() {
        return (long) width * height * BYTES_PER_PIXEL;
    }

    /** 1 for grey, 3 for colours, 4 for CMYK. */
    int components() {
        return components;
    }

    /** How it has to be turned, 1 to 8: see {@link Orientation}. */
    int orientation() {
        return orientation;
    }

    Image decode() throws UnreadablePictureException {
        FileBytes bytes = new FileBytes(plain, plainLength);
        ImageReader reader = PictureFormat.JPEG.reader();
        try {
            reader.setInput(bytes, true, true);
            byte[] pixels = PictureFile.guarded(bytes, () -> components == 4 ? decodeCmyk(reader) : decodeRgb(reader));
            if (bytes.exhausted()) {   // libjpeg fills what is missing with grey and goes on
                throw PictureFile.truncated();
            }
            return Orientation.upright(new Image(height, width, pixels), orientation);
        } finally {
            reader.dispose();
        }
    }

    private void readHeader() throws UnreadablePictureException {
        plain = new byte[length + 16];
        plain[0] = (byte) 0xff;
        plain[1] = (byte) 0xd8;
        plainLength = 2 + 16;   // room for the Adobe marker
        int at = 2;
        while (true) {
            while (at < length && file[at] != (byte) 0xff) {
                at++;
            }
            while (at < length && file[at] == (byte) 0xff) {
                at++;
            }
            if (at >= length) {
                throw PictureFile.truncated();
            }
            int marker = file[at++] & 255;
            if (marker == 0 || marker == 1 || marker >= 0xd0 && marker <= 0xd8) {
                continue;
            }
            if (marker == 0xd9 || at + 2 > length) {
                throw PictureFile.truncated();
            }
            int size = u16(at);
            if (size < 2) {
                throw new UnreadablePictureException("is damaged (a segment of its header has no length)");
            }
            if (at + size > length) {
                throw PictureFile.truncated();
            }
            if (marker == 0xda) {
                keep(at - 2, length);
                finishHeader();
                return;
            }
            segment(marker, at + 2, size - 2);
            boolean application = marker >= 0xe0 && marker <= 0xef || marker == 0xfe;
            if (!application) {
                keep(at - 2, at + size);
            }
            at += size;
        }
    }

    private void segment(int marker, int at, int size) throws UnreadablePictureException {
        boolean frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame) {
            if (size < 6 || size < 6 + 3 * (file[at + 5] & 255)) {
                throw new UnreadablePictureException("is damaged (its frame header is too short)");
            }
            height = u16(at + 1);
            width = u16(at + 3);
            components = file[at + 5] & 255;
            StringBuilder ids = new StringBuilder();
            for (int i = 0; i < components; i++) {
                ids.append((char) (file[at + 6 + 3 * i] & 255));
            }
            componentIds = ids.toString();
        } else if (marker == 0xe0 && starts(at, size, "JFIF\0")) {
            jfif = true;
        } else if (marker == 0xee && size >= 12 && starts(at, size, "Adobe")) {
            adobeTransform = file[at + 11] & 255;
        } else if (marker == 0xe1 && starts(at, size, "Exif\0\0") && orientation == 1) {
            orientation = Orientation.of(file, at, size);
        }
    }

    private void finishHeader() throws UnreadablePictureException {
        if (components == 0) {
            throw new UnreadablePictureException("is damaged (it has no frame header)");
        }
        boolean rgb = !jfif && (adobeTransform == 0 || adobeTransform < 0 && componentIds.equals("RGB"));
        boolean ycck = adobeTransform == 2;
        int transform = components == 4 ? (ycck ? 2 : 0) : (rgb ? 0 : 1);
        byte[] adobe = {(byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
        System.arraycopy(adobe, 0, plain, 2, adobe.length);
    }

    private byte[] decodeRgb(ImageReader reader) throws IOException {
        byte[] pixels = new byte[height * width * 3];
        // A destination in libjpeg's own order: its rows are copied without conversion.
        WritableRaster raster = Raster.createInterleavedRaster(new DataBufferByte(pixels, pixels.length), width, height, 3 * width, 3,
            new int[] {0, 1, 2}, null);
        var model = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        ImageReadParam into = reader.getDefaultReadParam();
        into.setDestination(new BufferedImage(model, raster, false, null));
        reader.read(0, into);
        return pixels;
    }

    private byte[] decodeCmyk(ImageReader reader) throws IOException {
        byte[] samples = ((DataBufferByte) reader.readRaster(0, null).getDataBuffer()).getData();
        return Cmyk.toRgb(samples, adobeTransform == 2);
    }

    private void keep(int from, int to) {
        System.arraycopy(file, from, plain, plainLength, to - from);
        plainLength += to - from;
    }

    private boolean starts(int at, int size, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return size >= bytes.length && Arrays.equals(file, at, at + bytes.length, bytes, 0, bytes.length);
    }

    private int u16(int at) {
        return (file[at] & 255) << 8 | file[at + 1] & 255;
    }
}
