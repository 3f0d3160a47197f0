package graft.augment;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomResizedCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.data.Picture;
import java.io.ByteArrayOutputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LoaderTest {
    private static final Pipeline RANDOM = Pipeline.of(randomResizedCrop(24), randomHorizontalFlip());

    @Test
    void theBytesDoNotDependOnThreadsOrBatches() throws InterruptedException {
        List<Picture> pictures = pictures(50);
        byte[] one = bytes(new Loader(pictures, RANDOM, 1, 2, 7, 1), 50, 7);
        assertArrayEquals(one, bytes(new Loader(pictures, RANDOM, 1, 2, 7, 4), 50, 7));
        assertArrayEquals(one, bytes(new Loader(pictures, RANDOM, 1, 2, 64, 4), 50, 64));
        assertFalse(Arrays.equals(one, bytes(new Loader(pictures, RANDOM, 1, 3, 7, 4), 50, 7)));
        assertFalse(Arrays.equals(one, bytes(new Loader(pictures, RANDOM, 2, 2, 7, 4), 50, 7)));
    }

    @Test
    void aViewDoesNotDependOnTheOrderOfPictures() throws Exception {
        List<Picture> pictures = pictures(20);
        Map<Picture, byte[]> views = new HashMap<>();
        for (Picture picture : pictures) {
            views.put(picture, RANDOM.view(picture, 5, 6).pixels());
        }
        List<Picture> shuffled = new ArrayList<>(pictures);
        Collections.shuffle(shuffled, new Random(1));
        try (Loader loader = new Loader(shuffled, RANDOM, 5, 6, 1)) {
            for (Picture picture : shuffled) {
                byte[] view = new byte[24 * 24 * 3];
                loader.next().pixels().get(view);
                assertArrayEquals(views.get(picture), view);
            }
        }
        assertFalse(Arrays.equals(views.get(pictures.get(0)), views.get(pictures.get(1))), "the same file under two ids has two views");
    }

    @Test
    void theLastBatchIsShorter() throws InterruptedException {
        try (Loader loader = new Loader(pictures(5), RANDOM, 1, 1, 3)) {
            Loader.Batch batch = loader.next();
            assertEquals(0, batch.first());
            assertEquals(3 * 24 * 24 * 3, batch.pixels().remaining());
            assertTrue(batch.pixels().isDirect());
            batch = loader.next();
            assertEquals(List.of(3, 2, 24, 24), List.of(batch.first(), batch.count(), batch.height(), batch.width()));
            assertEquals(2 * 24 * 24 * 3, batch.pixels().remaining());
            assertFalse(loader.hasNext());
            assertThrows(NoSuchElementException.class, loader::next);
        }
        try (Loader loader = new Loader(List.of(), RANDOM, 1, 1, 3)) {
            assertFalse(loader.hasNext());
        }
    }

    @Test
    void anUnreadablePictureIsNamed() throws Exception {
        List<Picture> pictures = new ArrayList<>(pictures(3));
        pictures.add(new Picture(odd("truncated.jpg"), "truncated.jpg", 0));
        try (Loader loader = new Loader(pictures, RANDOM, 1, 1, 3)) {
            loader.next();
            String message = assertThrows(InputException.class, loader::next).getMessage();
            assertTrue(message.contains("truncated.jpg ends too early (truncated)"), message);
        }
    }

    @Test
    void picturesOfDifferentSizesAreRefused() throws Exception {
        List<Picture> pictures = List.of(new Picture(odd("rgb.png"), "a", 0), new Picture(odd("orientation-6.jpg"), "b", 0));
        try (Loader loader = new Loader(pictures, Pipeline.of(resize(16)), 1, 1, 2)) {
            String message = assertThrows(InputException.class, loader::next).getMessage();
            assertTrue(message.contains("orientation-6.jpg becomes 16×20, the pictures before it 20×16"), message);
        }
    }

    @Test
    void aTransformThatDoesNotFitNamesTheFile() throws Exception {
        try (Loader loader = new Loader(pictures(1), Pipeline.of(Transforms.randomCrop(64)), 1, 1, 1)) {
            String message = assertThrows(InputException.class, loader::next).getMessage();
            assertTrue(message.contains("rgb.png: RandomCrop(size=64) does not fit into a picture of 37×29"), message);
        }
    }

    @Test
    void closingStopsTheThreadsAndAnInterruptIsPrompt() throws Exception {
        Loader loader = new Loader(pictures(5000), Pipeline.of(resize(512), centerCrop(512)), 1, 1, 8, 3);
        loader.next();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> {
            while (true) {
                loader.next();
            }
        });
        loader.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("graft-loader")) {
                thread.join();   // hangs if it was not stopped
            }
        }
        assertFalse(loader.hasNext());
    }

    private static byte[] bytes(Loader loader, int pictures, int batch) throws InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (loader) {
            while (loader.hasNext()) {
                byte[] some = new byte[Math.min(batch, pictures - all.size() / (24 * 24 * 3)) * 24 * 24 * 3];
                loader.next().pixels().get(some);
                all.writeBytes(some);
            }
        }
        assertEquals(pictures * 24 * 24 * 3, all.size());
        return all.toByteArray();
    }

    /** Different ids, three files in turn. */
    private static List<Picture> pictures(int count) {
        String[] files = {"rgb.png", "ycbcr-420.jpg", "orientation-6.jpg"};
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pictures.add(new Picture(odd(files[i % 3]), "train/" + i, 0));
        }
        return pictures;
    }

    private static Path odd(String name) {
        try {
            return Path.of(LoaderTest.class.getResource("/graft/data/odd/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
