package graft.augment;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.randomCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import graft.InputException;
import graft.data.Image;
import graft.oracle.Ensembles;
import graft.oracle.Formula;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ViewsTest {
    private static final Pipeline EVALUATE = Pipeline.of(resize(32), centerCrop(24));

    private static long crc(Image image) {
        CRC32 crc = new CRC32();
        crc.update(image.pixels(), 0, image.height() * image.width() * 3);
        return crc.getValue();
    }

    /** Every pixel of torchvision's {@code FiveCrop}, {@code TenCrop} and {@code hflip}. */
    @Test
    void equalsTorchvision() throws Exception {
        Image picture = new Image(45, 60, Formula.image(45, 60, "views"));
        for (Views views : List.of(Views.FLIP, Views.FIVE_CROP, Views.TEN_CROP)) {
            List<Long> expected = Ensembles.json().getAsJsonArray(views.toString()).asList().stream().map(JsonElement::getAsLong).toList();
            assertEquals(expected, views.of(EVALUATE).stream().map(pipeline -> crc(pipeline.apply(picture, null))).toList(), views.toString());
        }
        assertEquals(List.of(EVALUATE), Views.ONE.of(EVALUATE));
    }

    @Test
    void namesAndJson() {
        for (Views views : Views.values()) {
            assertEquals(views, Views.of(views.toString()));
            for (Pipeline pipeline : views.of(EVALUATE)) {
                assertFalse(pipeline.random());
                assertEquals(pipeline, Pipeline.fromJson(pipeline.toJson()));
            }
        }
        assertEquals("FiveCrop(size=24, crop=1)", Views.FIVE_CROP.of(EVALUATE).get(1).transforms().get(1).toString());
    }

    @Test
    void whatHasNoSuchViewsIsRefused() {
        assertTrue(assertThrows(InputException.class, () -> Views.of("sixteen")).getMessage().contains("one, flip, five-crop, ten-crop"));
        assertTrue(assertThrows(InputException.class, () -> Views.FIVE_CROP.of(Pipeline.of(resize(24, 24)))).getMessage().contains("end in CenterCrop"));
        assertTrue(assertThrows(InputException.class, () -> Views.TEN_CROP.of(Pipeline.of())).getMessage().contains("end in CenterCrop"));
        assertTrue(assertThrows(InputException.class, () -> Views.FLIP.of(Pipeline.of(resize(24), randomCrop(20)))).getMessage().contains("draw"));
        Image small = new Image(20, 30, Formula.image(20, 30, "views"));
        assertTrue(assertThrows(InputException.class, () -> new FiveCrop(24, 24, 0).apply(small, null)).getMessage().contains("larger than the picture"));
        assertThrows(InputException.class, () -> new FiveCrop(24, 24, 5));
    }
}
