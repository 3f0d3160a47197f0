package graft.eval;

import graft.InputException;
import graft.backbone.Backbone;
import graft.data.Image;
import graft.torch.StateDict;
import java.nio.ByteBuffer;
import java.util.List;

/** Says where in a picture a network found a class. Takes pictures as the network does, resized and cropped, in float32. */
public interface Explanation extends AutoCloseable {
    /** What explains the class with the highest logit. */
    int PREDICTED = -1;

    /**
     * The way that fits a backbone: {@link GradCam} where there are maps to the end, {@link AttentionRollout} for Vision Transformers.
     *
     * @param state its weights with the head
     * @param mean and {@code std} normalise each colour, as in the backbone's preprocessing
     */
    static Explanation of(Backbone backbone, StateDict state, List<Float> mean, List<Float> std) {
        return backbone.mapChannels() > 0 ? new GradCam(backbone, state, mean, std) : new AttentionRollout(backbone, state, mean, std);
    }

    /**
     * Explains a class of a picture.
     *
     * @param image at the network's input size
     * @param target a class, or {@link #PREDICTED}
     * @throws InputException if the network has no such class
     */
    HeatMap of(Image image, int target);

    @Override void close();

    /** The class that is meant. */
    static int checked(int target, float[] logits) {
        if (target < PREDICTED || target >= logits.length) {
            throw new InputException("there is no class " + target + " to explain; 0 to " + (logits.length - 1) + " would be right");
        }
        return target == PREDICTED ? HeatMap.highest(logits) : target;
    }

    /** The picture's bytes where libtorch can read them. */
    static ByteBuffer pixels(Image image) {
        return ByteBuffer.allocateDirect(image.pixels().length).put(image.pixels()).flip();
    }
}
