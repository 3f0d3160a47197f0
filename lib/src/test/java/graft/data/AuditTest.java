package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import graft.InputException;
import graft.Progress;
import graft.data.Finding.Kind;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTest {
    @TempDir Path folder;

    private static Audit audit(Path folder) throws InterruptedException {
        return Audit.of(ImageFolder.asFound(folder.toString(), Progress.SILENT), Progress.SILENT);
    }

    private static List<Finding> of(Audit audit, Kind kind) {
        return audit.byKind().getOrDefault(kind, List.of());
    }

    private static Set<List<String>> pairs(Audit audit, Kind kind) {
        return of(audit, kind).stream().map(finding -> finding.pictures().stream().map(Picture::id).toList()).collect(Collectors.toSet());
    }

    /** Every planted picture is found, and nothing is called a copy that was not planted. */
    @Test
    void plantedCopies() throws Exception {
        List<Planted> planted = Planted.in(folder, ImageFolder.of("builtin:groceries12"), 20, 1);
        Audit audit = audit(folder);
        assertEquals(planted.stream().map(one -> List.of(one.original(), one.copy())).collect(Collectors.toSet()), pairs(audit, Kind.COPY_BETWEEN));
        for (Planted one : planted) {
            String detail = of(audit, Kind.COPY_BETWEEN).stream().filter(finding -> finding.pictures().get(1).id().equals(one.copy())).findFirst().orElseThrow().detail();
            assertEquals(one.how().contains("mirrored"), detail.contains("mirrored"), one + ": " + detail);
            assertEquals(one.how().contains("cropped"), detail.contains("cut"), one + ": " + detail);
        }
        assertEquals(List.of(), of(audit, Kind.COPY_WITHIN));
    }

    /** grocery81 has no copies of its own, scenes6 has one in training and test, and one in training. */
    @ParameterizedTest
    @ValueSource(strings = {"grocery81", "scenes6"})
    void plantedCopiesAmongMany(String name) throws Exception {
        Path data = shared("data/" + name);
        assumeTrue(data != null, "skipped without ../shared/data");
        List<Planted> planted = Planted.in(folder, ImageFolder.of(data), 20, 2);
        Audit audit = audit(folder);
        Set<List<String>> expected = planted.stream().map(one -> List.of(one.original(), one.copy())).collect(Collectors.toSet());
        if (name.equals("scenes6")) {
            expected.add(List.of("train/forest/4275.jpg", "test/forest/20100.jpg"));
        }
        assertEquals(expected, pairs(audit, Kind.COPY_BETWEEN));
        assertEquals(name.equals("scenes6") ? Set.of(List.of("train/forest/316.jpg", "train/forest/4033.jpg")) : Set.of(), pairs(audit, Kind.COPY_WITHIN));
    }

    private static Path shared(String name) {
        String named = System.getProperty("graft.shared");
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path found = (named == null ? at.resolve("shared") : Path.of(named)).resolve(name);
            if (Files.exists(found)) {
                return found;
            }
        }
        return null;
    }

    private void put(String id, Path from) throws IOException {
        Files.createDirectories(folder.resolve(id).getParent());
        Files.copy(from, folder.resolve(id));
    }

    private static Path photo(String id) {
        return ImageFolder.of("builtin:groceries12").root().resolve(id);
    }

    @Test
    void equalFilesAndEqualPixels() throws Exception {
        put("train/kiwi/1.jpg", photo("train/kiwi/1.jpg"));
        put("train/kiwi/2.jpg", photo("train/kiwi/2.jpg"));
        put("train/lemon/1.jpg", photo("train/lemon/1.jpg"));
        put("train/lemon/same.jpg", photo("train/kiwi/1.jpg"));
        put("test/kiwi/same.jpg", photo("train/kiwi/1.jpg"));
        Image pixels = PictureFile.read(photo("train/kiwi/2.jpg"));
        BufferedImage png = new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < pixels.width() * pixels.height(); i++) {
            int x = i % pixels.width();
            int y = i / pixels.width();
            png.setRGB(x, y, pixels.value(y, x, 0) << 16 | pixels.value(y, x, 1) << 8 | pixels.value(y, x, 2));
        }
        ImageIO.write(png, "png", folder.resolve("train/kiwi/3.png").toFile());
        Audit audit = audit(folder);
        assertEquals(Set.of(List.of("train/kiwi/1.jpg", "test/kiwi/same.jpg")), pairs(audit, Kind.SAME_BETWEEN));
        assertEquals(Set.of(List.of("train/kiwi/1.jpg", "train/lemon/same.jpg"), List.of("train/kiwi/2.jpg", "train/kiwi/3.png")), pairs(audit, Kind.SAME_WITHIN));
        assertEquals(Set.of(List.of("train/kiwi/1.jpg", "train/lemon/same.jpg")), pairs(audit, Kind.CONFLICT));
        assertTrue(of(audit, Kind.CONFLICT).get(0).detail().startsWith("kiwi and lemon: "));
        assertTrue(of(audit, Kind.SAME_WITHIN).stream().anyMatch(finding -> finding.detail().equals("the same pixels in another file")));
        assertTrue(of(audit, Kind.TRAIN_ONLY).toString().contains("lemon: 2 pictures"), audit.toString());
    }

    @Test
    void damagedStrangeAndOddPictures() throws Exception {
        for (int i = 0; i < 6; i++) {
            put("kiwi/" + i + ".jpg", photo("train/kiwi/" + i + ".jpg"));
        }
        byte[] whole = Files.readAllBytes(photo("train/kiwi/7.jpg"));
        Files.write(folder.resolve("kiwi/7.jpg"), Arrays.copyOf(whole, whole.length * 3 / 4));
        Files.writeString(folder.resolve("kiwi/film.mp4"), "");
        put("kiwi/odd.png", PictureFileTest.ODD.resolve("rgba.png"));
        put("kiwi/turned.jpg", PictureFileTest.ODD.resolve("orientation-6.jpg"));
        put("kiwi/jpeg.png", photo("train/kiwi/8.jpg"));
        ImageIO.write(new BufferedImage(400, 100, BufferedImage.TYPE_INT_RGB), "png", folder.resolve("kiwi/long.png").toFile());
        ImageIO.write(new BufferedImage(1500, 1500, BufferedImage.TYPE_INT_RGB), "png", folder.resolve("kiwi/large.png").toFile());
        Files.createDirectories(folder.resolve("lemon"));
        Audit audit = audit(folder);
        assertEquals(List.of("kiwi/film.mp4 is no picture by its name; jpg, jpeg, png, gif, bmp or webp would be right", "kiwi/7.jpg ends too early (truncated)"),
            of(audit, Kind.UNREADABLE).stream().map(Finding::toString).toList());
        assertEquals(Set.of(List.of("kiwi/odd.png")), pairs(audit, Kind.ALPHA));
        assertEquals(Set.of(List.of("kiwi/turned.jpg")), pairs(audit, Kind.ROTATED));
        assertEquals(Set.of(List.of("kiwi/jpeg.png")), pairs(audit, Kind.MISNAMED));
        assertEquals(Set.of(List.of("kiwi/long.png")), pairs(audit, Kind.LONG));
        assertEquals(Set.of(List.of("kiwi/large.png")), pairs(audit, Kind.ODD_SIZE));
        assertEquals(Set.of(List.of("kiwi/long.png"), List.of("kiwi/large.png")), pairs(audit, Kind.BLANK));
        assertEquals("lemon", of(audit, Kind.EMPTY_CLASS).get(0).toString());
        assertTrue(audit.toString().contains("files that cannot be read"), audit.toString());
        assertFalse(audit.readable().stream().anyMatch(picture -> picture.id().equals("kiwi/7.jpg")));
    }

    @Test
    void classCounts() throws Exception {
        for (int i = 0; i < 7; i++) {
            put("train/kiwi/" + i + ".jpg", photo("train/kiwi/" + i + ".jpg"));
        }
        for (int i = 0; i < 3; i++) {
            put("train/lemon/" + i + ".jpg", photo("train/lemon/" + i + ".jpg"));
            put("train/orange/" + i + ".jpg", photo("train/orange/" + i + ".jpg"));
            put("test/lemon/" + i + ".jpg", photo("test/lemon/" + i + ".jpg"));
            put("test/lime/" + i + ".jpg", photo("test/kiwi/" + i + ".jpg"));
        }
        Audit audit = audit(folder);
        assertEquals(List.of("kiwi", "lemon", "lime", "orange"), audit.pictures().classes());
        assertEquals("[lime: 3 pictures]", of(audit, Kind.TEST_ONLY).toString());
        assertEquals("[kiwi: 7 pictures, orange: 3 pictures]", of(audit, Kind.TRAIN_ONLY).toString());
        assertEquals("[kiwi: 7 pictures, the median class has 3]", of(audit, Kind.IMBALANCE).toString());
    }

    @Test
    void nothingFound() throws Exception {
        ImageFolder few = ImageFolder.of("builtin:groceries12").first(1);
        assertTrue(Audit.of(few, Progress.SILENT).toString().endsWith("nothing found"), Audit.of(few, Progress.SILENT).toString());
    }

    @Test
    void aFolderWithoutPicturesIsRefused() {
        assertTrue(assertThrows(InputException.class, () -> audit(folder)).getMessage().contains("has no class folders with pictures"));
        assertTrue(assertThrows(InputException.class, () -> audit(folder.resolve("missing"))).getMessage().contains("does not exist"));
    }

    @Test
    void stopsWhenInterrupted() {
        ImageFolder pictures = ImageFolder.of("builtin:groceries12");
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> Audit.of(pictures, Progress.SILENT));
        assertFalse(Thread.interrupted());
    }
}
