package graft.data;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Grocery Store Dataset: 81 kinds of fruit, vegetables and packages, photographed in shops (Klasson, Zhang and Kjellström 2019, arXiv:1901.00711).
 * The archive is what GitHub packs of one commit; the bytes of such an archive may change, those of the pictures in it may not.
 */
final class GroceryStore {
    static final KnownData DATA = new KnownData("grocery-store", "81 kinds of groceries photographed in shops, about 348 × 348 pixels", "MIT",
        "https://github.com/marcusklasson/GroceryStoreDataset",
        new KnownData.Source("https://github.com/marcusklasson/GroceryStoreDataset/archive/fc80ba90f803d79d0383df52c5a4ac5de99ff6fc.zip", 123_519_345, "", ""),
        List.of(), 2_640, 296, 2_485, "a662c7b44ff6439c7fd36e337b7928797764cbf48ece0b7630b1a6625a11f050", lists -> places());

    private static final Pattern PICTURE = Pattern.compile("[^/]+/dataset/(train|val|test)/(?:[^/]+/)+([^/]+)/([^/]+\\.jpg)");
    private static final Map<String, String> PARTS = Map.of("train", "train", "val", "validation", "test", "test");

    private GroceryStore() { }

    private static UnaryOperator<String> places() {
        return entry -> {
            Matcher picture = PICTURE.matcher(entry);
            return !picture.matches() ? null : PARTS.get(picture.group(1)) + "/" + picture.group(2) + "/" + picture.group(3);
        };
    }
}
