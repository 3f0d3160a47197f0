package graft.augment;

import java.util.List;

/**
 * A place in a picture, or a distance.
 *
 * @param x to the right
 * @param y downwards
 */
public record Point(double x, double y) {
    List<Double> pair() {
        return List.of(x, y);
    }
}
