package graft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractionTest {
    @TempDir Path temp;
    private Path folder;

    /** A way to pack, by its name. */
    private enum Format {
        TAR, TGZ, ZIP;

        byte[] pack(Map<String, byte[]> entries) {
            return switch (this) {
                case TAR -> Packed.tar(entries);
                case TGZ -> Packed.tgz(entries);
                case ZIP -> Packed.zip(entries);
            };
        }
    }

    static List<Format> formats() {
        return List.of(Format.values());
    }

    @BeforeEach
    void inside() throws IOException {
        folder = Files.createDirectories(temp.resolve("deep/down/folder"));
    }

    private Set<String> unpack(byte[] archive) throws IOException, InterruptedException {
        return Extraction.into(folder, new ArchiveFile(Files.write(temp.resolve("archive"), archive), 2), name -> name, 1, Progress.SILENT);
    }

    private String refusal(byte[] archive) throws IOException {
        String reason = assertThrows(BadArchiveException.class, () -> unpack(archive)).getMessage();
        assertNothingOutside();
        return reason;
    }

    private void assertNothingOutside() throws IOException {
        try (Stream<Path> all = Files.walk(temp)) {
            assertEquals(Set.of(), all.filter(path -> !Files.isDirectory(path) && !path.startsWith(folder) && !path.endsWith("archive")).collect(Collectors.toSet()));
        }
        try (Stream<Path> all = Files.walk(folder)) {
            assertTrue(all.noneMatch(Files::isSymbolicLink), "no link is ever made");
        }
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static Map<String, byte[]> named(String... names) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (String name : names) {
            entries.put(name, name.endsWith("/") ? new byte[0] : noise(100 + name.length()));
        }
        return entries;
    }

    @ParameterizedTest
    @MethodSource("formats")
    void unpacksFilesWithTheirFolders(Format format) throws Exception {
        Map<String, byte[]> entries = named("a/", "a/1.jpg", "./a/b/2.jpg", "ü.jpg");
        entries.put("empty.jpg", new byte[0]);
        entries.put("large.jpg", noise(200_000));
        assertEquals(Set.of("a/1.jpg", "a/b/2.jpg", "ü.jpg", "empty.jpg", "large.jpg"), Extraction.into(folder,
            new ArchiveFile(Files.write(temp.resolve("archive"), format.pack(entries)), 2), name -> name.endsWith(".jpg") ? name : null, 5, Progress.SILENT));
        assertArrayEquals(entries.get("./a/b/2.jpg"), Files.readAllBytes(folder.resolve("a/b/2.jpg")));
        assertArrayEquals(entries.get("large.jpg"), Files.readAllBytes(folder.resolve("large.jpg")));
        assertEquals(0, Files.size(folder.resolve("empty.jpg")));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void namesThatLeadOutAreRefused(Format format) throws Exception {
        for (String name : List.of("../evil", "a/../../evil", "a/b/../../../../evil", "..", "a/..")) {
            assertEquals("has an entry " + name + " that leads out of its folder", refusal(format.pack(named(name))));
        }
        for (String name : List.of("..\\evil", "a\\..\\..\\evil", "C:/evil", "c:evil", "a\nb", "a\tb", "x".repeat(1025))) {
            String reason = refusal(format.pack(named(name))); // the ZIP reader turns \\ into /
            assertTrue(reason.endsWith(", which is no name of a file inside a folder") || reason.endsWith(" that leads out of its folder"), name);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void anAbsoluteNameIsRefused(Format format) throws Exception {
        Path evil = temp.resolve("evil").toAbsolutePath();
        byte[] archive = format.pack(named(evil.toString()));
        // A tar archive is made without the first slash; there the name is a harmless one.
        if (new String(archive, StandardCharsets.ISO_8859_1).contains(evil.toString()) && format == Format.ZIP) {
            assertTrue(refusal(archive).contains("no name of a file inside a folder"));
        }
        assertTrue(Files.notExists(evil));
    }

    @Test
    void anAbsoluteNameInATarIsRefused() throws Exception {
        assertTrue(refusal(tar("/evil", TarConstants.LF_NORMAL, "")).contains("/evil, which is no name of a file inside a folder"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"con", "NUL.jpg", "a/aux.tar.jpg", "com1", "a?.jpg", "a*", "a|b", "a<b", "a>b", "a\"b", "a:b.jpg", "ends.", "ends ", ".hidden", "a/.git/config"})
    void namesThatOtherPlatformsCannotHaveAreRefused(String name) throws Exception {
        assertTrue(refusal(Packed.tgz(named(name))).contains(" no name of a file "), name);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void twoFilesForOnePlaceAreRefused(Format format) throws Exception {
        assertEquals("has two files that would become a/X.jpg", refusal(format.pack(named("a/x.jpg", "a/X.jpg"))));
        folder = Files.createDirectories(temp.resolve("deep/down/other"));
        assertEquals("has two files that would become same", assertThrows(BadArchiveException.class, () -> Extraction.into(folder,
            new ArchiveFile(Files.write(temp.resolve("archive"), format.pack(named("a", "b"))), 2), name -> "same", 2, Progress.SILENT)).getMessage());
    }

    private static byte[] tar(String name, byte type, String target) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
            entry.setLinkName(target);
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
            TarArchiveEntry behind = new TarArchiveEntry("link/behind.jpg");
            behind.setSize(3);
            tar.putArchiveEntry(behind);
            tar.write(new byte[3]);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    @Test
    void linksAndDevicesAreNeverMade() throws Exception {
        for (byte type : List.of(TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_FIFO, TarConstants.LF_CHR, TarConstants.LF_BLK)) {
            byte[] archive = tar("link", type, "../..");
            assertEquals("has a link, a folder or a device called link where a file should be", refusal(archive));
            // Where it is not wanted it is left out, and what lies behind it is an ordinary file.
            Path other = Files.createDirectories(folder.resolve("type" + type));
            Extraction.into(other, new ArchiveFile(temp.resolve("archive"), 2), name -> name.equals("link") ? null : name, 1, Progress.SILENT);
            assertEquals(3, Files.size(other.resolve("link/behind.jpg")));
            assertNothingOutside();
        }
    }

    @Test
    void aLinkInAZipIsRefused() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            ZipArchiveEntry link = new ZipArchiveEntry("link");
            link.setUnixMode(UnixStat.LINK_FLAG | 0777);
            zip.putArchiveEntry(link);
            zip.write("../..".getBytes(StandardCharsets.US_ASCII));
            zip.closeArchiveEntry();
        }
        assertEquals("has a link, a folder or a device called link where a file should be", refusal(bytes.toByteArray()));
    }

    @Test
    void bombsAreRefused() throws Exception {
        byte[] zeros = new byte[20_000_000];
        for (byte[] bomb : List.of(Packed.tgz(Map.of("a.jpg", zeros)), Packed.zip(Map.of("a.jpg", zeros)), Packed.gzip(zeros.clone()))) {
            assertTrue(bomb.length < 100_000);
            String reason = refusal(bomb);
            assertTrue(reason.matches("unpacks to more than 1,\\d{3},\\d{3} bytes, which is too much for its size|is damaged, or no ZIP or tar archive"), reason);
            assertTrue(!Files.exists(folder.resolve("a.jpg")) || Files.size(folder.resolve("a.jpg")) < 2_000_000);
            Files.deleteIfExists(folder.resolve("a.jpg"));
        }
        // In an entry that nobody wants, too.
        Path unwanted = Files.write(temp.resolve("archive"), Packed.tgz(Map.of("a.jpg", zeros)));
        assertThrows(BadArchiveException.class, () -> Extraction.into(folder, new ArchiveFile(unwanted, 2), name -> null, 1, Progress.SILENT));
        // And where every part is small.
        Map<String, byte[]> many = new LinkedHashMap<>();
        for (int i = 0; i < 400; i++) {
            many.put(i + ".jpg", new byte[10_000]);
        }
        assertTrue(refusal(Packed.zip(many)).startsWith("unpacks to more than "));
    }

    @Test
    void aHeaderWithoutEndIsRefused() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry("a.jpg");
            entry.addPaxHeader("comment", "x".repeat(3_000_000));
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        }
        assertEquals("has an entry with a header of more than 1,048,576 bytes", refusal(bytes.toByteArray()));
    }

    @Test
    void aSparseEntryCountsAsWhatItBecomes() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            byte[] sparse = "30 GNU.sparse.size=1000000000\n26 GNU.sparse.numblocks=1\n30 GNU.sparse.map=999999999,1\n".getBytes(StandardCharsets.US_ASCII);
            TarArchiveEntry header = new TarArchiveEntry("header", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
            header.setSize(sparse.length);
            tar.putArchiveEntry(header);
            tar.write(sparse);
            tar.closeArchiveEntry();
            TarArchiveEntry entry = new TarArchiveEntry("a.jpg");
            entry.setSize(1);
            tar.putArchiveEntry(entry);
            tar.write(7);
            tar.closeArchiveEntry();
        }
        String reason = refusal(bytes.toByteArray());
        assertTrue(reason.startsWith("unpacks to more than 1,"), reason);
    }

    @Test
    void tooManyEntriesAreRefused() throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i <= 50_000; i++) {
            entries.put(i + "/", new byte[0]);
        }
        Path archive = Files.write(temp.resolve("archive"), Packed.zip(entries));
        assertEquals("has more than 50,000 entries", assertThrows(BadArchiveException.class,
            () -> Extraction.into(folder, new ArchiveFile(archive, 2), name -> null, 1, Progress.SILENT)).getMessage());
    }

    /** Cut anywhere, or with a byte changed anywhere: a refusal or less of it, but no other exception and nothing outside. */
    @ParameterizedTest
    @MethodSource("formats")
    void damageIsSaid(Format format) throws Exception {
        byte[] whole = format.pack(named("a/1.jpg", "a/2.jpg", "b/3.jpg"));
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 120; i++) {
            byte[] damaged = i % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (i % 2 == 1) {
                damaged[random.nextInt(whole.length)] ^= (byte) (1 + random.nextInt(255));
            }
            folder = Files.createDirectories(temp.resolve("deep/down/folder" + i));
            try {
                assertTrue(unpack(damaged).size() <= 3);
            } catch (BadArchiveException said) {
                refused++;
            }
            assertNothingOutsideOf(temp.resolve("deep/down"));
        }
        assertTrue(refused > 40, refused + " of 120");
    }

    private void assertNothingOutsideOf(Path inner) throws IOException {
        try (Stream<Path> all = Files.walk(temp, 1)) {
            assertEquals(Set.of("deep", "archive"), all.filter(path -> !path.equals(temp)).map(path -> path.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new)));
        }
        assertTrue(Files.isDirectory(inner));
    }

    @Test
    void whatIsNoArchiveIsSaid() throws Exception {
        for (byte[] bytes : List.of("<html>not found</html>".getBytes(StandardCharsets.US_ASCII), noise(5_000), "PK but no more".getBytes(StandardCharsets.US_ASCII))) {
            assertTrue(refusal(bytes).startsWith("is damaged"), new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void anInterruptStopsIt() throws Exception {
        ArchiveFile open = new ArchiveFile(Files.write(temp.resolve("archive"), Packed.tgz(named("a.jpg", "b.jpg"))), 2);
        assertThrows(InterruptedException.class, () -> Extraction.into(folder, open, name -> {
            Thread.currentThread().interrupt();
            return name;
        }, 2, Progress.SILENT));
        assertTrue(!Thread.interrupted());
    }

    @Test
    void listsAreReadAsText() throws Exception {
        Path archive = Files.write(temp.resolve("archive"), Packed.tgz(Map.of("./lists/a.txt", "grün\n".getBytes(StandardCharsets.UTF_8), "b.png", noise(10))));
        assertEquals(Map.of("lists/a.txt", "grün\n"), Extraction.texts(new ArchiveFile(archive, 50), List.of("lists/a.txt")));
        assertEquals("lacks lists/c.txt", assertThrows(BadArchiveException.class, () -> Extraction.texts(new ArchiveFile(archive, 50), List.of("lists/c.txt"))).getMessage());
    }
}
