package graft.data;

import graft.data.Finding.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many pictures each class has.
 *
 * @param train training pictures by label
 * @param test labelled test pictures by label; all 0 where there are none
 */
public record ClassCounts(List<String> classes, int[] train, int[] test) {
    /** A class this many times larger or smaller than the median class is worth a remark. */
    private static final double UNBALANCED = 2;

    public static ClassCounts of(ImageFolder pictures) {
        return new ClassCounts(pictures.classes(), count(pictures.train(), pictures.classes().size()), count(pictures.test(), pictures.classes().size()));
    }

    private static int[] count(List<Picture> pictures, int classes) {
        int[] counts = new int[classes];
        pictures.stream().filter(picture -> picture.label() >= 0).forEach(picture -> counts[picture.label()]++);
        return counts;
    }

    List<Finding> findings() {
        boolean tested = Arrays.stream(test).anyMatch(count -> count > 0);
        int[] some = Arrays.stream(train).filter(count -> count > 0).sorted().toArray();
        int median = some.length == 0 ? 0 : some[some.length / 2];
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < classes.size(); i++) {
            String name = classes.get(i);
            if (train[i] == 0 && test[i] == 0) {
                findings.add(new Finding(Kind.EMPTY_CLASS, List.of(), name, Double.NaN));
            } else if (train[i] == 0) {
                findings.add(new Finding(Kind.TEST_ONLY, List.of(), name + ": " + pictures(test[i]), Double.NaN));
            } else if (tested && test[i] == 0) {
                findings.add(new Finding(Kind.TRAIN_ONLY, List.of(), name + ": " + pictures(train[i]), Double.NaN));
            }
            if (train[i] > 0 && (train[i] > UNBALANCED * median || train[i] * UNBALANCED < median)) {
                findings.add(new Finding(Kind.IMBALANCE, List.of(), name + ": " + pictures(train[i]) + ", the median class has " + median, Double.NaN));
            }
        }
        return findings;
    }

    private static String pictures(int count) {
        return count + (count == 1 ? " picture" : " pictures");
    }
}
