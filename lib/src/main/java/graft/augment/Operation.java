package graft.augment;

import graft.data.Image;

/** The operations from which RandAugment and its relatives draw, under torchvision's names; {@code _apply_op} there. */
enum Operation {
    IDENTITY("Identity"),
    SHEAR_X("ShearX"),
    SHEAR_Y("ShearY"),
    TRANSLATE_X("TranslateX"),
    TRANSLATE_Y("TranslateY"),
    ROTATE("Rotate"),
    BRIGHTNESS("Brightness"),
    COLOR("Color"),
    CONTRAST("Contrast"),
    SHARPNESS("Sharpness"),
    POSTERIZE("Posterize"),
    SOLARIZE("Solarize"),
    AUTO_CONTRAST("AutoContrast"),
    EQUALIZE("Equalize"),
    INVERT("Invert");

    private static final Point ORIGIN = new Point(0, 0);
    private final String title;

    Operation(String title) {
        this.title = title;
    }

    /** An operation and how strongly it works. */
    record Step(Operation operation, double magnitude) { }

    /** The operations one after another; neighbouring changes of colour share their passes. */
    static Image apply(Image image, Iterable<Step> steps, Interpolation interpolation, Fill fill) {
        Recolouring colours = new Recolouring(image);
        for (Step step : steps) {
            if (!step.operation.recolour(colours, step.magnitude)) {
                Image before = colours.image();
                Image moved = step.operation.move(before, step.magnitude, interpolation, fill);
                Recycled.free(image, before, moved);
                colours = new Recolouring(moved);
            }
        }
        return colours.image();
    }

    /** Changes colours, if that is what the operation does. */
    private boolean recolour(Recolouring colours, double magnitude) {
        switch (this) {
            case IDENTITY -> { }
            case BRIGHTNESS -> colours.levels(Levels.brightness(1 + magnitude));
            case COLOR -> colours.saturation(1 + magnitude);
            case CONTRAST -> colours.contrast(1 + magnitude);
            case SHARPNESS -> colours.sharpness(1 + magnitude);
            case POSTERIZE -> colours.levels(Levels.posterize((int) magnitude));
            case SOLARIZE -> colours.levels(Levels.solarize(magnitude));
            case AUTO_CONTRAST -> colours.autocontrast();
            case EQUALIZE -> colours.equalize();
            case INVERT -> colours.levels(Levels.invert());
            default -> {
                return false;
            }
        }
        return true;
    }

    private Image move(Image image, double magnitude, Interpolation interpolation, Fill fill) {
        double shear = Math.toDegrees(Math.atan(magnitude));
        Point middle = Affine.middle(image);
        return switch (this) {
            case SHEAR_X -> warp(image, Affine.of(ORIGIN, 0, 0, 0, 1, shear, 0), interpolation, fill);
            case SHEAR_Y -> warp(image, Affine.of(ORIGIN, 0, 0, 0, 1, 0, shear), interpolation, fill);
            case TRANSLATE_X -> warp(image, Affine.of(middle, 0, (int) magnitude, 0, 1, 0, 0), interpolation, fill);
            case TRANSLATE_Y -> warp(image, Affine.of(middle, 0, 0, (int) magnitude, 1, 0, 0), interpolation, fill);
            case ROTATE -> Warp.rotate(image, magnitude, interpolation, false, null, fill);
            default -> throw new IllegalStateException(this + " moves no pixels");
        };
    }

    private static Image warp(Image image, Affine matrix, Interpolation interpolation, Fill fill) {
        return Warp.of(image, matrix, image.height(), image.width(), interpolation, fill);
    }

    /** torchvision's name for it: {@code AutoContrast}. */
    @Override public String toString() {
        return title;
    }
}
