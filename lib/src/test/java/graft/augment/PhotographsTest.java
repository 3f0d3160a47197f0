package graft.augment;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import graft.data.Image;
import graft.data.ImageFolder;
import graft.data.Picture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All built-in photographs, decoded and through two evaluation pipelines: the very pixels of Pillow and torchvision ({@code make_checksums.py}). */
class PhotographsTest {
    @Test
    void everyPixelIsPillows(@TempDir Path cache) throws IOException {
        Map<String, String> expected = new HashMap<>();
        try (InputStream in = PhotographsTest.class.getResourceAsStream("groceries12.crc")) {
            new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().forEach(line -> expected.put(line.split(" ")[0], line));
        }
        Pipeline decoded = Pipeline.of();
        Pipeline bilinear = Pipeline.of(resize(256), centerCrop(224));
        Pipeline bicubic = Pipeline.of(resize(232, Interpolation.BICUBIC), centerCrop(224));
        String before = System.getProperty("graft.cache");
        System.setProperty("graft.cache", cache.toString());
        try {
            ImageFolder folder = ImageFolder.of("builtin:groceries12");
            List<Picture> all = new ArrayList<>(folder.train());
            all.addAll(folder.test());
            assertEquals(expected.size(), all.size());
            for (Picture picture : all) {
                StringBuilder line = new StringBuilder(picture.id());
                for (Pipeline pipeline : List.of(decoded, bilinear, bicubic)) {
                    Image view = pipeline.view(picture, 0, 0);
                    CRC32 crc = new CRC32();
                    crc.update(view.pixels());
                    line.append(String.format(" %08x", crc.getValue()));
                }
                assertEquals(expected.get(picture.id()), line.toString());
            }
        } finally {
            if (before == null) {
                System.clearProperty("graft.cache");
            } else {
                System.setProperty("graft.cache", before);
            }
        }
    }
}
