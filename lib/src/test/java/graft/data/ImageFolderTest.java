package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import graft.InputException;
import graft.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    @TempDir Path dir;

    @Test
    void numericClassesCountAndFilesToo() throws IOException {
        for (int label = 0; label < 12; label++) {
            put("train/" + label + "/10.jpg", "train/" + label + "/9.JPG");
        }
        put("test/11.jpg", "test/2.jpg", "sample_submission.csv");
        ImageFolder folder = ImageFolder.of(dir);
        assertEquals(IntStream.range(0, 12).mapToObj(String::valueOf).toList(), folder.classes());
        assertEquals(new Picture(dir.resolve("train/2/9.JPG"), "train/2/9.JPG", 2), folder.train().get(4));
        assertEquals(24, folder.train().size());
        assertEquals(List.of("test/2.jpg", "test/11.jpg"), folder.test().stream().map(Picture::id).toList());
        assertTrue(folder.test().stream().allMatch(picture -> picture.label() == -1));
        assertFalse(folder.testLabelled());
        assertEquals(dir.resolve("sample_submission.csv"), folder.sampleSubmission().orElseThrow());
    }

    @Test
    void aClassWithoutTestPicturesShiftsNothing() throws IOException {
        put("train/apple/1.jpg", "train/kiwi/1.png", "train/pear/1.webp", "test/kiwi/5.jpg", "test/pear/6.jpg");
        ImageFolder folder = ImageFolder.of(dir);
        assertEquals(List.of(1, 2), folder.test().stream().map(Picture::label).toList());
        assertTrue(folder.testLabelled());
        Files.createDirectories(dir.resolve("test/apple"));
        assertEquals(List.of(1, 2), ImageFolder.of(dir).test().stream().map(Picture::label).toList());
    }

    @Test
    void classFoldersAlone() throws IOException {
        put("b/1.jpg", "a/1.gif", "a/deeper/2.bmp", ".cache/3.jpg", "a/.hidden/4.jpg", "notes.txt", "a/Thumbs.db", "a/.DS_Store", "a/readme.md");
        ImageFolder folder = ImageFolder.of(dir);
        assertEquals(List.of("a", "b"), folder.classes());
        assertEquals(List.of("a/1.gif", "a/deeper/2.bmp", "b/1.jpg"), folder.train().stream().map(Picture::id).toList());
        assertTrue(folder.test().isEmpty());
        assertFalse(folder.testLabelled());
    }

    @Test
    void eachMistakeIsNamed() throws IOException {
        assertError("does not exist", dir.resolve("missing"));
        put("file.jpg");
        assertError("is a file", dir.resolve("file.jpg"));
        assertError("has no class folders", dir);
        put("train/a/1.jpg");
        assertError("has one class only, a", dir);
        Files.createDirectories(dir.resolve("train/b"));
        assertError(Path.of("train", "b") + " is a class without pictures", dir);
        put("train/b/1.jpg", "test/c/1.jpg");
        assertError(Path.of("test", "c") + " holds test pictures of a class that", dir);
        put("train/c/1.jpg", "test/loose.jpg");
        assertError("beside them, pictures such as loose.jpg", dir);
        put("other/test/1.jpg", "other/a/1.jpg", "other/b/1.jpg");
        assertError("has a folder test but no folder train", dir.resolve("other"));
    }

    @Test
    void foldersThatMayNotBeListed() throws IOException {
        put("a/1.jpg", "b/1.jpg");
        assumeTrue(dir.resolve("b").toFile().setReadable(false), "this file system has no permissions");
        try {
            assumeFalse(Files.isReadable(dir.resolve("b")), "skipped: this user may read everything");
            assertError("b cannot be listed (no permission)", dir);
        } finally {
            dir.resolve("b").toFile().setReadable(true);
        }
    }

    @Test
    void linksThatGoInCirclesEnd() throws IOException {
        put("a/1.jpg", "b/1.jpg");
        try {
            Files.createSymbolicLink(dir.resolve("a/round"), dir);
        } catch (IOException | UnsupportedOperationException e) {
            assumeTrue(false, "skipped: no symbolic links here");
        }
        assertTrue(ImageFolder.of(dir).train().stream().map(Picture::id).toList().containsAll(List.of("a/1.jpg", "b/1.jpg")));
    }

    @Test
    void unreadablePicturesAreListedTogether() throws Exception {
        String[] good = {"grey.jpg", "rgb.png", "palette.gif"};
        for (String name : good) {
            copy(name, "train/a/" + name);
            copy(name, "train/b/" + name);
        }
        copy("truncated.jpg", "train/a/cut.jpg");
        copy("text.jpg", "train/b/text.jpg");
        copy("bomb.png", "test/bomb.png");
        put("train/b/slides.pdf");
        ImageFolder folder = ImageFolder.of(dir);
        String message = assertThrows(InputException.class, () -> folder.checked(false, Progress.SILENT)).getMessage();
        for (String part : List.of("4 files that are no readable pictures", "train/a/cut.jpg ends too early (truncated)",
            "train/b/text.jpg is not a picture (it is text)", "test/bomb.png is too large: 20000×20000", "train/b/slides.pdf is no picture by its name",
            "--skip-unreadable")) {
            assertTrue(message.contains(part), message);
        }
        AtomicLong steps = new AtomicLong();
        ImageFolder left = folder.checked(true, (name, total, unit) -> new Progress.Task() {
            @Override public void step(long count) {
                steps.addAndGet(count);
            }

            @Override public void note(String text) { }

            @Override public void close() { }
        });
        assertEquals(9, steps.get());
        assertEquals(6, left.train().size());
        assertTrue(left.test().isEmpty());
        assertEquals(Set.of("train/a/cut.jpg", "train/b/text.jpg", "test/bomb.png", "train/b/slides.pdf"),
            Set.copyOf(left.unreadable().stream().map(one -> one.picture().id()).toList()));
        assertEquals(left, left.checked(false, Progress.SILENT));
    }

    @Test
    void tenAreListedAndTheRestCounted() throws IOException {
        put("b/1.jpg");
        for (int i = 0; i < 12; i++) {
            copy("empty.jpg", "a/" + i + ".jpg");
        }
        Files.copy(PictureFileTest.ODD.resolve("grey.jpg"), dir.resolve("b/1.jpg"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        String message = assertThrows(InputException.class, () -> ImageFolder.of(dir).checked(false, Progress.SILENT)).getMessage();
        assertTrue(message.contains("a/9.jpg is empty; and 2 more"), message);
    }

    @Test
    void aClassThatLosesEverythingIsNamed() throws IOException {
        copy("grey.jpg", "a/1.jpg");
        copy("truncated.jpg", "b/1.jpg");
        String message = assertThrows(InputException.class, () -> ImageFolder.of(dir).checked(true, Progress.SILENT)).getMessage();
        assertTrue(message.contains("no training picture of class b can be read, the first b/1.jpg ends too early"), message);
    }

    private void put(String... names) throws IOException {
        for (String name : names) {
            Files.createDirectories(dir.resolve(name).getParent());
            Files.write(dir.resolve(name), new byte[0]);
        }
    }

    private void copy(String odd, String name) throws IOException {
        Files.createDirectories(dir.resolve(name).getParent());
        Files.copy(PictureFileTest.ODD.resolve(odd), dir.resolve(name));
    }

    private static void assertError(String part, Path folder) {
        String message = assertThrows(InputException.class, () -> ImageFolder.of(folder)).getMessage();
        assertTrue(message.contains(part) && message.contains("would be right") && !message.contains("\n"), message);
    }
}
