package graft.augment;

import static graft.augment.Transforms.centerCrop;
import static graft.augment.Transforms.randomCrop;
import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomResizedCrop;
import static graft.augment.Transforms.resize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.Small;
import graft.data.DecodedCache;
import graft.data.Image;
import graft.data.Picture;
import graft.data.PictureSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline on a decoded cache: which of its steps are kept, and that no pixel changes. */
class CachedViewsTest {
    private static final List<Picture> PICTURES = Small.pictures().train().subList(0, 8);

    /** A step of somebody's own, whose code the cache cannot know. */
    private record Own() implements Transform {
        @Override public Image apply(Image image, RandomGenerator random) {
            return image;
        }

        @Override public String name() {
            return "Resize";
        }

        @Override public Map<String, Object> arguments() {
            return Map.of("size", 64);
        }
    }

    /** Names like a step outside of this package, as a user's would be. */
    private static Transform own() {
        return (Transform) java.lang.reflect.Proxy.newProxyInstance(CachedViewsTest.class.getClassLoader(), new Class<?>[] {Transform.class},
            (proxy, method, arguments) -> method.invoke(new Own(), arguments));
    }

    @Test
    void noPixelChanges(@TempDir Path folder) throws Exception {
        List<Pipeline> pipelines = List.of(Pipeline.of(), Pipeline.of(resize(64), centerCrop(56)), Pipeline.of(resize(72), randomCrop(64), randomHorizontalFlip()),
            Pipeline.of(randomResizedCrop(48), centerCrop(40)), Pipeline.of(resize(64, Interpolation.BICUBIC), centerCrop(56)));
        for (int run = 0; run < 2; run++) {
            try (DecodedCache cache = DecodedCache.of(folder, 200 << 20)) {
                for (int epoch = 0; epoch < 3; epoch++) {
                    for (Pipeline pipeline : pipelines) {
                        for (Picture picture : PICTURES) {
                            Oracle.assertSame(pipeline.view(picture, 5, epoch), pipeline.view(picture, 5, epoch, cache), pipeline + " of " + picture);
                        }
                    }
                }
            }
        }
    }

    @Test
    void whatIsKeptEndsBeforeTheFirstRandomStepAndBeforeAStrangersOwn() throws Exception {
        assertEquals("[]", kept(Pipeline.of(randomResizedCrop(48), centerCrop(40))));
        assertEquals("[Resize(size=64, interpolation=bilinear), CenterCrop(size=56)]", kept(Pipeline.of(resize(64), centerCrop(56), randomHorizontalFlip(), centerCrop(40))));
        assertEquals("[Resize(size=64, interpolation=bilinear)]", kept(Pipeline.of(resize(64), own(), centerCrop(56))));
    }

    /** The description of the steps that a source is given. */
    private static String kept(Pipeline pipeline) throws Exception {
        String[] kept = new String[1];
        pipeline.view(PICTURES.get(0), 0, 0, new PictureSource() {
            @Override public <T> T read(Path file, String steps, UnaryOperator<Image> prepare, Function<Image, T> use) {
                kept[0] = steps;
                return use.apply(prepare.apply(new Image(70, 80, new byte[70 * 80 * 3])));
            }
        });
        return kept[0];
    }

    @Test
    void aPictureThatDoesNotFitIsNamed(@TempDir Path folder) {
        try (DecodedCache cache = DecodedCache.of(folder, 200 << 20)) {
            InputException refused = assertThrows(InputException.class, () -> Pipeline.of(resize(64), randomCrop(90)).view(PICTURES.get(0), 0, 0, cache));
            assertTrue(refused.getMessage().startsWith(PICTURES.get(0).file() + ": RandomCrop"), refused.getMessage());
        }
    }
}
