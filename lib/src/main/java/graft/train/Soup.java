package graft.train;

import graft.InputException;
import graft.torch.StateDict;
import graft.torch.StateTensor;

import java.util.Arrays;
import java.util.List;

/**
 * One network whose weights are the mean of several that were fine-tuned from the same weights: an ensemble at the price of one, the
 * uniform soup of Wortsman et al. 2022 (arXiv:2203.05482). Networks that began elsewhere do not average to anything.
 */
public final class Soup {
    private Soup() { }

    /**
     * The mean of every parameter and of every floating-point buffer, batch norms' statistics included; integers, which are counters, stay
     * as they are in the first.
     *
     * @throws InputException if the networks differ in names, shapes or types
     */
    public static StateDict uniform(List<StateDict> networks) {
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("no networks");
        }
        StateDict first = networks.get(0);
        StateDict soup = new StateDict("the mean of " + networks.size() + " networks");
        for (StateDict other : networks) {
            if (!other.names().equals(first.names())) {
                throw new InputException(other.source() + " has other entries than " + first.source() + "; only networks of the same kind have a mean");
            }
        }
        for (String name : first.names()) {
            soup.put(name, first.get(name).dtype().floating() ? mean(networks, name) : first.get(name));
        }
        return soup;
    }

    private static StateTensor mean(List<StateDict> networks, String name) {
        StateTensor first = networks.get(0).get(name);
        double[] sum = new double[Math.toIntExact(first.count())];
        for (StateDict network : networks) {
            StateTensor tensor = network.get(name);
            if (!tensor.dtype().floating() || !Arrays.equals(tensor.shape(), first.shape())) {
                throw new InputException(network.source() + " holds " + name + " as " + tensor + ", and " + networks.get(0).source() + " as " + first
                    + "; only networks of the same kind have a mean");
            }
            float[] values = tensor.toFloats();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += values[i];
            }
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < sum.length; i++) {
            mean[i] = (float) (sum[i] / networks.size());
        }
        return StateTensor.of(mean, first.shape());
    }
}
