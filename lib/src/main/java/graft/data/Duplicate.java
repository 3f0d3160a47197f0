package graft.data;

import java.util.Locale;

/**
 * Two pictures of a data set that are the same, or nearly.
 *
 * @param how how much the same
 * @param likeness correlation of their grey values when one is laid over the other, up to 1
 * @param mirrored whether one is the mirror picture of the other
 * @param part which part of one of them the other shows, as a share of its area, up to 1
 * @param acrossParts whether one is for training and the other for testing
 */
record Duplicate(How how, Picture first, Picture second, double likeness, boolean mirrored, double part, boolean acrossParts) {
    /** From the same file to another photograph of the same. */
    enum How { SAME_FILE, SAME_PIXELS, COPY, SIMILAR }

    /** Whether they are labelled as of different classes. */
    boolean acrossClasses() {
        return first.label() >= 0 && second.label() >= 0 && first.label() != second.label();
    }

    /** In words: {@code copy, mirrored, 81 % of it, likeness 0.99}. */
    String describe() {
        return switch (how) {
            case SAME_FILE -> "the same file";
            case SAME_PIXELS -> "the same pixels in another file";
            case COPY -> "a copy" + (mirrored ? ", mirrored" : "") + (part < 0.97 ? String.format(Locale.ROOT, ", cut to %.0f %%", 100 * part) : "") + alike();
            case SIMILAR -> "similar" + (mirrored ? ", mirrored" : "") + alike();
        };
    }

    private String alike() {
        return String.format(Locale.ROOT, ", likeness %.2f", likeness);
    }
}
