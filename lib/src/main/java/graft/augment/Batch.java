package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Pictures of one size as a network trains on them, and what each shows as a distribution over the classes.
 *
 * @param mean of each colour, in units of the colour range: what was subtracted
 * @param std what each colour was divided by afterwards
 * @param pixels {@code [count, 3, height, width]}, float32, row after row: {@code (value / 255 − mean) / std}
 * @param targets {@code [count][classes]}; each row sums to 1
 */
public record Batch(int height, int width, List<Float> mean, List<Float> std, float[] pixels, float[][] targets) {
    public Batch {
        if (pixels.length != 3L * height * width * targets.length) {
            throw new IllegalArgumentException(pixels.length + " values are no " + targets.length + " pictures of " + width + "×" + height);
        }
    }

    /**
     * Views and their labels as a batch.
     *
     * @param images all of one size
     * @param labels 0 to {@code classes − 1}, one an image
     * @throws InputException if their sizes differ, or they are more than an array holds
     */
    public static Batch of(List<Image> images, List<Integer> labels, int classes, List<Float> mean, List<Float> std) {
        int height = images.get(0).height();
        int width = images.get(0).width();
        if (3L * images.size() * height * width > Integer.MAX_VALUE - 8) {
            throw new InputException(images.size() + " pictures of " + width + "×" + height + " are too many for one batch; a smaller one, such as --batch 32, would be right");
        }
        float[] pixels = new float[images.size() * 3 * height * width];
        float[][] targets = new float[images.size()][classes];
        float[][] normalized = normalized(mean, std);
        for (int i = 0; i < images.size(); i++) {
            if (images.get(i).height() != height || images.get(i).width() != width) {
                throw new InputException("the transforms give pictures of different sizes (" + height + "×" + width + " and " + images.get(i).height() + "×"
                    + images.get(i).width() + " in one batch); end them with a crop, such as centerCrop(224)");
            }
            planes(images.get(i).pixels(), normalized, pixels, i * 3 * height * width);
            targets[i][labels.get(i)] = 1;
        }
        return new Batch(height, width, mean, std, pixels, targets);
    }

    public int count() {
        return targets.length;
    }

    /** A picture as it can be shown: the inverse of {@link #of}, rounded to grey levels. */
    public Image image(int index) {
        byte[] bytes = new byte[3 * height * width];
        int plane = height * width;
        for (int i = 0; i < bytes.length; i++) {
            float value = pixels[index * bytes.length + i];
            int colour = i / plane;
            float level = 255 * (value * std.get(colour) + mean.get(colour));
            bytes[i % plane * 3 + colour] = (byte) Math.max(0, Math.min(255, Math.round(level)));
        }
        return new Image(height, width, bytes);
    }

    /** The classes of a picture with their shares, greatest first, such as {@code "kiwi 70 %, orange 30 %"}. */
    public String describe(int index, List<String> classes) {
        List<Integer> shown = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            if (targets[index][label] > 0) {
                shown.add(label);
            }
        }
        shown.sort((a, b) -> Float.compare(targets[index][b], targets[index][a]));
        return shown.stream().map(label -> classes.get(label) + (shown.size() == 1 ? "" : " " + Math.round(100 * targets[index][label]) + "\u00a0%"))
            .collect(Collectors.joining(", "));
    }

    /** {@code [3][256]}: what becomes of each value of each colour, in torchvision's float32 arithmetic. */
    private static float[][] normalized(List<Float> mean, List<Float> std) {
        float[][] normalized = new float[3][256];
        for (int colour = 0; colour < 3; colour++) {
            for (int value = 0; value < 256; value++) {
                normalized[colour][value] = (value / 255f - mean.get(colour)) / std.get(colour);
            }
        }
        return normalized;
    }

    private static void planes(byte[] bytes, float[][] normalized, float[] to, int at) {
        float[] red = normalized[0];
        float[] green = normalized[1];
        float[] blue = normalized[2];
        int plane = bytes.length / 3;
        for (int i = 0, from = 0; i < plane; i++, from += 3) {
            to[at + i] = red[bytes[from] & 255];
            to[at + plane + i] = green[bytes[from + 1] & 255];
            to[at + 2 * plane + i] = blue[bytes[from + 2] & 255];
        }
    }
}
