package graft.augment;

import graft.InputException;
import graft.data.Image;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Brightness, contrast, saturation and hue changed in a random order, each by an amount that is drawn evenly.
 *
 * @param brightness factors from 0; null: no change
 * @param contrast factors from 0; null: no change
 * @param saturation factors from 0; null: no change
 * @param hue shares of a full turn, −0.5 to 0.5; null: no change
 */
public record ColorJitter(Range brightness, Range contrast, Range saturation, Range hue) implements Transform {
    private static final double HALF_TURN = 0.5;

    public ColorJitter {
        boolean valid = factors(brightness) && factors(contrast) && factors(saturation) && (hue == null || hue.within(-HALF_TURN, HALF_TURN));
        if (!valid) {
            throw new InputException("ColorJitter with brightness " + brightness + ", contrast " + contrast + ", saturation " + saturation + " and hue " + hue
                + " is not possible; factors from 0 and a hue within −0.5 to 0.5, each the lower first, would be right");
        }
    }

    /** What the four changes are in torchvision's order. */
    enum Kind { BRIGHTNESS, CONTRAST, SATURATION, HUE }

    /** One change. */
    record Change(Kind kind, double amount) { }

    private static boolean factors(Range range) {
        return range == null || range.within(0, Float.MAX_VALUE);
    }

    /** torchvision's meaning of one number: factors from 1 − amount (0 at least) to 1 + amount; null: no change. */
    static Range around(double amount) {
        if (!(amount >= 0)) {
            throw new InputException("ColorJitter by " + amount + " is not possible; 0 or more would be right");
        }
        return amount == 0 ? null : new Range(Math.max(0, 1 - amount), 1 + amount);
    }

    /** The same for the hue: −amount to amount. */
    static Range turn(double amount) {
        return amount == 0 ? null : Range.symmetric(amount);
    }

    @Override public Image apply(Image image, RandomGenerator random) {
        Recolouring colours = new Recolouring(image);
        for (Change change : draw(random)) {
            switch (change.kind) {
                case BRIGHTNESS -> colours.levels(Levels.brightness(change.amount));
                case CONTRAST -> colours.contrast(change.amount);
                case SATURATION -> colours.saturation(change.amount);
                case HUE -> colours.hue(change.amount);
            }
        }
        return colours.image();
    }

    /** The changes in the order in which they are made, each order equally likely. */
    List<Change> draw(RandomGenerator random) {
        List<Change> changes = new ArrayList<>();
        Range[] ranges = {brightness, contrast, saturation, hue};
        for (Kind kind : Kind.values()) {
            if (ranges[kind.ordinal()] != null) {
                changes.add(new Change(kind, ranges[kind.ordinal()].draw(random)));
            }
        }
        for (int i = changes.size() - 1; i > 0; i--) {
            Collections.swap(changes, i, random.nextInt(i + 1));
        }
        return changes;
    }

    @Override public boolean random() {
        return true;
    }

    @Override public String name() {
        return "ColorJitter";
    }

    @Override public Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        put(arguments, "brightness", brightness);
        put(arguments, "contrast", contrast);
        put(arguments, "saturation", saturation);
        put(arguments, "hue", hue);
        return arguments;
    }

    private static void put(Map<String, Object> arguments, String name, Range range) {
        if (range != null) {
            arguments.put(name, range.pair());
        }
    }

    @Override public String toString() {
        return Call.of(this);
    }
}
