package graft.data;

import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A picture file held in memory, as ImageIO reads it. It remembers when a decoder asked for more than there is, which
 * several decoders only answer with grey pixels: a truncated file.
 */
final class FileBytes extends ImageInputStreamImpl {
    private final byte[] bytes;
    private final int length;
    private boolean exhausted;

    FileBytes(byte[] bytes) {
        this(bytes, bytes.length);
    }

    FileBytes(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /** Whether a decoder has read past the end. */
    boolean exhausted() {
        return exhausted;
    }

    @Override public int read() {
        bitOffset = 0;
        if (streamPos >= length) {
            exhausted = true;
            return -1;
        }
        return bytes[(int) streamPos++] & 255;
    }

    @Override public int read(byte[] into, int offset, int wanted) {
        bitOffset = 0;
        if (wanted == 0) {
            return 0;
        }
        if (streamPos >= length) {
            exhausted = true;
            return -1;
        }
        int count = (int) Math.min(wanted, length - streamPos);
        System.arraycopy(bytes, (int) streamPos, into, offset, count);
        streamPos += count;
        return count;
    }

    @Override public long length() {
        return length;
    }
}
