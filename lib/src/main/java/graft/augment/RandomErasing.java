package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A random rectangle replaced by one colour, or not (Zhong et al. 2017, arXiv:1708.04896), as in torchvision: the rectangle's area is drawn evenly, its
 * shape evenly in the logarithm; after ten tries that do not fit, nothing is erased.
 *
 * <p>torchvision erases after normalisation, where its default value 0 is the mean colour. Here pictures are bytes, and normalisation comes later, in the
 * network: the default {@link Fill#MEAN} is ImageNet's mean colour in bytes, from which the network gets 0.006, −0.005 and 0.008 in the three channels, as near to
 * 0 as bytes allow. For torchvision's value v under another mean and standard deviation the colour is {@code 255 · (v · std + mean)}. Transforms
 * after this one would change the rectangle too: it belongs at the end.
 *
 * @param p how likely a picture is erased, 0 to 1
 * @param scale the rectangle's share of the picture's area
 * @param ratio the rectangle's height ÷ width
 * @param value the colour of the rectangle
 */
public record RandomErasing(double p, Range scale, Range ratio, Fill value) implements WithProbability {
    private static final int TRIES = 10;

    public RandomErasing {
        WithProbability.check("RandomErasing", p);
        if (!scale.within(0, 1) || !(ratio.low() > 0 && ratio.within(0, Double.MAX_VALUE))) {
            throw new InputException("RandomErasing with scale " + scale.low() + "–" + scale.high() + " and ratio " + ratio.low() + "–" + ratio.high()
                + " is not possible; a scale within 0 to 1 and a ratio above 0, each the lower first, would be right");
        }
    }

    @Override public Image changed(Image image, RandomGenerator random) {
        Resample.Box box = draw(image.height(), image.width(), random);
        return box == null ? image : erased(image, box, value);
    }

    /** The picture with a rectangle of one colour. */
    static Image erased(Image image, Resample.Box box, Fill fill) {
        byte[] pixels = image.pixels().clone();
        for (int y = box.top(); y < box.top() + box.height(); y++) {
            int row = (y * image.width() + box.left()) * 3;
            fill.fill(pixels, row, row + box.width() * 3);
        }
        return new Image(image.height(), image.width(), pixels);
    }

    /** The rectangle in a picture of this size; null when ten tries did not fit. */
    Resample.Box draw(int pictureHeight, int pictureWidth, RandomGenerator random) {
        double area = (double) pictureHeight * pictureWidth;
        Range logarithm = new Range(Math.log(ratio.low()), Math.log(ratio.high()));
        for (int i = 0; i < TRIES; i++) {
            double target = area * scale.draw(random);
            double shape = Math.exp(logarithm.draw(random));
            int height = (int) Math.rint(Math.sqrt(target * shape));
            int width = (int) Math.rint(Math.sqrt(target / shape));
            if (height < pictureHeight && width < pictureWidth) {
                int top = random.nextInt(pictureHeight - height + 1);
                int left = random.nextInt(pictureWidth - width + 1);
                return new Resample.Box(top, left, height, width);
            }
        }
        return null;
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("p", p);
        arguments.put("scale", scale.pair());
        arguments.put("ratio", ratio.pair());
        arguments.put("value", value.argument());
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
