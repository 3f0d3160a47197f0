package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A rotation, a shift, a scaling and a shear, each drawn evenly; the picture keeps its size.
 *
 * @param degrees angles of the rotation, clockwise
 * @param translate the largest shift in both directions, as shares of width and height (0 to 1); null: none
 * @param scale factors, above 0; null: none
 * @param shearX angles of a shear along the rows, in degrees; null: none
 * @param shearY angles of a shear along the columns; null: none
 * @param fill what lies outside of the picture
 * @param center what rotation, scaling and shear leave in place; null: the middle
 */
public record RandomAffine(Range degrees, Point translate, Range scale, Range shearX, Range shearY, Interpolation interpolation, Fill fill, Point center)
        implements Transform {
    private static final double MOST = 1e6;
    private static final double STEEPEST = 89.9;

    public RandomAffine {
        boolean valid = degrees.within(-MOST, MOST) && (scale == null || scale.low() > 0 && scale.within(0, MOST))
            && (translate == null || Range.symmetric(translate.x()).within(-1, 1) && Range.symmetric(translate.y()).within(-1, 1))
            && (shearX == null || shearX.within(-STEEPEST, STEEPEST)) && (shearY == null || shearY.within(-STEEPEST, STEEPEST));
        if (!valid) {
            throw new InputException("RandomAffine with degrees " + degrees + ", translate " + translate + ", scale " + scale + " and shear " + shearX + ", " + shearY
                + " is not possible; translate of 0 to 1, scale above 0 and shear of less than 90 degrees, each the lower first, would be right");
        }
    }

    /**
     * What was drawn.
     *
     * @param moveX whole pixels to the right
     * @param moveY whole pixels down
     */
    record Drawn(double angle, int moveX, int moveY, double scale, double shearX, double shearY) { }

    @Override public Image apply(Image image, RandomGenerator random) {
        Drawn drawn = draw(image.height(), image.width(), random);
        Affine matrix = Affine.of(center == null ? Affine.middle(image) : center, drawn.angle, drawn.moveX, drawn.moveY, drawn.scale, drawn.shearX, drawn.shearY);
        return Warp.of(image, matrix, image.height(), image.width(), interpolation, fill);
    }

    /** For a picture of this size. */
    Drawn draw(int height, int width, RandomGenerator random) {
        double angle = degrees.draw(random);
        int moveX = translate == null ? 0 : (int) Math.rint(Range.symmetric(translate.x() * width).draw(random));
        int moveY = translate == null ? 0 : (int) Math.rint(Range.symmetric(translate.y() * height).draw(random));
        return new Drawn(angle, moveX, moveY, scale == null ? 1 : scale.draw(random), shearX == null ? 0 : shearX.draw(random),
            shearY == null ? 0 : shearY.draw(random));
    }

    @Override public boolean random() {
        return true;
    }

    @Override public String name() {
        return "RandomAffine";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("degrees", degrees.argument());
        if (translate != null) {
            arguments.put("translate", translate.pair());
        }
        if (scale != null) {
            arguments.put("scale", scale.pair());
        }
        if (shearX != null) {
            List<Double> shear = new ArrayList<>(shearX.pair());
            if (shearY != null) {
                shear.addAll(shearY.pair());
            }
            arguments.put("shear", shear);
        }
        arguments.put("interpolation", interpolation.toString());
        arguments.put("fill", fill.argument());
        if (center != null) {
            arguments.put("center", center.pair());
        }
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
