package graft.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sources;

/**
 * 102 Category Flowers: kinds of flowers that are common in Britain (Nilsback and Zisserman 2008), with the official parts: ten training, ten
 * validation pictures a class, and twenty or more to test on. Classes and parts stand in MATLAB files: {@code labels} has the class, from 1 on, of every
 * picture; {@code trnid}, {@code valid} and {@code tstid} have the pictures of the parts, numbered from 1 on.
 */
final class OxfordFlowers {
    private static final String FOLDER = "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/";

    static final KnownData DATA = new KnownData("oxford-flowers-102", "102 kinds of flowers, ten training pictures a kind, 500 pixels on the shorter side",
        "none is stated: pictures from the web, collected for research", FOLDER,
        new KnownData.Source(FOLDER + "102flowers.tgz", 344_862_509,
            "2d01ecc807db462958cfe3d92f57a8c252b4abd240eb955770201e45f783b246", "52808999861908f626f3c1f4e79d11fa"),
        List.of(new KnownData.Source(FOLDER + "imagelabels.mat", 502,
                "4903e94206bac23bf772aadf06451916df56b58fc483a62db32a97b82656651d", "e0620be6f572b9609742df49c70aed4d"),
            new KnownData.Source(FOLDER + "setid.mat", 14_989,
                "46b8678f91fd95d3c8f4feab80d271a6c834a1dd896fe29fd3e6ad9ce5c8dccd", "a5357ecc9cb78c4bef273ce3793fc85c")),
        1_020, 1_020, 6_149, "", OxfordFlowers::places);

    private OxfordFlowers() { }

    private static UnaryOperator<String> places(List<Path> lists) throws IOException {
        int[] labels = numbers(lists.get(0), "labels");
        List<String> classes = classes();
        Map<String, String> places = new HashMap<>();
        for (Map.Entry<String, String> part : Map.of("trnid", "train", "valid", "validation", "tstid", "test").entrySet()) {
            for (int picture : numbers(lists.get(1), part.getKey())) {
                int label = picture < 1 || picture > labels.length ? 0 : labels[picture - 1];
                if (label < 1 || label > classes.size()) {
                    throw new BadArchiveException("has no class for picture " + picture + " of the part " + part.getKey());
                }
                String file = String.format(Locale.ROOT, "image_%05d.jpg", picture);
                places.put("jpg/" + file, part.getValue() + "/" + classes.get(label - 1) + "/" + file);
            }
        }
        return places::get;
    }

    private static int[] numbers(Path file, String variable) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            Matrix matrix = Mat5.newReader(Sources.wrap(bytes)).readMat().getMatrix(variable);
            int[] numbers = new int[matrix.getNumElements()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = matrix.getInt(i);
            }
            return numbers;
        } catch (IOException | RuntimeException wrong) {
            throw new BadArchiveException("comes with a list " + file.getFileName() + " that has no numbers called " + variable, wrong);
        }
    }

    /** The names of the classes, one a line, in the order of their numbers. */
    private static List<String> classes() throws IOException {
        try (InputStream bytes = OxfordFlowers.class.getResourceAsStream("oxford-flowers-102.txt");
             BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }
}
