package graft.data;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * The entries of a ZIP, a gzipped tar or a plain tar archive, one after the other; which it is, its first bytes tell. An archive may be a
 * bomb: the number of entries and of unpacked bytes is bounded, headers included.
 */
final class ArchiveFile {
    private static final int MOST_ENTRIES = 50_000;
    private static final int MOST_HEADER_BYTES = 1 << 20;
    private static final Set<Byte> FILES = Set.of(TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG);
    private static final int UNIX_TYPE = 0170000;
    private static final int UNIX_FILE = 0100000;

    /** Takes one entry. What it does not read of the content is skipped. */
    @FunctionalInterface interface Visitor {
        /**
         * @param name as it stands in the archive: nothing to open a file with
         * @param ordinary whether it is a file: no folder, link or device
         * @param content throws {@link BadArchiveException} where the archive is damaged, or larger than it may be
         */
        void visit(String name, boolean ordinary, InputStream content) throws IOException, InterruptedException;
    }

    private final Path file;
    private final long most;

    /** @param ratio how many times larger than the archive its contents may be, beside one megabyte */
    ArchiveFile(Path file, int ratio) throws IOException {
        this.file = file;
        this.most = ratio * Files.size(file) + (1 << 20);
    }

    /** @throws BadArchiveException if it is damaged, or larger than it may be; entries before the damage have been visited */
    void forEach(Visitor visitor) throws IOException, InterruptedException {
        int first;
        int second;
        try (InputStream start = Files.newInputStream(file)) {
            first = start.read();
            second = start.read();
        }
        if (first == 'P' && second == 'K') {
            zip(visitor);
        } else {
            tar(visitor, first == 0x1f && second == 0x8b);
        }
    }

    private void zip(Visitor visitor) throws IOException, InterruptedException {
        Bound bound = new Bound();
        try (ZipFile zip = reading(() -> ZipFile.builder().setPath(file).get())) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                bound.countEntry();
                int type = entry.getUnixMode() & UNIX_TYPE;
                boolean ordinary = !entry.isDirectory() && (type == 0 || type == UNIX_FILE);
                if (!ordinary) {
                    visitor.visit(entry.getName(), false, InputStream.nullInputStream());
                    continue;
                }
                try (InputStream content = new Bounded(reading(() -> zip.getInputStream(entry)), bound)) {
                    visitor.visit(entry.getName(), true, content);
                }
            }
        }
    }

    private void tar(Visitor visitor, boolean gzipped) throws IOException, InterruptedException {
        Bound bound = new Bound();
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
             InputStream unpacked = gzipped ? reading(() -> new GZIPInputStream(bytes, 1 << 16)) : bytes;
             TarArchiveInputStream tar = new TarArchiveInputStream(new Bounded(unpacked, bound))) {
            while (true) {
                bound.beginHeader();
                TarArchiveEntry entry = reading(tar::getNextEntry);
                if (entry == null && bound.entries > 0) {
                    return;
                }
                if (entry == null || !entry.isCheckSumOK()) {
                    throw new BadArchiveException("is damaged, or no ZIP or tar archive");
                }
                bound.endHeader();
                bound.countEntry();
                InputStream content = new Bounded(tar, bound.ofContents()); // a sparse entry unpacks to more than it takes
                visitor.visit(entry.getName(), FILES.contains(entry.getLinkFlag()) && !entry.isDirectory(), content);
                content.skip(Long.MAX_VALUE);
            }
        }
    }

    /** Something that the library reads from the archive. */
    @FunctionalInterface private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T reading(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (BadArchiveException | ClosedByInterruptException known) {
            throw known;
        } catch (IOException | RuntimeException damaged) {
            throw new BadArchiveException("is damaged (" + damaged.getMessage() + ")", damaged);
        }
    }

    /** How much has been unpacked of what may be. */
    private final class Bound {
        private long left = most;
        private long header = Long.MAX_VALUE;
        private int entries;
        private Bound contents;

        /** The same for the contents alone, which are counted twice in a tar archive: as part of the stream, and as what a sparse entry becomes. */
        Bound ofContents() {
            if (contents == null) {
                contents = new Bound();
            }
            return contents;
        }

        void countEntry() throws BadArchiveException {
            if (++entries > MOST_ENTRIES) {
                throw new BadArchiveException(String.format(Locale.ROOT, "has more than %,d entries", MOST_ENTRIES));
            }
        }

        /** The library keeps headers in memory, and they can say of themselves how long they are. */
        void beginHeader() {
            header = MOST_HEADER_BYTES;
        }

        void endHeader() {
            header = Long.MAX_VALUE;
        }

        void count(long bytes) throws BadArchiveException {
            left -= bytes;
            header -= bytes;
            if (left < 0) {
                throw new BadArchiveException(String.format(Locale.ROOT, "unpacks to more than %,d bytes, which is too much for its size", most));
            }
            if (header < 0) {
                throw new BadArchiveException(String.format(Locale.ROOT, "has an entry with a header of more than %,d bytes", MOST_HEADER_BYTES));
            }
        }
    }

    /** Bytes that are counted, and end in a refusal when there are too many. */
    private static final class Bounded extends FilterInputStream {
        private final Bound bound;

        Bounded(InputStream bytes, Bound bound) {
            super(bytes);
            this.bound = bound;
        }

        @Override public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
        }

        @Override public int read(byte[] into, int offset, int wanted) throws IOException {
            int count = reading(() -> in.read(into, offset, wanted));
            bound.count(Math.max(0, count));
            return count;
        }

        /** By reading, so that what is skipped counts too. */
        @Override public long skip(long wanted) throws IOException {
            byte[] block = new byte[1 << 16];
            long skipped = 0;
            while (skipped < wanted) {
                int count = read(block, 0, (int) Math.min(block.length, wanted - skipped));
                if (count < 0) {
                    break;
                }
                skipped += count;
            }
            return skipped;
        }

        @Override public boolean markSupported() {
            return false;
        }
    }
}
