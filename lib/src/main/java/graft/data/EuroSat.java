package graft.data;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EuroSAT, the RGB version: what Sentinel-2 sees of ten kinds of land, 64 × 64 pixels (Helber et al. 2019, arXiv:1709.00029). It has no
 * official parts; here every picture whose number is divisible by five is a test picture, which is a fifth of each class.
 */
final class EuroSat {
    static final KnownData DATA = new KnownData("eurosat", "ten kinds of land use as Sentinel-2 sees them, 64 × 64 pixels", "MIT", "https://github.com/phelber/EuroSAT",
        new KnownData.Source("https://huggingface.co/datasets/torchgeo/eurosat/resolve/c877bcd43f099cd0196738f714544e355477f3fd/EuroSAT.zip", 94_280_567,
            "8ebea626349354c5328b142b96d0430e647051f26efc2dc974c843f25ecf70bd", "c8fa014336c82ac7804f0398fcb19387"),
        List.of(), 21_600, 0, 5_400, "", lists -> places());

    private static final Pattern PICTURE = Pattern.compile("2750/([A-Za-z]+)/(\\1_([0-9]{1,5})\\.jpg)");

    private EuroSat() { }

    private static UnaryOperator<String> places() {
        return entry -> {
            Matcher picture = PICTURE.matcher(entry);
            return !picture.matches() ? null : (Integer.parseInt(picture.group(3)) % 5 == 0 ? "test/" : "train/") + picture.group(1) + "/" + picture.group(2);
        };
    }
}
