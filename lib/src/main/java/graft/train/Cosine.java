package graft.train;

/**
 * The learning rate follows half a cosine from its first value to zero, and back: {@code CosineAnnealingLR} of PyTorch, Loshchilov
 * and Hutter 2017 (arXiv:1608.03983) without restarts, stepped once an epoch.
 *
 * @param tMax epochs from the first value to zero; a run that is longer climbs again
 */
public record Cosine(int tMax) {
    /** The rate during an epoch, counted from 0. */
    public double rate(double first, int epoch) {
        return first * (1 + Math.cos(Math.PI * epoch / tMax)) / 2;
    }
}
