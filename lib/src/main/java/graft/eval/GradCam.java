package graft.eval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.backbone.Backbone;
import graft.data.Image;
import graft.torch.FrozenProgram;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.StateDict;
import java.util.List;

/**
 * Grad-CAM, Selvaraju et al. 2017 (arXiv:1610.02391): the network's last maps, each weighted with the mean gradient of the class's logit
 * by it, summed, and negative sums cut off. For networks that have maps to the end: all convolutional ones and Swin.
 */
public final class GradCam implements Explanation {
    private final FrozenProgram maps;
    private final Network rest;
    private final int channels;

    /**
     * @param state the backbone's weights with its head
     * @param mean and {@code std} normalise each colour
     */
    public GradCam(Backbone backbone, StateDict state, List<Float> mean, List<Float> std) {
        channels = Math.toIntExact(backbone.mapChannels());
        if (channels == 0) {
            throw new IllegalArgumentException(backbone.backboneName() + " has no maps: AttentionRollout explains it");
        }
        maps = FrozenProgram.compile(x -> backbone.maps(x).flatten().float32(), state, Precision.FLOAT32, mean, std);
        Network loaded = null;
        try {
            loaded = Network.load(backbone.afterMaps(), state, Precision.FLOAT32, name -> false);
        } finally {
            if (loaded == null) {
                maps.close();
            }
        }
        rest = loaded;
        rest.train(false);
    }

    @Override public HeatMap of(Image image, int target) {
        float[] flat = maps.run(Explanation.pixels(image), 1, image.height(), image.width())[0];
        int places = flat.length / channels;
        int rows = HeatMap.rows(places, image);
        try (NDManager step = Libtorch.manager()) {
            NDArray given = step.create(flat, new Shape(1, channels, rows, places / rows));
            float[] logits = rest.forward(step, given).toFloatArray();
            int explained = Explanation.checked(target, logits);
            float[] gradient = rest.gradientByInput(step, given, output -> {
                float[] one = new float[logits.length];
                one[explained] = 1;
                return step.create(one, output.getShape());
            }).toFloatArray();
            return HeatMap.scaled(weighted(flat, gradient, places), rows, explained, HeatMap.highest(logits));
        }
    }

    private float[] weighted(float[] flat, float[] gradient, int places) {
        float[] sum = new float[places];
        for (int c = 0; c < channels; c++) {
            double weight = 0;
            for (int i = 0; i < places; i++) {
                weight += gradient[c * places + i];
            }
            for (int i = 0; i < places; i++) {
                sum[i] += (float) (weight / places * flat[c * places + i]);
            }
        }
        for (int i = 0; i < places; i++) {
            sum[i] = Math.max(0, sum[i]);
        }
        return sum;
    }

    @Override public void close() {
        maps.close();
        rest.close();
    }
}
