package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers of files of every kind; what each of them is stands in its name ({@code make_odd.py} beside the resources). */
class PictureTraitTest {
    @ParameterizedTest
    @CsvSource({"rgb.jpg,", "rgb.png,", "rgb.bmp,", "progressive.jpg,", "lossy.webp,", "lossless.webp,", "grey.jpg,GREY", "grey.png,GREY", "grey.bmp,PALETTE", "cmyk.jpg,CMYK", "ycck.jpg,CMYK",
        "rgba.png,ALPHA", "rgba-16bit.png,ALPHA SIXTEEN_BITS", "grey-alpha.png,ALPHA GREY", "grey-16bit.png,GREY SIXTEEN_BITS", "colour-key.png,ALPHA", "palette-transparent.png,ALPHA PALETTE",
        "palette.png,PALETTE", "palette.bmp,PALETTE", "1bit.bmp,PALETTE", "palette.gif,", "animated.gif,ANIMATED", "interlaced.gif,", "placed.gif,", "transparent.gif,", "lossy-alpha.webp,ALPHA",
        "lossless-alpha.webp,ALPHA", "animated.webp,ANIMATED", "orientation-1.jpg,", "orientation-3.jpg,ROTATED", "orientation-8.jpg,ROTATED", "orientation.png,ROTATED", "orientation.webp,ROTATED"})
    void traits(String name, String expected) throws Exception {
        Set<String> found = PictureTrait.of(Files.readAllBytes(PictureFileTest.ODD.resolve(name)), name).stream()
            .filter(trait -> !(name.startsWith("animated") && trait == PictureTrait.ALPHA)).map(Enum::name).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected == null ? Set.of() : new TreeSet<>(Arrays.asList(expected.split(" "))), found);
    }

    @ParameterizedTest
    @CsvSource({"a.jpg,false", "a.JPEG,false", "a.png,true", "jpg,false", "a.jpg.gif,true"})
    void endings(String name, boolean wrong) throws Exception {
        assertEquals(wrong, PictureTrait.of(Files.readAllBytes(PictureFileTest.ODD.resolve("rgb.jpg")), name).contains(PictureTrait.MISNAMED));
    }
}
