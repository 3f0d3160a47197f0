package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitTest {
    private static final int[] SIZES = {10, 7, 2, 31};
    private final List<Picture> pictures = pictures();

    private static List<Picture> pictures() {
        List<Picture> all = new ArrayList<>();
        for (int label = 0; label < SIZES.length; label++) {
            for (int i = 0; i < SIZES[label]; i++) {
                String id = "train/" + label + "/" + i + ".jpg";
                all.add(new Picture(Path.of(id), id, label));
            }
        }
        return all;
    }

    @Test
    void stratifiedTakesItsShareOfEachClass() {
        Split.Fold fold = Split.stratified(0.2).of(pictures, 4, 1).get(0);
        assertEquals(List.of(2L, 1L, 1L, 6L), counts(fold.validation()));
        assertEquals(List.of(8L, 6L, 1L, 25L), counts(fold.train()));
        assertEquals(Set.copyOf(pictures), union(fold));
    }

    @Test
    void aClassOfOneTrains() {
        List<Picture> one = List.of(pictures.get(0), pictures.get(10), pictures.get(11));
        Split.Fold fold = Split.stratified(0.9).of(one, 2, 1).get(0);
        assertEquals(List.of(1L, 1L, 0L, 0L), counts(fold.train()));
    }

    @Test
    void balancedTakesTheSameNumber() {
        Split.Fold fold = Split.balanced(1).of(pictures, 4, 1).get(0);
        assertEquals(List.of(1L, 1L, 1L, 1L), counts(fold.validation()));
        assertTrue(assertThrows(InputException.class, () -> Split.balanced(2).of(pictures, 4, 1)).getMessage()
            .contains("has 2 training pictures, too few for balanced(2); at least 3"));
    }

    @Test
    void foldsValidateEveryPictureOnce() {
        List<Split.Fold> folds = Split.folds(5).of(pictures, 4, 3);
        assertEquals(5, folds.size());
        List<Picture> validated = new ArrayList<>();
        for (Split.Fold fold : folds) {
            assertEquals(10, fold.validation().size());
            assertEquals(Set.copyOf(pictures), union(fold));
            assertEquals(2, counts(fold.validation()).get(0));
            validated.addAll(fold.validation());
        }
        assertEquals(pictures.size(), validated.size());
        assertEquals(Set.copyOf(pictures), Set.copyOf(validated));
    }

    @Test
    void noneTrainsOnEverything() {
        assertEquals(List.of(new Split.Fold(pictures, List.of())), Split.none().of(pictures, 4, 1));
    }

    @Test
    void dependsOnSeedAndIdsNotOnTheOrderOfFiles() {
        List<Picture> shuffled = new ArrayList<>(pictures);
        Collections.shuffle(shuffled, new Random(5));
        for (Split split : List.of(Split.stratified(0.2), Split.balanced(1), Split.folds(5))) {
            Set<Picture> before = Set.copyOf(split.of(pictures, 4, 1).get(0).validation());
            assertEquals(before, Set.copyOf(split.of(shuffled, 4, 1).get(0).validation()));
            assertNotEquals(before, Set.copyOf(split.of(pictures, 4, 2).get(0).validation()));
        }
    }

    @Test
    void jsonAndBack() {
        for (Split split : List.of(Split.none(), Split.stratified(0.25), Split.balanced(3), Split.folds(5))) {
            assertEquals(split, Split.fromJson(JsonParser.parseString(split.toJson().toString())));
        }
        assertEquals("{\"name\":\"stratified\",\"validation\":0.2}", Split.stratified(0.2).toJson().toString());
        assertEquals("folds(5)", Split.folds(5).toString());
        for (String wrong : List.of("{}", "[]", "3", "{\"name\":\"folds\"}", "{\"name\":\"thirds\"}", "{\"name\":\"stratified\",\"validation\":2}")) {
            assertThrows(InputException.class, () -> Split.fromJson(JsonParser.parseString(wrong)), wrong);
        }
    }

    @Test
    void impossibleSplits() {
        assertThrows(InputException.class, () -> Split.stratified(0));
        assertThrows(InputException.class, () -> Split.stratified(Double.NaN));
        assertThrows(InputException.class, () -> Split.balanced(0));
        assertThrows(InputException.class, () -> Split.folds(1));
        assertThrows(InputException.class, () -> Split.folds(2).of(pictures.subList(0, 11), 2, 1));
    }

    @Test
    void csvHasALineForEachPicture(@TempDir Path folder) throws IOException {
        List<String> classes = List.of("a", "b,c", "d", "e");
        List<Picture> test = List.of(new Picture(Path.of("x"), "test/x.jpg", -1));
        Path file = folder.resolve("split.csv");
        Split.writeCsv(file, Split.stratified(0.2).of(pictures, 4, 1), test, classes);
        List<String> lines = Files.readAllLines(file);
        assertEquals("id,class,part,fold", lines.get(0));
        assertEquals(pictures.size() + 2, lines.size());
        assertEquals("test/x.jpg,,test,", lines.get(lines.size() - 1));
        assertTrue(lines.contains("train/1/0.jpg,\"b,c\",train,1") || lines.contains("train/1/0.jpg,\"b,c\",validation,1"), lines.toString());
        Split.writeCsv(file, Split.folds(5).of(pictures, 4, 1), List.of(), classes);
        lines = Files.readAllLines(file);
        assertEquals(pictures.size() + 1, lines.size());
        assertTrue(lines.get(50).endsWith("validation,5"), lines.get(50));
    }

    private static Set<Picture> union(Split.Fold fold) {
        Set<Picture> all = new HashSet<>(fold.train());
        all.addAll(fold.validation());
        assertEquals(all.size(), fold.train().size() + fold.validation().size());
        return all;
    }

    private static List<Long> counts(List<Picture> some) {
        List<Long> counts = new ArrayList<>();
        for (int label = 0; label < SIZES.length; label++) {
            int wanted = label;
            counts.add(some.stream().filter(picture -> picture.label() == wanted).count());
        }
        return counts;
    }
}
