package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import graft.data.Picture;
import graft.torch.Layers;
import graft.torch.Module;
import graft.torch.Network;
import graft.torch.Precision;
import graft.torch.StateDict;
import graft.torch.StateTensor;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/** A linear layer on rows of numbers that are known for every picture: features, or the logits of several models that it joins. */
final class RowsTrainee implements Trainee {
    private final Map<String, float[]> rows;
    private final StateDict start;
    private final int width;
    private final int classes;

    private RowsTrainee(Map<String, float[]> rows, StateDict start) {
        this.rows = rows;
        this.start = start;
        long[] shape = start.get("weight").shape();
        classes = Math.toIntExact(shape[0]);
        width = Math.toIntExact(shape[1]);
    }

    /**
     * A layer that begins at random, uniform in ±1/√width, as {@code nn.Linear} does.
     *
     * @param rows by picture id
     */
    static RowsTrainee random(Map<String, float[]> rows, int width, int classes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double bound = 1 / Math.sqrt(width);
        return new RowsTrainee(rows, linear(uniform(random, classes * width, bound), uniform(random, classes, bound)));
    }

    /**
     * A layer that joins models, and begins as their mean.
     *
     * @param logits the members' beside each other, by picture id
     */
    static RowsTrainee joining(Map<String, float[]> logits, int members, int classes) {
        float[] weight = new float[classes * members * classes];
        for (int k = 0; k < classes; k++) {
            for (int member = 0; member < members; member++) {
                weight[k * members * classes + member * classes + k] = 1f / members;
            }
        }
        return new RowsTrainee(logits, linear(weight, new float[classes]));
    }

    private static float[] uniform(SplittableRandom random, int count, double bound) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
        return values;
    }

    private static StateDict linear(float[] weight, float[] bias) {
        return new StateDict("a new layer").put("weight", StateTensor.of(weight, bias.length, weight.length / bias.length)).put("bias", StateTensor.of(bias, bias.length));
    }

    @Override
    public int stages() {
        return 0;
    }

    @Override
    public int stageOf(String entry) {
        return 0;
    }

    @Override
    public OptionalDouble weightDecay(String entry) {
        return OptionalDouble.empty();
    }

    @Override
    public int cut(int firstStage) {
        return 0;
    }

    @Override
    public Module description(int cut) {
        return Layers.linear(width, classes).float32();
    }

    @Override
    public StateDict weights() {
        return start;
    }

    @Override
    public Inputs inputs(List<Picture> pictures, int cut) {
        return new RowInputs(pictures, (asked, epoch) -> of(asked), width);
    }

    @Override
    public NDArray teacher(NDManager to, NDArray inputs) {
        throw new IllegalStateException("rows of numbers have no teacher");
    }

    @Override
    public float[][] logits(List<Picture> pictures, int cut, Network network) {
        return RowInputs.through(network, of(pictures), width);
    }

    @Override
    public float[][] judged(List<Picture> pictures, StateDict weights) {
        return apply(weights, of(pictures));
    }

    /** What a layer makes of rows: of each by itself. */
    static float[][] apply(StateDict weights, float[][] rows) {
        long[] shape = weights.get("weight").shape();
        try (Network network = Network.load(Layers.linear(shape[1], shape[0]).float32(), weights, Precision.FLOAT32, name -> false)) {
            return RowInputs.oneByOne(network, rows, shape[1]);
        }
    }

    private float[][] of(List<Picture> pictures) {
        return pictures.stream().map(picture -> rows.get(picture.id())).toArray(float[][]::new);
    }
}
