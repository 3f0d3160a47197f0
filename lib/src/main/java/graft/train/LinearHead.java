package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.torch.Program;
import graft.torch.StateTensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A linear layer on features, and the gradient of cross-entropy through it: logits = x·weightᵀ + bias. */
public final class LinearHead implements AutoCloseable {
    private static final Program PROGRAM = Program.of("""
          def logits(self: __torch__.Program, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
            return torch.linear(x, w, b)
          def gradients(self: __torch__.Program, features: Tensor, labels: Tensor, rows: Tensor, w: Tensor, b: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
            x = torch.index_select(features, 0, rows)
            y = torch.index_select(labels, 0, rows)
            w1 = torch.requires_grad_(torch.detach(w), True)
            b1 = torch.requires_grad_(torch.detach(b), True)
            z = torch.linear(x, w1, b1)
            loss = torch.cross_entropy_loss(z, y)
            hits = torch.sum(torch.eq(torch.argmax(z, 1), y))
            g = torch.grad([loss], [w1, b1])
            return (unchecked_cast(Tensor, g[0]), unchecked_cast(Tensor, g[1]), torch.stack([torch.detach(loss), hits.to(6)]))
        """, List.of());

    private final NDManager manager;
    private final NDArray weight;
    private final NDArray bias;

    private LinearHead(NDManager manager, float[] weight, float[] bias) {
        this.manager = manager;
        this.weight = manager.create(weight, new Shape(bias.length, weight.length / bias.length));
        this.bias = manager.create(bias, new Shape(bias.length));
    }

    /** Uniform in ±1/√features, as {@code nn.Linear} begins. */
    static LinearHead random(NDManager parent, int features, int classes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double bound = 1 / Math.sqrt(features);
        return new LinearHead(parent.newSubManager(), uniform(random, features * classes, bound), uniform(random, classes, bound));
    }

    /** Each class's logit begins as the mean of what {@code members} models give it: what a layer that joins models begins with. */
    static LinearHead meanOf(NDManager parent, int members, int classes) {
        float[] weight = new float[classes * members * classes];
        for (int k = 0; k < classes; k++) {
            for (int member = 0; member < members; member++) {
                weight[k * members * classes + member * classes + k] = 1f / members;
            }
        }
        return new LinearHead(parent.newSubManager(), weight, new float[classes]);
    }

    private static float[] uniform(SplittableRandom random, int count, double bound) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
        return values;
    }

    /** In this order: {@code weight}, {@code bias}. */
    Map<String, NDArray> parameters() {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        parameters.put("weight", weight);
        parameters.put("bias", bias);
        return parameters;
    }

    /** The mean loss of a batch, how many it got right, and the gradients of {@link #parameters()}; all owned by {@code to}. */
    Step step(NDManager to, NDArray features, NDArray labels, NDArray rows) {
        List<NDArray> results = PROGRAM.differentiate(to, "gradients", List.of(features, labels, rows, weight, bias));
        float[] figures = results.get(2).toFloatArray();
        return new Step(figures[0], Math.round(figures[1]), results.subList(0, 2));
    }

    record Step(double loss, int hits, List<NDArray> gradients) { }

    /** {@code [rows, classes]}, owned by {@code to}. */
    NDArray logits(NDManager to, NDArray features) {
        return PROGRAM.run(to, "logits", Program.array(features), Program.array(weight), Program.array(bias));
    }

    /** A copy of the numbers as they are now. */
    Weights weights() {
        long[] shape = weight.getShape().getShape();
        return new Weights(StateTensor.of(weight.toFloatArray(), shape), StateTensor.of(bias.toFloatArray(), shape[0]));
    }

    @Override
    public void close() {
        manager.close();
    }

    /** Joins the rows of several {@code [rows][columns]} into long ones: what a head on all of them sees. */
    public static float[][] sideBySide(List<float[][]> parts) {
        float[][] all = new float[parts.get(0).length][];
        for (int row = 0; row < all.length; row++) {
            int at = 0;
            float[] joined = new float[parts.stream().mapToInt(part -> part[0].length).sum()];
            for (float[][] part : parts) {
                System.arraycopy(part[row], 0, joined, at, part[row].length);
                at += part[row].length;
            }
            all[row] = joined;
        }
        return all;
    }

    /** A trained head: weight {@code [classes, features]}, bias {@code [classes]}. */
    public record Weights(StateTensor weight, StateTensor bias) {
        /** Applies the head: {@code [rows][features]} to {@code [rows][classes]}. */
        public float[][] logits(float[][] features) {
            float[] w = weight.toFloats();
            float[] b = bias.toFloats();
            float[][] logits = new float[features.length][b.length];
            for (int row = 0; row < features.length; row++) {
                for (int k = 0; k < b.length; k++) {
                    double sum = b[k];
                    for (int i = 0; i < features[row].length; i++) {
                        sum += (double) w[k * features[row].length + i] * features[row][i];
                    }
                    logits[row][k] = (float) sum;
                }
            }
            return logits;
        }
    }
}
