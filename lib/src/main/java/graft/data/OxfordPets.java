package graft.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Oxford-IIIT Pet: 25 breeds of dogs and 12 of cats (Parkhi, Vedaldi, Zisserman and Jawahar 2012), with the official parts. A picture's breed is its
 * name without the number; which part it belongs to is listed in another archive.
 */
final class OxfordPets {
    static final KnownData DATA = new KnownData("oxford-iiit-pet", "37 breeds of cats and dogs, about 500 × 375 pixels", "CC BY-SA 4.0",
        "https://www.robots.ox.ac.uk/~vgg/data/pets/",
        new KnownData.Source("https://www.robots.ox.ac.uk/~vgg/data/pets/data/images.tar.gz", 791_918_971,
            "67195c5e1c01f1ab5f9b6a5d22b8c27a580d896ece458917e61d459337fa318d", "5c4f3ee8e5d25df40f4fd59a7f44e54c"),
        List.of(new KnownData.Source("https://www.robots.ox.ac.uk/~vgg/data/pets/data/annotations.tar.gz", 19_173_078,
            "52425fb6de5c424942b7626b428656fcbd798db970a937df61750c0f1d358e91", "95a8c909bbe2e81eed6a22bccdf3f68f")),
        3_680, 0, 3_669, "", OxfordPets::places);

    private static final String TRAIN = "annotations/trainval.txt";
    private static final String TEST = "annotations/test.txt";
    /** The other annotations are outlines, which compress better than photographs. */
    private static final int RATIO = 50;

    private OxfordPets() { }

    private static UnaryOperator<String> places(List<Path> lists) throws IOException, InterruptedException {
        Map<String, String> texts = Extraction.texts(new ArchiveFile(lists.get(0), RATIO), List.of(TRAIN, TEST));
        Map<String, String> places = new HashMap<>();
        list(texts.get(TRAIN), "train/", places);
        list(texts.get(TEST), "test/", places);
        return places::get;
    }

    /** Lines such as {@code Abyssinian_100 1 1 1}: the picture, then numbers of its breed, its species and its breed in the species. */
    private static void list(String text, String part, Map<String, String> places) throws BadArchiveException {
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String picture = line.strip().split("\\s+")[0];
            int number = picture.lastIndexOf('_');
            if (picture.isEmpty() || picture.startsWith("#")) {
                continue;
            }
            if (number < 1) {
                throw new BadArchiveException("lists a picture " + picture + " that names no breed");
            }
            places.put("images/" + picture + ".jpg", part + picture.substring(0, number) + "/" + picture + ".jpg");
        }
    }
}
