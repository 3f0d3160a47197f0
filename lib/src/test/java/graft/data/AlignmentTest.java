package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AlignmentTest {
    private static final List<Picture> PHOTOS = ImageFolder.of("builtin:groceries12").train();

    private static Image part(Image image, int left, int top, int width, int height, boolean mirrored) {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.length; i++) {
            int x = i / 3 % width;
            pixels[i] = (byte) image.value(top + i / 3 / width, left + (mirrored ? width - 1 - x : x), i % 3);
        }
        return new Image(height, width, pixels);
    }

    @Test
    void aMirroredPartIsRecognised() throws Exception {
        for (Picture picture : PHOTOS.subList(0, 12)) {
            Image image = PictureFile.read(picture.file());
            Image part = part(image, image.width() / 20, 0, image.width() * 9 / 10, image.height() * 19 / 20, true);
            Alignment alignment = Alignment.of(GreyGrid.of(part), GreyGrid.of(image), 200);
            assertTrue(alignment.mirrored());
            assertEquals(0.9 * 0.95, alignment.part(), 0.02, picture.id());
            assertTrue(alignment.detail() > 0.8 && alignment.likeness() > 0.9, picture.id() + alignment);
        }
    }

    @Test
    void otherPicturesAreNot() throws Exception {
        for (int i = 0; i < 30; i++) {
            Alignment alignment = Alignment.of(GreyGrid.of(PictureFile.read(PHOTOS.get(i).file())), GreyGrid.of(PictureFile.read(PHOTOS.get(i + 60).file())), 256);
            assertTrue(alignment.detail() < 0.25, alignment.toString());
        }
    }

    /** The mean of the grid is that of the picture, whatever its size; and the mirror picture's hash is known without the picture. */
    @Test
    void gridsAndHashes() throws Exception {
        for (int width : new int[] {200, 64, 37, 1}) {
            Image image = PictureFile.read(PHOTOS.get(3).file());
            Image part = part(image, 10, 10, width, 150, false);
            double mean = 0;
            for (int i = 0; i < width * 150; i++) {
                mean += 0.299 * part.value(i / width, i % width, 0) + 0.587 * part.value(i / width, i % width, 1) + 0.114 * part.value(i / width, i % width, 2);
            }
            double grid = 0;
            for (float value : GreyGrid.of(part)) {
                grid += value;
            }
            assertEquals(mean / width / 150, grid / GreyGrid.SIDE / GreyGrid.SIDE, 0.01);
        }
        for (Picture picture : PHOTOS.subList(0, 20)) {
            Image image = PictureFile.read(picture.file());
            long hash = PerceptualHash.of(GreyGrid.of(image), 0);
            long mirrored = PerceptualHash.of(GreyGrid.of(part(image, 0, 0, image.width(), image.height(), true)), 0);
            assertTrue(PerceptualHash.distance(PerceptualHash.mirrored(hash), mirrored) <= 1, picture.id());
            assertTrue(PerceptualHash.distance(hash, mirrored) > 5, picture.id());
        }
    }
}
