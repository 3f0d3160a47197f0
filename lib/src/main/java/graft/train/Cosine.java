package graft.train;

import graft.Limits;

/**
 * The learning rate follows half a cosine from its first value to its last, and back: {@code CosineAnnealingLR} of PyTorch, Loshchilov
 * and Hutter 2017 (arXiv:1608.03983) without restarts.
 *
 * @param tMax epochs from the first value to the last; a training that is longer climbs again; 0 for as many as the training has
 * @param etaMin the last value; as all rates it is scaled by a parameter's own factor
 */
public record Cosine(int tMax, double etaMin) implements Schedule {
    public Cosine {
        Limits.atLeast(0, "T_max", tMax);
        Limits.notNegative("the last learning rate of a cosine", etaMin);
    }

    @Override
    public double rate(double base, Moment moment) {
        return etaMin + (base - etaMin) * (1 + Math.cos(Math.PI * moment.epoch() / (tMax == 0 ? moment.epochs() : tMax))) / 2;
    }

    @Override
    public String toString() {
        return "cosine" + (tMax == 0 ? "" : ", T_max " + tMax) + (etaMin == 0 ? "" : ", to " + etaMin);
    }
}
