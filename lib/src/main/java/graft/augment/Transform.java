package graft.augment;

import graft.data.Image;
import java.util.Map;
import java.util.random.RandomGenerator;

/** One step from a picture to what a network sees, under torchvision's name, with torchvision's defaults. */
public interface Transform {
    /**
     * The changed picture; the one given stays as it is.
     *
     * @param random where random steps draw; the same generator in the same state gives the same picture
     * @throws graft.InputException when the picture does not fit, such as one that is smaller than its crop
     */
    Image apply(Image image, RandomGenerator random);

    /** torchvision's name: {@code Resize}. */
    String name();

    /** torchvision's arguments, in its order: numbers, strings, booleans or lists of numbers. */
    Map<String, Object> arguments();

    /** Whether the step draws anything: the same picture then has many views. */
    default boolean random() {
        return false;
    }
}
