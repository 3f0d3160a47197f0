package graft.augment;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.util.List;

/** An argument of a transform by its name, to be imported statically: {@code randomAffine(15, translate(0.1, 0.1), fill(124, 116, 104))}. */
public final class Keyword {
    private final String name;
    private final Object value;

    Keyword(String name, Object value) {
        this.name = name;
        this.value = value;
    }

    /** The largest shift to each side, as shares of width and height. */
    public static Keyword translate(double x, double y) {
        return new Keyword("translate", List.of(x, y));
    }

    /** Scaling factors, or shares of a picture's area. */
    public static Keyword scale(double least, double most) {
        return new Keyword("scale", List.of(least, most));
    }

    /** Shapes: width ÷ height of a crop, height ÷ width of an erased rectangle. */
    public static Keyword ratio(double least, double most) {
        return new Keyword("ratio", List.of(least, most));
    }

    /** A shear along the rows by −{@code degrees} to {@code degrees}. */
    public static Keyword shear(double degrees) {
        return new Keyword("shear", degrees);
    }

    /** Shears along the rows and along the columns, in degrees. */
    public static Keyword shear(double leastX, double mostX, double leastY, double mostY) {
        return new Keyword("shear", List.of(leastX, mostX, leastY, mostY));
    }

    public static Keyword interpolation(Interpolation interpolation) {
        return new Keyword("interpolation", interpolation.toString());
    }

    /** What lies outside of the picture: a grey level, 0 to 255. */
    public static Keyword fill(int level) {
        return new Keyword("fill", level);
    }

    /** What lies outside of the picture: a colour, 0 to 255 each. */
    public static Keyword fill(int red, int green, int blue) {
        return new Keyword("fill", List.of(red, green, blue));
    }

    /** The colour of an erased rectangle, 0 to 255 each. */
    public static Keyword value(int red, int green, int blue) {
        return new Keyword("value", List.of(red, green, blue));
    }

    /** What a rotation leaves in place, in pixels from the upper left corner. */
    public static Keyword center(double x, double y) {
        return new Keyword("center", List.of(x, y));
    }

    /** The result becomes large enough for the whole rotated picture. */
    public static Keyword expand() {
        return new Keyword("expand", true);
    }

    /** What borders are made of. */
    public static Keyword paddingMode(PaddingMode mode) {
        return new Keyword("padding_mode", mode.toString());
    }

    /**
     * A transform from its name and arguments; those that are left out have torchvision's defaults.
     *
     * @throws graft.InputException when the transform has no such argument, or a value is not possible
     */
    static Transform call(String transform, Keyword[] some, Keyword... others) {
        JsonObject json = new JsonObject();
        json.addProperty("name", transform);
        for (Keyword[] keywords : new Keyword[][] {others, some}) {
            for (Keyword keyword : keywords) {
                json.add(keyword.name, new Gson().toJsonTree(keyword.value));
            }
        }
        return TransformJson.read(json);
    }
}
