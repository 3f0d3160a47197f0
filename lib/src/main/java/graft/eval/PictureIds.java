package graft.eval;

import graft.InputException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Finds the picture that a contest's ID means. Pictures are known by their path ({@code test/17.jpg}); a contest
 * calls the same one {@code test/17.jpg}, {@code 17.jpg}, {@code test/17}, {@code 17} or {@code images/17.jpg}.
 */
final class PictureIds {
    /** How an ID and a picture's path are made comparable, the strictest way first. */
    private record Way(UnaryOperator<String> ofId, UnaryOperator<String> ofPicture) { }

    private static final List<Way> WAYS = List.of(
        new Way(id -> id, path -> path),
        new Way(id -> id, PictureIds::belowTop),
        new Way(id -> id, PictureIds::withoutExtension),
        new Way(id -> id, path -> withoutExtension(belowTop(path))),
        new Way(PictureIds::name, PictureIds::name),
        new Way(PictureIds::name, path -> withoutExtension(name(path))));

    private final List<String> pictures;
    private final List<Map<String, Integer>> known; // one map a way; −1: more than one picture

    PictureIds(List<String> pictures) {
        this.pictures = pictures;
        this.known = WAYS.stream().map(way -> {
            Map<String, Integer> map = new HashMap<>();
            for (int i = 0; i < pictures.size(); i++) {
                map.merge(way.ofPicture().apply(pictures.get(i)), i, (a, b) -> -1);
            }
            return map;
        }).toList();
    }

    /**
     * The index of the picture that {@code id} means; empty if none does.
     *
     * @throws InputException if several could be meant
     */
    OptionalInt find(String id, String source) {
        for (int w = 0; w < WAYS.size(); w++) {
            Integer found = known.get(w).get(WAYS.get(w).ofId().apply(id));
            if (found != null && found < 0) {
                throw new InputException(source + ": the ID " + id + " could mean several pictures ("
                    + String.join(", ", meant(w, id)) + "); give its path below the data folder");
            }
            if (found != null) {
                return OptionalInt.of(found);
            }
        }
        return OptionalInt.empty();
    }

    private List<String> meant(int way, String id) {
        String key = WAYS.get(way).ofId().apply(id);
        return pictures.stream().filter(p -> WAYS.get(way).ofPicture().apply(p).equals(key)).limit(3).toList();
    }

    /** File names, as contests without a sample expect them; whole paths if two pictures share a name. */
    static List<String> contestIds(List<String> pictures) {
        Map<String, String> names = new LinkedHashMap<>();
        pictures.forEach(p -> names.put(name(p), p));
        return names.size() == pictures.size() ? List.copyOf(names.keySet()) : pictures;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String belowTop(String path) {
        return path.substring(path.indexOf('/') + 1);
    }

    private static String withoutExtension(String path) {
        int dot = path.lastIndexOf('.');
        return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
    }
}
