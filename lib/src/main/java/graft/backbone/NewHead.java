package graft.backbone;

import graft.torch.DType;
import graft.torch.Module;
import graft.torch.StateTensor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The numbers that a head begins with, as PyTorch's layers do: linear weights and biases uniform in ±1/√in ({@code kaiming_uniform_} with
 * {@code a=√5}), batch norms as the identity.
 */
final class NewHead {
    private NewHead() { }

    /** @param entries of the head, a layer's weight before its bias */
    static Map<String, StateTensor> of(Map<String, Module.Entry> entries, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, StateTensor> numbers = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
            Module.Entry weight = entries.get(name.replaceFirst("[^.]+$", "weight"));
            numbers.put(name, entry.type() == DType.INT64 ? StateTensor.of(new long[Math.toIntExact(entry.count())], shape)
                : StateTensor.of(weight.shape().size() > 1 ? uniform(random, entry, weight) : norm(name, entry), shape));
        });
        return numbers;
    }

    private static float[] uniform(SplittableRandom random, Module.Entry entry, Module.Entry weight) {
        double bound = 1 / Math.sqrt((double) weight.count() / weight.shape().get(0));
        float[] values = new float[Math.toIntExact(entry.count())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
        return values;
    }

    private static float[] norm(String name, Module.Entry entry) {
        float[] values = new float[Math.toIntExact(entry.count())];
        Arrays.fill(values, name.endsWith("weight") || name.endsWith("running_var") ? 1 : 0);
        return values;
    }
}
