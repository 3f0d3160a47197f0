package graft.eval;

import graft.backbone.Backbone;
import graft.data.Image;
import graft.torch.Attention;
import graft.torch.FrozenProgram;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.torch.Value;
import java.util.Arrays;
import java.util.List;

/**
 * Attention rollout, Abnar and Zuidema 2020 (arXiv:2005.00928): how much of each patch reaches the class token, if every block passes on half of what
 * was there and half of what its heads, averaged, looked at. For Vision Transformers. It tells where the network looked, whichever class is asked for.
 */
public final class AttentionRollout implements Explanation {
    private final FrozenProgram rollout;
    private final FrozenProgram logits;
    private final int patch;

    /**
     * @param state the backbone's weights with its head
     * @param mean and {@code std} normalise each colour
     */
    public AttentionRollout(Backbone backbone, StateDict state, List<Float> mean, List<Float> std) {
        patch = Math.toIntExact(backbone.patchSize());
        rollout = FrozenProgram.compile(x -> rollout(Attention.weights(backbone.features(x))), state, Precision.FLOAT32, mean, std);
        FrozenProgram compiled = null;
        try {
            compiled = FrozenProgram.compile(backbone::of, state, Precision.FLOAT32, mean, std);
        } finally {
            if (compiled == null) {
                rollout.close();
            }
        }
        logits = compiled;
    }

    /**
     * The first row of the product of all {@code (W + I) / 2}, without what the class token keeps of itself, {@code kept}, which is a number alone and
     * no array: its place is not shown.
     */
    private static Value rollout(List<Value> weights) {
        Value row = weights.get(weights.size() - 1).narrow(1, 0, 1).times(0.5);
        double kept = 0.5;
        for (int block = weights.size() - 2; block >= 0; block--) {
            Value all = weights.get(block);
            row = row.matmul(all).add(row).times(0.5).add(all.narrow(1, 0, 1).times(0.5 * kept));
            kept /= 2;
        }
        return row.flatten();
    }

    @Override public HeatMap of(Image image, int target) {
        float[] tokens = rollout.run(Explanation.pixels(image), 1, image.height(), image.width())[0];
        float[] scores = logits.run(Explanation.pixels(image), 1, image.height(), image.width())[0];
        int rows = image.height() / patch;
        int places = rows * (image.width() / patch); // behind the class token and, where there is one, the distillation token
        return HeatMap.scaled(Arrays.copyOfRange(tokens, tokens.length - places, tokens.length), rows, Explanation.checked(target, scores), HeatMap.highest(scores));
    }

    @Override public void close() {
        rollout.close();
        logits.close();
    }
}
