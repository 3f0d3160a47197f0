package graft.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A WebP container (RFC 9649): the still picture in it, or the first frame of an animation and its place on the canvas, and the EXIF
 * orientation. The picture itself goes to libwebp in a plain container, without colour profile and separate alpha.
 */
final class WebpFile {
    private static final int HEADER = 12;
    private static final int FRAME_HEADER = 16;
    private static final int BYTES_PER_PIXEL = 6;

    private final byte[] file;
    private final Chunks.Chunk frame;   // of an animation, otherwise null

    private WebpFile(byte[] file) {
        this.file = file;
        frame = Chunks.riff(file, HEADER, file.length, "ANMF");
    }

    static WebpFile of(byte[] file) throws UnreadablePictureException {
        long size = 8 + Integer.toUnsignedLong(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
        if (file.length < size) {
            throw PictureFile.truncated();
        }
        return new WebpFile(file);
    }

    /** A WebP file with nothing but the picture. */
    byte[] picture() throws UnreadablePictureException {
        int from = frame == null ? HEADER : frame.at() + FRAME_HEADER;
        int to = frame == null ? file.length : frame.at() + frame.length();
        for (String kind : new String[] {"VP8 ", "VP8L"}) {
            Chunks.Chunk picture = Chunks.riff(file, from, to, kind);
            if (picture != null) {
                int padded = picture.length() + (picture.length() & 1);
                ByteBuffer plain = ByteBuffer.allocate(HEADER + 8 + padded).order(ByteOrder.LITTLE_ENDIAN);
                plain.put(file, 0, 4).putInt(4 + 8 + padded).put(file, 8, 4);
                return plain.put(file, picture.at() - 8, 8 + picture.length()).array();
            }
        }
        throw new UnreadablePictureException("is damaged (it has no picture inside)");
    }

    /** The picture on its canvas, upright. */
    Image place(Image picture) throws UnreadablePictureException {
        Image whole = picture;
        Chunks.Chunk canvas = Chunks.riff(file, HEADER, file.length, "VP8X");
        if (frame != null && canvas != null && canvas.length() >= 10) {
            int width = 1 + u24(canvas.at() + 4);
            int height = 1 + u24(canvas.at() + 7);
            int left = 2 * u24(frame.at());
            int top = 2 * u24(frame.at() + 3);
            if (left + picture.width() > width || top + picture.height() > height) {
                throw new UnreadablePictureException("is damaged (a frame lies outside of its canvas)");
            }
            PixelBudget.check(width, height, BYTES_PER_PIXEL);
            whole = Canvas.place(picture, top, left, height, width, 0);
        }
        Chunks.Chunk exif = Chunks.riff(file, HEADER, file.length, "EXIF");
        return exif == null ? whole : Orientation.upright(whole, Orientation.of(file, exif.at(), exif.length()));
    }

    private int u24(int at) {
        return file[at] & 255 | (file[at + 1] & 255) << 8 | (file[at + 2] & 255) << 16;
    }
}
