package graft.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The chunks of PNG and WebP (RIFF) files that ImageIO's readers leave alone: EXIF blocks ({@code eXIf}, {@code EXIF}). */
final class Chunks {
    private static final int PNG_EXIF = 0x65584966;
    private static final int PNG_END = 0x49454e44;
    private static final int RIFF_EXIF = 0x46495845;

    private Chunks() { }

    /** The EXIF orientation, 1 to 8; 1 where there is none. */
    static int orientation(PictureFormat format, byte[] file) {
        return format == PictureFormat.PNG ? ofPng(ByteBuffer.wrap(file)) : ofRiff(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Refuses a WebP file that is shorter than its container says. */
    static void checkComplete(byte[] webp) throws UnreadablePictureException {
        long size = webp.length < 12 ? Long.MAX_VALUE : 8 + Integer.toUnsignedLong(ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
        if (webp.length < size) {
            throw PictureFile.truncated();
        }
    }

    private static int ofPng(ByteBuffer file) {
        long at = 8;
        while (at + 12 <= file.limit()) {
            long length = Integer.toUnsignedLong(file.getInt((int) at));
            int kind = file.getInt((int) at + 4);
            if (kind == PNG_END || at + 12 + length > file.limit()) {
                return 1;
            }
            if (kind == PNG_EXIF) {
                return Orientation.of(file.array(), (int) at + 8, (int) length);
            }
            at += 12 + length;
        }
        return 1;
    }

    private static int ofRiff(ByteBuffer file) {
        long at = 12;
        while (at + 8 <= file.limit()) {
            int kind = file.getInt((int) at);
            long length = Integer.toUnsignedLong(file.getInt((int) at + 4));
            if (at + 8 + length > file.limit()) {
                return 1;
            }
            if (kind == RIFF_EXIF) {
                boolean prefixed = length > 6 && file.get((int) at + 8) == 'E' && file.get((int) at + 9) == 'x';   // "Exif\0\0", as in JPEG
                int skip = prefixed ? 6 : 0;
                return Orientation.of(file.array(), (int) at + 8 + skip, (int) length - skip);
            }
            at += 8 + length + (length & 1);
        }
        return 1;
    }
}
