package graft.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Finds chunks in PNG files and in RIFF containers, which WebP files are. */
final class Chunks {
    private static final int PNG_END = 0x49454e44;

    private Chunks() { }

    /** A chunk's data: where in the file it begins, and how long it is. */
    record Chunk(int at, int length) { }

    /** The first chunk of a kind ({@code eXIf}) in a PNG file; null where there is none. */
    static Chunk png(byte[] file, String wanted) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        long at = 8;
        while (at + 12 <= file.length) {
            long length = Integer.toUnsignedLong(bytes.getInt((int) at));
            int kind = bytes.getInt((int) at + 4);
            if (kind == PNG_END || at + 12 + length > file.length) {
                return null;
            }
            if (is(file, (int) at + 4, wanted)) {
                return new Chunk((int) at + 8, (int) length);
            }
            at += 12 + length;
        }
        return null;
    }

    /** The first chunk of a kind ({@code EXIF}) among those from one place of a RIFF container to another; null where there is none. */
    static Chunk riff(byte[] file, int from, int to, String wanted) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long at = from;
        while (at + 8 <= to) {
            long length = Integer.toUnsignedLong(bytes.getInt((int) at + 4));
            if (at + 8 + length > to) {
                return null;
            }
            if (is(file, (int) at, wanted)) {
                return new Chunk((int) at + 8, (int) length);
            }
            at += 8 + length + (length & 1);
        }
        return null;
    }

    private static boolean is(byte[] file, int at, String kind) {
        for (int i = 0; i < 4; i++) {
            if (file[at + i] != kind.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
