package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Borders around a picture; widths in pixels, 0 or more. */
public record Pad(int left, int top, int right, int bottom, Fill fill, PaddingMode mode) implements Transform {
    private static final int MOST = 1 << 15;

    public Pad {
        if (Math.min(Math.min(left, top), Math.min(right, bottom)) < 0 || Math.max(Math.max(left, top), Math.max(right, bottom)) > MOST) {
            throw new InputException("Pad by " + List.of(left, top, right, bottom) + " is not possible; 0 to " + MOST + " pixels would be right");
        }
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        return mode == PaddingMode.CONSTANT ? Padding.of(image, top, left, bottom, right, fill) : Padding.of(image, top, left, bottom, right, mode);
    }

    @Override public String name() {
        return "Pad";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        boolean same = left == top && top == right && right == bottom;
        arguments.put("padding", same ? left : List.of(left, top, right, bottom));
        arguments.put("fill", fill.argument());
        arguments.put("padding_mode", mode.toString());
        return arguments;
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
