package graft.data;

import java.util.List;
import java.util.Locale;

/**
 * One thing that an audit noticed about one picture, two pictures or a class.
 *
 * @param pictures which pictures: one, two that belong together, or none where it is about a class
 * @param detail what exactly: {@code ends too early (truncated)}
 * @param score how sure or how much, 0 to 1: the likeness of two pictures, the probability of another class; NaN where there is no such number
 */
public record Finding(Kind kind, List<Picture> pictures, String detail, double score) {
    /** How much it matters. */
    public enum Weight {
        /** A result that was measured on these pictures may be wrong, or cannot be had. */
        HARMFUL,
        /** Worth a look. */
        DOUBTFUL,
        /** Good to know: Graft copes with it. */
        CURIOUS
    }

    /** What can be found, the most important first. */
    public enum Kind {
        UNREADABLE(Weight.HARMFUL, "files that cannot be read", "Repair or remove them, or train with --skip-unreadable."),
        SAME_BETWEEN(Weight.HARMFUL, "the same picture in training and test", "What is tested was learned by heart: remove one of the two."),
        COPY_BETWEEN(Weight.HARMFUL, "copies between training and test", "The same photograph, compressed, resized, cut or mirrored: remove one of the two."),
        CONFLICT(Weight.HARMFUL, "the same photograph in two classes", "One of the two labels is wrong, or the classes overlap."),
        EMPTY_CLASS(Weight.HARMFUL, "classes without a picture", "Add pictures, or remove the folder: training refuses an empty class."),
        TEST_ONLY(Weight.HARMFUL, "classes in test only", "They can never be recognised: add training pictures, or correct the folder's name."),
        TRAIN_ONLY(Weight.DOUBTFUL, "classes in training only", "Nothing is known about how well they are recognised."),
        MISLABELLED(Weight.DOUBTFUL, "pictures that may be in the wrong class", "A head that never saw the picture is sure of another class. Look at them, the surest first."),
        SAME_WITHIN(Weight.DOUBTFUL, "the same picture twice", "Remove one of the two, or a split may put one into training and one into validation."),
        COPY_WITHIN(Weight.DOUBTFUL, "copies of a picture", "The same photograph, compressed, resized, cut or mirrored: a split may put one into training and one into validation."),
        SIMILAR_BETWEEN(Weight.DOUBTFUL, "similar pictures in training and test", "Two photographs of one scene: test accuracy may promise too much."),
        IMBALANCE(Weight.DOUBTFUL, "classes much larger or smaller than others", "Accuracy favours the large ones: look at each class's own figures."),
        BLANK(Weight.DOUBTFUL, "pictures with nearly nothing to see", "One colour all over; such pictures are not compared with others."),
        TINY(Weight.DOUBTFUL, "tiny pictures", "Under 32 pixels on a side: enlarged to a network's input, they are a blur."),
        LONG(Weight.DOUBTFUL, "very long or very high pictures", "More than three times as long as wide: a centre crop loses most of them."),
        MISNAMED(Weight.CURIOUS, "files with the ending of another format", "They are read all the same; other programs may refuse them."),
        ODD_SIZE(Weight.CURIOUS, "sizes unlike the others", "More than four times as large or small as the median picture: often from another source."),
        SIMILAR_WITHIN(Weight.CURIOUS, "similar pictures", "Two photographs of one scene, often taken one after the other: fewer pictures than it seems."),
        GREY(Weight.CURIOUS, "grey pictures among coloured ones", "Grey is repeated in red, green and blue."),
        CMYK(Weight.CURIOUS, "CMYK pictures", "Converted to RGB without their colour profile."),
        ALPHA(Weight.CURIOUS, "pictures with transparency", "It is dropped; the colour beneath it shows."),
        PALETTE(Weight.CURIOUS, "pictures with a palette", "Few colours, often a drawing or a screenshot."),
        SIXTEEN_BITS(Weight.CURIOUS, "pictures with 16 bits a channel", "The high eight bits are used."),
        ANIMATED(Weight.CURIOUS, "animations", "Only the first picture is used."),
        ROTATED(Weight.CURIOUS, "pictures stored on their side", "Turned upright as their EXIF orientation says; programs that ignore it see them turned.");

        private final Weight weight;
        private final String title;
        private final String advice;

        Kind(Weight weight, String title, String advice) {
            this.weight = weight;
            this.title = title;
            this.advice = advice;
        }

        public Weight weight() {
            return weight;
        }

        /** What was found, in the plural: {@code files that cannot be read}. */
        public String title() {
            return title;
        }

        /** What it means or what to do about it, in a sentence. */
        public String advice() {
            return advice;
        }

        /** As it is written to files: {@code same-between}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Finding {
        pictures = List.copyOf(pictures);
    }

    static Finding of(Kind kind, Picture picture, String detail) {
        return new Finding(kind, List.of(picture), detail, Double.NaN);
    }

    /** The finding in a line: {@code train/kiwi/3.jpg ends too early (truncated)}. */
    @Override public String toString() {
        String names = String.join(" and ", pictures.stream().map(Picture::id).toList());
        return names.isEmpty() ? detail : kind == Kind.UNREADABLE ? names + " " + detail : names + ": " + detail;
    }
}
