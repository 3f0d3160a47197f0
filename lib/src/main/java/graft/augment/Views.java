package graft.augment;

import graft.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Test-time augmentation: the views of a picture that a classifier is asked about, so that the mean of its answers is surer than one.
 * Crops are those of A. Krizhevsky et al. 2012, "ImageNet classification with deep convolutional neural networks", as torchvision's {@code FiveCrop} and {@code TenCrop}.
 */
public enum Views {
    /** The picture as the pipeline gives it. */
    ONE("one"),
    /** The same, and its mirror image. */
    FLIP("flip"),
    /** Four corners and the middle, in place of the centre crop. */
    FIVE_CROP("five-crop"),
    /** The same of the picture and of its mirror image. */
    TEN_CROP("ten-crop");

    private static final int CROPS = 5;

    private final String text;

    Views(String text) {
        this.text = text;
    }

    /**
     * The views of this name.
     *
     * @throws InputException for any other
     */
    public static Views of(String name) {
        return Arrays.stream(values()).filter(views -> views.text.equals(name)).findFirst().orElseThrow(() -> new InputException("--views " + name
            + " is not known; " + Arrays.stream(values()).map(Views::toString).collect(Collectors.joining(", ")) + " are"));
    }

    /**
     * The pipelines that give the views, in torchvision's order.
     *
     * @param evaluate what gives one view
     * @throws InputException for more views than one if it draws, or does not end in the centre crop that five others could replace
     */
    public List<Pipeline> of(Pipeline evaluate) {
        if (this != ONE && evaluate.random()) {
            throw new InputException("the transforms " + evaluate.toJson() + " draw at random, so that there are no fixed views; evaluation takes none that draw");
        }
        List<Transform> steps = evaluate.transforms();
        return switch (this) {
            case ONE -> List.of(evaluate);
            case FLIP -> List.of(evaluate, with(steps, new HorizontalFlip()));
            case FIVE_CROP -> crops(steps);
            case TEN_CROP -> {
                List<Pipeline> ten = new ArrayList<>(crops(steps));
                List<Transform> mirrored = new ArrayList<>(steps);
                mirrored.add(mirrored.size() - 1, new HorizontalFlip());
                ten.addAll(crops(mirrored));
                yield ten;
            }
        };
    }

    private List<Pipeline> crops(List<Transform> steps) {
        if (steps.isEmpty() || !(steps.get(steps.size() - 1) instanceof CenterCrop middle)) {
            throw new InputException("--views " + this + " needs transforms that end in CenterCrop, and these are "
                + steps.stream().map(Object::toString).collect(Collectors.joining(", ")) + "; flip takes any");
        }
        return IntStream.range(0, CROPS).mapToObj(crop -> with(steps.subList(0, steps.size() - 1), new FiveCrop(middle.height(), middle.width(), crop))).toList();
    }

    private static Pipeline with(List<Transform> steps, Transform last) {
        List<Transform> all = new ArrayList<>(steps);
        all.add(last);
        return Pipeline.of(all);
    }

    /** Reads as on the command line: {@code five-crop}. */
    @Override public String toString() {
        return text;
    }
}
