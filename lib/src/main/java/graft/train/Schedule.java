package graft.train;

import graft.Limits;

import java.util.List;

/**
 * How the learning rate changes during a training: a pure function of where it stands, so that there is nothing to save. The forms are those of
 * {@code torch.optim.lr_scheduler}, in closed form. All count epochs, unless {@link #everyStep()} makes them count steps.
 */
public sealed interface Schedule permits Constant, StepDecay, MultiStep, Exponential, Linear, Cosine, OneCycle, Plateau, Warmup, EveryStep {
    /**
     * The learning rate.
     *
     * @param base the optimizer's
     */
    double rate(double base, Moment moment);

    /** The same course with times that count steps. */
    default Schedule everyStep() {
        return new EveryStep(this);
    }

    /** This schedule after {@code count} epochs during which the rate rises in a straight line, from {@code start} times the optimizer's. */
    default Schedule afterWarmup(int count, double start) {
        return new Warmup(count, start, this);
    }

    /** The optimizer's rate, all the time. */
    static Constant constant() {
        return new Constant();
    }

    /** Times {@code gamma} every {@code size} epochs. */
    static StepDecay step(int size, double gamma) {
        return new StepDecay(size, gamma);
    }

    /** Times {@code gamma} at each of these epochs. */
    static MultiStep multiStep(List<Integer> milestones, double gamma) {
        return new MultiStep(milestones, gamma);
    }

    /** Times {@code gamma} every epoch. */
    static Exponential exponential(double gamma) {
        return new Exponential(gamma);
    }

    /** In a straight line from {@code start} to {@code end} times the optimizer's rate, within {@code count} epochs. */
    static Linear linear(double start, double end, int count) {
        return new Linear(start, end, count);
    }

    /** Half a cosine that ends with the training, at 0. */
    static Cosine cosine() {
        return new Cosine(0, 0);
    }

    /** Half a cosine to 0, within {@code tMax} epochs. */
    static Cosine cosine(int tMax) {
        return cosine(tMax, 0);
    }

    /** Half a cosine to {@code etaMin}, within {@code tMax} epochs. */
    static Cosine cosine(int tMax, double etaMin) {
        Limits.atLeast(1, "T_max", tMax);
        return new Cosine(tMax, etaMin);
    }

    /** Up to the optimizer's rate in the first 30 % of the training, then down to almost nothing, along cosines. */
    static OneCycle oneCycle() {
        return new OneCycle(0.3, OneCycle.Anneal.COS, 25, 1e4, false);
    }

    /** Times {@code factor} whenever the validation loss has not fallen for more than {@code patience} epochs. */
    static Plateau reduceOnPlateau(double factor, int patience) {
        return new Plateau(factor, patience, 1e-4, Plateau.Threshold.REL, 0, 0);
    }
}
