package graft.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The operations that an automatic augmentation knows, and the magnitudes of each: torchvision's {@code _augmentation_space}, computed in single precision
 * as {@code torch.linspace} does, because some magnitudes are then cut off to whole pixels.
 */
record AugmentationSpace(List<Entry> entries) {
    /**
     * @param magnitudes from the weakest to the strongest; empty where an operation has none
     * @param signed whether it works in both directions
     */
    record Entry(Operation operation, float[] magnitudes, boolean signed) {
        /** With the magnitude at an index, in a direction that is drawn. */
        Operation.Step step(int index, RandomGenerator random) {
            if (magnitudes.length == 0) {
                return new Operation.Step(operation, 0);
            }
            double magnitude = magnitudes[index];
            return new Operation.Step(operation, signed && random.nextBoolean() ? -magnitude : magnitude);
        }

        /** Whether there is anything to choose. */
        boolean graded() {
            return magnitudes.length > 0;
        }
    }

    /** An entry, each equally likely. */
    Entry draw(RandomGenerator random) {
        return entries.get(random.nextInt(entries.size()));
    }

    Entry of(Operation operation) {
        return entries.stream().filter(entry -> entry.operation == operation).findFirst().orElseThrow();
    }

    /** Of RandAugment, for pictures of a size. */
    static AugmentationSpace randAugment(int bins, int height, int width) {
        List<Entry> entries = new ArrayList<>();
        entries.add(plain(Operation.IDENTITY));
        addMoves(entries, bins, 0.3, 150.0 / 331.0 * width, 150.0 / 331.0 * height, 30);
        addColours(entries, bins, 0.9);
        addTables(entries, bins, 8, 4);
        return new AugmentationSpace(entries);
    }

    /** Of AutoAugment: RandAugment's, and Invert in place of Identity. */
    static AugmentationSpace autoAugment(int bins, int height, int width) {
        List<Entry> entries = new ArrayList<>(randAugment(bins, height, width).entries);
        entries.remove(0);
        entries.add(plain(Operation.INVERT));
        return new AugmentationSpace(entries);
    }

    /** Of TrivialAugmentWide. */
    static AugmentationSpace trivialAugmentWide(int bins) {
        List<Entry> entries = new ArrayList<>();
        entries.add(plain(Operation.IDENTITY));
        addMoves(entries, bins, 0.99, 32, 32, 135);
        addColours(entries, bins, 0.99);
        addTables(entries, bins, 8, 6);
        return new AugmentationSpace(entries);
    }

    /** Of AugMix, for pictures of a size. */
    static AugmentationSpace augMix(int bins, int height, int width, boolean allOperations) {
        List<Entry> entries = new ArrayList<>();
        addMoves(entries, bins, 0.3, width / 3.0, height / 3.0, 30);
        addTables(entries, bins, 4, 4);
        if (allOperations) {
            addColours(entries, bins, 0.9);
        }
        return new AugmentationSpace(entries);
    }

    private static void addMoves(List<Entry> entries, int bins, double shear, double moveX, double moveY, double rotation) {
        entries.add(new Entry(Operation.SHEAR_X, evenly(0, shear, bins), true));
        entries.add(new Entry(Operation.SHEAR_Y, evenly(0, shear, bins), true));
        entries.add(new Entry(Operation.TRANSLATE_X, evenly(0, moveX, bins), true));
        entries.add(new Entry(Operation.TRANSLATE_Y, evenly(0, moveY, bins), true));
        entries.add(new Entry(Operation.ROTATE, evenly(0, rotation, bins), true));
    }

    private static void addColours(List<Entry> entries, int bins, double most) {
        for (Operation operation : List.of(Operation.BRIGHTNESS, Operation.COLOR, Operation.CONTRAST, Operation.SHARPNESS)) {
            entries.add(new Entry(operation, evenly(0, most, bins), true));
        }
    }

    /** Posterize keeps {@code bits} bits and, in the end, {@code fewer} fewer. */
    private static void addTables(List<Entry> entries, int bins, int bits, int fewer) {
        float[] kept = new float[bins];
        for (int i = 0; i < bins; i++) {
            kept[i] = (float) Math.rint(bits - i / ((bins - 1) / (float) fewer));
        }
        entries.add(new Entry(Operation.POSTERIZE, kept, false));
        entries.add(new Entry(Operation.SOLARIZE, evenly(255, 0, bins), false));
        entries.add(plain(Operation.AUTO_CONTRAST));
        entries.add(plain(Operation.EQUALIZE));
    }

    private static Entry plain(Operation operation) {
        return new Entry(operation, new float[0], false);
    }

    /** {@code torch.linspace}: from both ends to the middle. */
    private static float[] evenly(double start, double end, int count) {
        float[] values = new float[count];
        float step = ((float) end - (float) start) / (count - 1);
        for (int i = 0; i < count; i++) {
            values[i] = i < count / 2 ? (float) start + step * i : (float) end - step * (count - 1 - i);
        }
        return values;
    }
}
