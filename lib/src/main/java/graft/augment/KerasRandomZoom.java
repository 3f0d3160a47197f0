package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Keras's {@code RandomZoom} layer, which is not torchvision's scaling: the picture's middle stays, 0.2 shows 20 % more of the scene (smaller, with
 * the picture reflected around it), −0.2 shows 20 % less (larger); bilinear, without antialias. Keras gives fractions of a grey level, this rounds.
 *
 * @param heightFactor shares by which more is shown vertically, above −1 to 1
 * @param widthFactor the same horizontally; null: always the vertical one, which keeps the shape
 * @param mode what lies outside: Keras's {@code reflect} (the default) is {@link PaddingMode#SYMMETRIC}, {@code nearest} is {@link PaddingMode#EDGE}
 */
public record KerasRandomZoom(Range heightFactor, Range widthFactor, PaddingMode mode) implements Transform {
    public KerasRandomZoom {
        boolean valid = factor(heightFactor) && (widthFactor == null || factor(widthFactor)) && (mode == PaddingMode.SYMMETRIC || mode == PaddingMode.EDGE);
        if (!valid) {
            throw new InputException("KerasRandomZoom by " + heightFactor + ", " + widthFactor + " and " + mode
                + " is not possible; factors above −1 to 1, the lower first, and symmetric or edge would be right");
        }
    }

    private static boolean factor(Range range) {
        return range.low() > -1 && range.within(-1, 1);
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        double vertical = 1 + heightFactor.draw(random);
        return zoomed(image, vertical, widthFactor == null ? vertical : 1 + widthFactor.draw(random), mode);
    }

    /** Shows {@code vertical} times the height and {@code horizontal} times the width of the picture. */
    static Image zoomed(Image image, double vertical, double horizontal, PaddingMode mode) {
        Axis rows = Axis.of(image.height(), vertical, mode);
        Axis columns = Axis.of(image.width(), horizontal, mode);
        byte[] from = image.pixels();
        byte[] to = Recycled.array(from.length);
        int stride = image.width() * 3;
        float[] row = new float[stride];
        for (int y = 0, at = 0; y < image.height(); y++) {
            int upper = rows.first[y] * stride;
            int lower = rows.second[y] * stride;
            for (int i = 0; i < stride; i++) {
                int level = from[upper + i] & 255;
                row[i] = level + ((from[lower + i] & 255) - level) * rows.share[y];
            }
            for (int x = 0; x < image.width(); x++) {
                int left = columns.first[x] * 3;
                int right = columns.second[x] * 3;
                for (int channel = 0; channel < 3; channel++, at++) {
                    float level = row[left + channel];
                    to[at] = (byte) (int) (level + (row[right + channel] - level) * columns.share[x] + 0.5f);
                }
            }
        }
        return new Image(image.height(), image.width(), to);
    }

    /** For each new place the two old ones it lies between, and how near the second. */
    private record Axis(int[] first, int[] second, float[] share) {
        static Axis of(int size, double zoom, PaddingMode mode) {
            Axis axis = new Axis(new int[size], new int[size], new float[size]);
            double offset = (size - 1) / 2.0 * (1 - zoom);
            for (int i = 0; i < size; i++) {
                double place = zoom * i + offset;
                int before = (int) Math.floor(place);
                axis.first[i] = mode.index(before, size);
                axis.second[i] = mode.index(before + 1, size);
                axis.share[i] = (float) (place - before);
            }
            return axis;
        }
    }

    @Override public boolean random() {
        return true;
    }

    @Override public String name() {
        return "KerasRandomZoom";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("height_factor", heightFactor.argument());
        if (widthFactor != null) {
            arguments.put("width_factor", widthFactor.argument());
        }
        arguments.put("fill_mode", mode == PaddingMode.SYMMETRIC ? "reflect" : "nearest");
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
