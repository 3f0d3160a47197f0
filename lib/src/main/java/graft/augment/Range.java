package graft.augment;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An interval from which a number is drawn, each value equally likely.
 *
 * @param low the least value
 * @param high the greatest value
 */
public record Range(double low, double high) {
    /** From −{@code most} to {@code most}. */
    public static Range symmetric(double most) {
        return new Range(0 - most, most);   // not −0
    }

    /** One value; an interval of one number draws nothing. */
    double draw(RandomGenerator random) {
        return low == high ? low : low + (high - low) * random.nextDouble();
    }

    /** Whether it lies in {@code least} to {@code most}, in order and with finite ends. */
    boolean within(double least, double most) {
        return least <= low && low <= high && high <= most && Double.isFinite(high - low);
    }

    /** torchvision's argument: two numbers, or one for a symmetric interval. */
    Object argument() {
        return low == -high ? (Object) high : pair();
    }

    List<Double> pair() {
        return List.of(low, high);
    }
}
