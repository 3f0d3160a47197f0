package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.random.RandomGenerator;

/** A transform that is applied to a share of the pictures and leaves the others as they are. */
interface WithProbability extends Transform {
    /** How likely it is applied, 0 to 1. */
    double p();

    /** The picture when it is applied. */
    Image changed(Image image, RandomGenerator random);

    @Override default Image apply(Image image, RandomGenerator random) {
        return random.nextDouble() < p() ? changed(image, random) : image;
    }

    @Override default boolean random() {
        return true;
    }

    @Override default String name() {
        return getClass().getSimpleName();
    }

    /** Refuses what is no probability. */
    static void check(String name, double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new InputException(name + " with p = " + p + " is not possible; 0 to 1 would be right");
        }
    }
}
