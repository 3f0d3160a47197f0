package graft.augment;

import com.google.gson.JsonElement;
import graft.InputException;

/** Reads one transform of a recipe: its name and its arguments; those that are left out have torchvision's defaults. */
final class TransformJson {
    private static final double HALF = 0.5;
    private static final double SELDOM = 0.1;

    private TransformJson() { }

    static Transform read(JsonElement element) {
        try {
            Arguments arguments = new Arguments(element.getAsJsonObject());
            Transform transform = geometry(arguments);
            transform = transform == null ? colour(arguments) : transform;
            transform = transform == null ? automatic(arguments) : transform;
            if (transform == null) {
                throw new InputException("the transform " + arguments.name() + " is unknown; Resize, CenterCrop, RandomHorizontalFlip"
                    + " or another one of graft.augment.Transforms would be right");
            }
            return transform;
        } catch (IllegalStateException | NullPointerException | UnsupportedOperationException | NumberFormatException | ArithmeticException
            | ClassCastException | IndexOutOfBoundsException e) {
            throw new InputException("the transform " + element + " is incomplete; {\"name\": \"Resize\", \"size\": 256} would be right", e);
        }
    }

    /** A transform that moves pixels; null if it is none. */
    private static Transform geometry(Arguments given) {
        return switch (given.name()) {
            case "Resize" -> resize(given.allow("size", "interpolation"));
            case "CenterCrop" -> new CenterCrop(given.allow("size").side("size", 0), given.side("size", 1));
            case "FiveCrop" -> new FiveCrop(given.allow("size", "crop").side("size", 0), given.side("size", 1), given.integer("crop"));
            case "HorizontalFlip" -> {
                given.allow();
                yield new HorizontalFlip();
            }
            case "RandomCrop" -> new RandomCrop(given.allow("size", "pad_if_needed").side("size", 0), given.side("size", 1),
                given.truth("pad_if_needed", false));
            case "RandomResizedCrop" -> resizedCrop(given.allow("size", "scale", "ratio", "interpolation"));
            case "Pad" -> pad(given.allow("padding", "fill", "padding_mode"));
            case "PadToSquare" -> new PadToSquare(given.allow("fill").fill("fill", Fill.BLACK));
            case "RandomHorizontalFlip" -> new RandomHorizontalFlip(p(given.allow("p"), HALF));
            case "RandomVerticalFlip" -> new RandomVerticalFlip(p(given.allow("p"), HALF));
            case "RandomRotation" -> new RandomRotation(given.allow("degrees", "interpolation", "expand", "center", "fill").range("degrees"),
                given.interpolation(Interpolation.NEAREST), given.truth("expand", false), given.point("center"), given.fill("fill", Fill.BLACK));
            case "RandomAffine" -> affine(given.allow("degrees", "translate", "scale", "shear", "interpolation", "fill", "center"));
            case "RandomErasing" -> new RandomErasing(p(given.allow("p", "scale", "ratio", "value"), HALF), given.range("scale", new Range(0.02, 0.33)),
                given.range("ratio", new Range(0.3, 3.3)), given.fill("value", Fill.MEAN));
            case "KerasRandomZoom" -> zoom(given.allow("height_factor", "width_factor", "fill_mode"));
            default -> null;
        };
    }

    /** A transform that changes colours; null if it is none. */
    private static Transform colour(Arguments given) {
        return switch (given.name()) {
            case "ColorJitter" -> {
                given.allow("brightness", "contrast", "saturation", "hue");
                Range hue = !given.has("hue") || given.isList("hue") ? given.range("hue", null) : ColorJitter.turn(given.number("hue"));
                yield new ColorJitter(factors(given, "brightness"), factors(given, "contrast"), factors(given, "saturation"), hue);
            }
            case "RandomAdjustSharpness" -> new RandomAdjustSharpness(given.allow("sharpness_factor", "p").number("sharpness_factor"), p(given, HALF));
            case "RandomAutocontrast" -> new RandomAutocontrast(p(given.allow("p"), HALF));
            case "RandomEqualize" -> new RandomEqualize(p(given.allow("p"), HALF));
            case "RandomPosterize" -> new RandomPosterize(given.allow("bits", "p").integer("bits"), p(given, HALF));
            case "RandomSolarize" -> new RandomSolarize(given.allow("threshold", "p").number("threshold"), p(given, HALF));
            case "RandomInvert" -> new RandomInvert(p(given.allow("p"), HALF));
            case "RandomGrayscale" -> new RandomGrayscale(p(given.allow("p"), SELDOM));
            case "GaussianBlur" -> {
                given.allow("kernel_size", "sigma");
                double sigma = given.has("sigma") && !given.isList("sigma") ? given.number("sigma") : 0;
                yield new GaussianBlur(given.side("kernel_size", 0), given.side("kernel_size", 1),
                    sigma == 0 ? given.range("sigma", new Range(0.1, 2)) : new Range(sigma, sigma));
            }
            case "KerasRandomContrast" -> {
                Range factor = given.allow("factor").range("factor");
                yield new KerasRandomContrast(given.isList("factor") ? new Range(-factor.low(), factor.high()) : factor);
            }
            default -> null;
        };
    }

    /** A transform made of many others; null if it is none. */
    private static Transform automatic(Arguments given) {
        return switch (given.name()) {
            case "RandAugment" -> new RandAugment(given.allow("num_ops", "magnitude", "num_magnitude_bins", "interpolation", "fill").integer("num_ops", 2),
                given.integer("magnitude", 9), given.integer("num_magnitude_bins", 31), given.interpolation(Interpolation.NEAREST), given.fill("fill", Fill.BLACK));
            case "TrivialAugmentWide" -> new TrivialAugmentWide(given.allow("num_magnitude_bins", "interpolation", "fill").integer("num_magnitude_bins", 31),
                given.interpolation(Interpolation.NEAREST), given.fill("fill", Fill.BLACK));
            case "AutoAugment" -> new AutoAugment(AutoAugmentPolicy.of(given.allow("policy", "interpolation", "fill").text("policy", "imagenet")),
                given.interpolation(Interpolation.NEAREST), given.fill("fill", Fill.BLACK));
            case "AugMix" -> new AugMix(given.allow("severity", "mixture_width", "chain_depth", "alpha", "all_ops", "interpolation", "fill").integer("severity", 3),
                given.integer("mixture_width", 3), given.integer("chain_depth", -1), given.number("alpha", 1), given.truth("all_ops", true),
                given.interpolation(Interpolation.BILINEAR), given.fill("fill", Fill.BLACK));
            default -> null;
        };
    }

    private static Resize resize(Arguments given) {
        int width = given.isList("size") ? given.side("size", 1) : 0;
        if (given.isList("size") && width < 1) {
            throw new InputException("the transform " + given + " has no width; sizes from 1 would be right");
        }
        return new Resize(given.side("size", 0), width, given.interpolation(Interpolation.BILINEAR));
    }

    private static RandomResizedCrop resizedCrop(Arguments given) {
        Range scale = given.range("scale", new Range(0.08, 1));
        Range ratio = given.range("ratio", new Range(3.0 / 4, 4.0 / 3));
        return new RandomResizedCrop(given.side("size", 0), given.side("size", 1), scale.low(), scale.high(), ratio.low(), ratio.high(),
            given.interpolation(Interpolation.BILINEAR));
    }

    /** All borders; left and right, top and bottom; or left, top, right, bottom. */
    private static Pad pad(Arguments given) {
        int count = given.length("padding");
        if (count != 1 && count != 2 && count != 4) {
            throw new InputException("the transform " + given + " has " + count + " borders; 1, 2 or 4 would be right");
        }
        int[] borders = new int[4];
        for (int i = 0; i < 4; i++) {
            borders[i] = given.element("padding", i % count);
        }
        return new Pad(borders[0], borders[1], borders[2], borders[3], given.fill("fill", Fill.BLACK), PaddingMode.of(given.text("padding_mode", "constant")));
    }

    private static RandomAffine affine(Arguments given) {
        Range shearX = given.range("shear", null);
        Range shearY = given.has("shear") && given.length("shear") == 4 ? given.pair("shear", 2) : null;
        return new RandomAffine(given.range("degrees"), given.point("translate"), given.has("scale") ? given.pair("scale", 0) : null, shearX, shearY,
            given.interpolation(Interpolation.NEAREST), given.fill("fill", Fill.BLACK), given.point("center"));
    }

    private static KerasRandomZoom zoom(Arguments given) {
        String mode = given.text("fill_mode", "reflect");
        if (!mode.equals("reflect") && !mode.equals("nearest")) {
            throw new InputException("the fill mode " + mode + " of KerasRandomZoom is unknown; reflect or nearest would be right");
        }
        return new KerasRandomZoom(given.range("height_factor"), given.range("width_factor", null),
            mode.equals("reflect") ? PaddingMode.SYMMETRIC : PaddingMode.EDGE);
    }

    /** Two factors, or one amount around 1. */
    private static Range factors(Arguments given, String name) {
        return !given.has(name) || given.isList(name) ? given.range(name, null) : ColorJitter.around(given.number(name));
    }

    private static double p(Arguments given, double otherwise) {
        return given.number("p", otherwise);
    }
}
