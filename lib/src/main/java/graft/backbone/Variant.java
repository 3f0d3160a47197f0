package graft.backbone;

import graft.InputException;

/**
 * What a backbone is asked to be.
 *
 * @param classes that the head tells apart
 * @param size of the pictures in pixels, where that matters
 * @param head what turns features into logits
 * @param dropPath how often the last residual branch is dropped in training, 0 to 1; NaN: as its paper has it
 * @param dropout the share of the features that the head does not see in training, 0 to 1; NaN: as its paper has it
 */
record Variant(long classes, long size, Head head, double dropPath, double dropout) {
    Variant {
        requireShare("drop path", dropPath);
        requireShare("dropout", dropout);
    }

    private static void requireShare(String what, double value) {
        if (value < 0 || value >= 1) {
            throw new InputException("%s %s is no share; from 0 up to, but not, 1 would be right".formatted(what, value));
        }
    }

    double dropPath(double usual) {
        return Double.isNaN(dropPath) ? usual : dropPath;
    }

    double dropout(double usual) {
        return Double.isNaN(dropout) ? usual : dropout;
    }
}
