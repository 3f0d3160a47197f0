package graft.data;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Imagenette by fast.ai: ten classes of ImageNet that are easy to tell apart, as they are or with a shorter side of 320 or 160 pixels. */
final class Imagenette {
    static final KnownData FULL = data("imagenette", "their own sizes", "imagenette2.tgz", 1_557_161_267,
        "6cbfac238434d89fe99e651496f0812ebc7a10fa62bd42d6874042bf01de4efd", "fe2fc210e6bb7c5664d602c3cd71e612");
    static final KnownData AT_320 = data("imagenette-320", "320 pixels on the shorter side", "imagenette2-320.tgz", 341_663_724,
        "569b4497c98db6dd29f335d1f109cf315fe127053cedf69010d047f0188e158c", "3df6f0d01a2c9592104656642f5e78a3");
    static final KnownData AT_160 = data("imagenette-160", "160 pixels on the shorter side", "imagenette2-160.tgz", 99_003_388,
        "64d0c4859f35a461889e0147755a999a48b49bf38a7e0f9bd27003f10db02fe5", "e793b78cc4c9e9a4ccc0c1155377a412");

    private static final Pattern PICTURE = Pattern.compile("[^/]+/(train|val)/(n[0-9]{8})/([^/]+\\.JPEG)");
    private static final Map<String, String> PARTS = Map.of("train", "train", "val", "test");
    /** By WordNet's number. */
    private static final Map<String, String> CLASSES = Map.of("n01440764", "tench", "n02102040", "English springer", "n02979186", "cassette player",
        "n03000684", "chain saw", "n03028079", "church", "n03394916", "French horn", "n03417042", "garbage truck", "n03425413", "gas pump",
        "n03445777", "golf ball", "n03888257", "parachute");

    private Imagenette() { }

    private static KnownData data(String name, String size, String file, long bytes, String sha256, String md5) {
        return new KnownData(name, "ten classes of ImageNet that are easy to tell apart, " + size,
            "that of ImageNet: for research and teaching, not for commerce", "https://github.com/fastai/imagenette",
            new KnownData.Source("https://s3.amazonaws.com/fast-ai-imageclas/" + file, bytes, sha256, md5), List.of(), 9_469, 0, 3_925, "", lists -> places());
    }

    private static UnaryOperator<String> places() {
        return entry -> {
            Matcher picture = PICTURE.matcher(entry);
            if (!picture.matches() || !CLASSES.containsKey(picture.group(2))) {
                return null;
            }
            return PARTS.get(picture.group(1)) + "/" + CLASSES.get(picture.group(2)) + "/" + picture.group(3);
        };
    }
}
