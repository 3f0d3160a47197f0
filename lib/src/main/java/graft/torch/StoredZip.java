package graft.torch;

import graft.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Writes the ZIP files that {@code torch.load} and {@code torch.jit.load} read: entries uncompressed, each beginning at
 * a multiple of 64 bytes so that it can be mapped, as PyTorch's {@code caffe2/serialize/inline_container.cc} does;
 * ZIP64 where offsets or counts need it. Equal content gives equal bytes.
 */
final class StoredZip {
    private static final int ALIGNMENT = 64;
    /** The first day that ZIP knows: an archive does not depend on when it was written. */
    private static final LocalDateTime FIRST_DAY = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Map<String, Supplier<ByteBuffer>> entries = new LinkedHashMap<>();

    /** Adds an entry. */
    StoredZip add(String name, byte[] content) {
        return add(name, () -> ByteBuffer.wrap(content));
    }

    /** Adds an entry whose content, up to 2 GiB, is asked for when it is written; {@code tensor::bytes} fits. */
    StoredZip add(String name, Supplier<ByteBuffer> content) {
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
    void write(Path file) {
        AtomicFile.write(file, this::write);
    }

    /** Writes the archive; the stream stays open. */
    void write(OutputStream out) throws IOException {
        write(new ZipArchiveOutputStream(out));
    }

    private void write(ZipArchiveOutputStream zip) throws IOException {
        WritableByteChannel channel = Channels.newChannel(zip);
        for (var entry : entries.entrySet()) {
            ByteBuffer content = entry.getValue().get();
            zip.putArchiveEntry(header(entry.getKey(), content.duplicate()));
            channel.write(content.duplicate());
            zip.closeArchiveEntry();
        }
        zip.finish();
        zip.flush();
    }

    private static ZipArchiveEntry header(String name, ByteBuffer content) {
        ZipArchiveEntry header = new ZipArchiveEntry(name);
        header.setMethod(ZipEntry.STORED);
        header.setAlignment(ALIGNMENT);
        header.setTimeLocal(FIRST_DAY);
        header.setSize(content.remaining());
        CRC32 crc = new CRC32();
        crc.update(content);
        header.setCrc(crc.getValue());
        return header;
    }
}
