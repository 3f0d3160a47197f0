package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A rotation around a point by an angle that is drawn evenly.
 *
 * @param degrees angles against the clock
 * @param expand whether the result is large enough for the whole picture; otherwise it has the picture's size
 * @param center what stays in place; null: the middle
 * @param fill what lies outside of the picture
 */
public record RandomRotation(Range degrees, Interpolation interpolation, boolean expand, Point center, Fill fill) implements Transform {
    private static final double MOST = 1e6;

    public RandomRotation {
        if (!degrees.within(-MOST, MOST)) {
            throw new InputException("RandomRotation by " + degrees.low() + " to " + degrees.high()
                + " degrees is not possible; two angles, the lower first, would be right");
        }
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        return Warp.rotate(image, degrees.draw(random), interpolation, expand, center, fill);
    }

    @Override public boolean random() {
        return true;
    }

    @Override public String name() {
        return "RandomRotation";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("degrees", degrees.argument());
        arguments.put("interpolation", interpolation.toString());
        if (expand) {
            arguments.put("expand", true);
        }
        if (center != null) {
            arguments.put("center", center.pair());
        }
        arguments.put("fill", fill.argument());
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
