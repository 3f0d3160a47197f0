package graft.torch;

import graft.WholeFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * Writes the ZIP files that {@code torch.load} and {@code torch.jit.load} read: entries uncompressed, each beginning at
 * a multiple of 64 bytes so that it can be mapped, ZIP64 where offsets or counts need it. {@link
 * java.util.zip.ZipOutputStream} can do neither alignment nor lazy content.
 *
 * <p>From PKWARE's APPNOTE 6.3; the alignment by an extra field named {@code FB} is that of PyTorch's
 * {@code caffe2/serialize/inline_container.cc}.
 */
public final class StoredZip {
    private static final int ALIGNMENT = 64;
    private static final long MAX_32 = 0xffffffffL;
    /** 1 January 1980, the first day of ZIP: equal content gives equal bytes. */
    private static final short DATE = 1 << 5 | 1;

    private final Map<String, Supplier<ByteBuffer>> entries = new LinkedHashMap<>();

    /** Adds an entry. */
    public StoredZip add(String name, byte[] content) {
        return add(name, () -> ByteBuffer.wrap(content));
    }

    /** Adds an entry whose content, up to 2 GiB, is asked for when it is written; {@code tensor::bytes} fits. */
    public StoredZip add(String name, Supplier<ByteBuffer> content) {
        if (entries.put(name, content) != null) {
            throw new IllegalArgumentException("two entries named " + name);
        }
        return this;
    }

    /**
     * Writes the archive beside {@code file} and moves it into place.
     *
     * @throws graft.InputException if that is impossible; nothing is left behind
     */
    public void write(Path file) {
        WholeFile.write(file, this::write);
    }

    /** Writes the archive; the stream stays open. */
    public void write(OutputStream out) throws IOException {
        write(Channels.newChannel(out));
    }

    private record Written(byte[] name, int crc, int size, long offset) { }

    private void write(WritableByteChannel out) throws IOException {
        List<Written> directory = new ArrayList<>();
        long position = 0;
        for (var entry : entries.entrySet()) {
            byte[] name = entry.getKey().getBytes(StandardCharsets.UTF_8);
            ByteBuffer content = entry.getValue().get().duplicate();
            CRC32 crc = new CRC32();
            crc.update(content.duplicate());
            Written written = new Written(name, (int) crc.getValue(), content.remaining(), position);
            directory.add(written);
            position += writeFully(out, localHeader(written));
            position += writeFully(out, content);
        }
        long start = position;
        for (Written entry : directory) {
            position += writeFully(out, centralHeader(entry));
        }
        writeFully(out, end(directory.size(), start, position - start));
    }

    private static long writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
        long size = bytes.remaining();
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
        return size;
    }

    private static ByteBuffer localHeader(Written entry) {
        int unpadded = 30 + entry.name.length + 4;
        int padding = (int) (ALIGNMENT - (entry.offset + unpadded) % ALIGNMENT) % ALIGNMENT;
        ByteBuffer header = allocate(unpadded + padding);
        header.putInt(0x04034b50).putShort((short) 20);
        putCommon(header, entry);
        header.putShort((short) (4 + padding)).put(entry.name);
        header.put((byte) 'F').put((byte) 'B').putShort((short) padding);
        return header.position(0);
    }

    private static ByteBuffer centralHeader(Written entry) {
        boolean zip64 = entry.offset >= MAX_32;
        ByteBuffer header = allocate(46 + entry.name.length + (zip64 ? 12 : 0));
        short version = (short) (zip64 ? 45 : 20);
        header.putInt(0x02014b50).putShort(version).putShort(version);
        putCommon(header, entry);
        header.putShort((short) (zip64 ? 12 : 0)); // length of the extra field
        header.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0); // comment, disk, attributes
        header.putInt(zip64 ? -1 : (int) entry.offset).put(entry.name);
        if (zip64) {
            header.putShort((short) 1).putShort((short) 8).putLong(entry.offset);
        }
        return header.position(0);
    }

    /** What the local and the central header share: flags (UTF-8 name), method 0, time, date, CRC, sizes, name length. */
    private static void putCommon(ByteBuffer header, Written entry) {
        header.putShort((short) 0x800).putShort((short) 0).putShort((short) 0).putShort(DATE);
        header.putInt(entry.crc).putInt(entry.size).putInt(entry.size).putShort((short) entry.name.length);
    }

    private static ByteBuffer end(int count, long start, long size) {
        boolean zip64 = count >= 0xffff || start >= MAX_32 || size >= MAX_32;
        ByteBuffer end = allocate((zip64 ? 56 + 20 : 0) + 22);
        if (zip64) {
            end.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45).putInt(0).putInt(0);
            end.putLong(count).putLong(count).putLong(size).putLong(start);
            end.putInt(0x07064b50).putInt(0).putLong(start + size).putInt(1);
        }
        short shown = (short) (zip64 ? -1 : count);
        end.putInt(0x06054b50).putInt(0).putShort(shown).putShort(shown);
        end.putInt(zip64 ? -1 : (int) size).putInt(zip64 ? -1 : (int) start).putShort((short) 0);
        return end.position(0);
    }

    private static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
