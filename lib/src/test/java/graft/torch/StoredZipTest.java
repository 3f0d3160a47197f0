package graft.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredZipTest {
    @TempDir Path folder;

    @Test
    void javasOwnReaderFindsEveryEntry() throws Exception {
        Path file = folder.resolve("a.zip");
        new StoredZip().add("m/version", "3\n".getBytes()).add("m/empty", new byte[0]).add("m/ä", new byte[1000]).write(file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertEquals(3, zip.size());
            for (ZipEntry entry : Collections.list(zip.entries())) {
                assertEquals(ZipEntry.STORED, entry.getMethod());
                byte[] content = zip.getInputStream(entry).readAllBytes(); // checks the CRC
                assertEquals(entry.getSize(), content.length);
            }
            assertArrayEquals("3\n".getBytes(), zip.getInputStream(zip.getEntry("m/version")).readAllBytes());
            assertEquals(1000, zip.getEntry("m/ä").getSize());
        }
    }

    @Test
    void contentBeginsAtMultiplesOf64() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StoredZip zip = new StoredZip();
        for (int i = 0; i < 70; i++) {
            zip.add("x".repeat(i + 1), ("<<" + i + ">>").getBytes());
        }
        zip.write(out);
        String bytes = out.toString(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 70; i++) {
            assertEquals(0, bytes.indexOf("<<" + i + ">>") % 64, "entry " + i);
        }
    }

    @Test
    void manyEntriesNeedZip64() throws Exception {
        Path file = folder.resolve("many.zip");
        StoredZip many = new StoredZip();
        for (int i = 0; i < 70_000; i++) {
            many.add("e" + i, new byte[] {(byte) i});
        }
        many.write(file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertEquals(70_000, zip.size());
            assertArrayEquals(new byte[] {(byte) 69_999}, zip.getInputStream(zip.getEntry("e69999")).readAllBytes());
        }
        assertEquals(1, Files.list(folder).count(), "nothing is left beside it");
    }

    @Test
    void aNameIsTakenOnce() {
        StoredZip zip = new StoredZip().add("a", new byte[0]);
        assertThrows(IllegalArgumentException.class, () -> zip.add("a", new byte[0]));
    }
}
