package graft.data;

import graft.data.Finding.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Finds pictures of a size, a shape or a mode that is unlike the others or unlike what networks are made for. */
final class OddPictures {
    private static final int TINY = 32;
    private static final double LONG = 3;
    /** On each side, so sixteen times in area. */
    private static final double ODD = 4;

    private OddPictures() { }

    static List<Finding> of(List<Picture> pictures, Fingerprints prints) {
        int[] readable = IntStream.range(0, prints.count()).filter(prints::readable).toArray();
        double[] sides = Arrays.stream(readable).mapToDouble(i -> side(prints, i)).sorted().toArray();
        double median = sides.length == 0 ? 0 : sides[sides.length / 2];
        boolean mostlyGrey = Arrays.stream(readable).filter(i -> prints.has(i, PictureTrait.GREY)).count() > readable.length / 2;
        List<Finding> findings = new ArrayList<>();
        for (int i : readable) {
            Picture picture = pictures.get(i);
            int width = prints.widths[i];
            int height = prints.heights[i];
            String size = width + "×" + height + " pixels";
            if (Math.min(width, height) < TINY) {
                findings.add(Finding.of(Kind.TINY, picture, size));
            } else if (side(prints, i) > ODD * median || side(prints, i) * ODD < median) {
                findings.add(Finding.of(Kind.ODD_SIZE, picture, size + ", the median is " + Math.round(median) + "×" + Math.round(median)));
            }
            if (Math.max(width, height) > LONG * Math.min(width, height)) {
                findings.add(Finding.of(Kind.LONG, picture, size));
            }
            if (prints.blank[i]) {
                findings.add(Finding.of(Kind.BLANK, picture, "nearly one colour"));
            }
            for (PictureTrait trait : PictureTrait.values()) {
                if (prints.has(i, trait) && !(trait == PictureTrait.GREY && mostlyGrey)) {
                    findings.add(Finding.of(Kind.valueOf(trait.name()), picture, size));
                }
            }
        }
        return findings;
    }

    /** The side of a square of the same area. */
    private static double side(Fingerprints prints, int picture) {
        return Math.sqrt((double) prints.widths[picture] * prints.heights[picture]);
    }
}
