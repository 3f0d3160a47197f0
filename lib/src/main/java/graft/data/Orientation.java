package graft.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The EXIF orientation of a picture, tag 0x0112 (CIPA DC-008): how the stored rows have to be turned to be seen upright.
 * 1 is upright, 3 upside down, 6 and 8 a quarter turn, 2, 4, 5 and 7 the same mirrored.
 */
final class Orientation {
    private static final int TAG = 0x0112;
    private static final int SHORT = 3;

    private Orientation() { }

    /**
     * Reads the orientation from a block of EXIF data: a TIFF header and its first directory, possibly after {@code "Exif\0\0"}.
     *
     * @return 1 to 8; 1 where the block has none or is damaged, because a picture is not worth losing over it
     */
    static int of(byte[] file, int offset, int length) {
        boolean prefixed = length > 6 && file[offset] == 'E' && file[offset + 1] == 'x';
        return prefixed ? ofTiff(file, offset + 6, length - 6) : ofTiff(file, offset, length);
    }

    private static int ofTiff(byte[] file, int offset, int length) {
        if (length < 14) {
            return 1;
        }
        ByteBuffer tiff = ByteBuffer.wrap(file, offset, length).slice();
        int order = tiff.getShort(0);
        if (order == 0x4949) {
            tiff.order(ByteOrder.LITTLE_ENDIAN);
        } else if (order != 0x4d4d) {
            return 1;
        }
        long directory = Integer.toUnsignedLong(tiff.getInt(4));
        if (directory + 2 > length) {
            return 1;
        }
        int entries = tiff.getShort((int) directory) & 0xffff;
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + 12L * i;
            if (entry + 12 > length) {
                return 1;
            }
            if ((tiff.getShort((int) entry) & 0xffff) == TAG && tiff.getShort((int) entry + 2) == SHORT) {
                int value = tiff.getShort((int) entry + 8);
                return value >= 1 && value <= 8 ? value : 1;
            }
        }
        return 1;
    }

    /** The picture as it is meant to be seen. */
    static Image upright(Image image, int orientation) {
        if (orientation == 1) {
            return image;
        }
        int height = image.height();
        int width = image.width();
        boolean turned = orientation >= 5;
        int newHeight = turned ? width : height;
        int newWidth = turned ? height : width;
        // Walking the new picture: the first old pixel, and the step in the old one for a column and for a row.
        int right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8 ? width - 1 : 0;
        int bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7 ? height - 1 : 0;
        int alongX = right > 0 ? -1 : 1;
        int alongY = bottom > 0 ? -width : width;
        int column = turned ? alongY : alongX;
        int row = turned ? alongX : alongY;
        byte[] from = image.pixels();
        byte[] to = new byte[from.length];
        int at = 0;
        for (int y = 0; y < newHeight; y++) {
            int old = bottom * width + right + y * row;
            for (int x = 0; x < newWidth; x++, old += column) {
                to[at++] = from[old * 3];
                to[at++] = from[old * 3 + 1];
                to[at++] = from[old * 3 + 2];
            }
        }
        return new Image(newHeight, newWidth, to);
    }
}
