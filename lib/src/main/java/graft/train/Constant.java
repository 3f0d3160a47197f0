package graft.train;

/** The learning rate stays as it is. */
public record Constant() implements Schedule {
    @Override
    public double rate(double base, Moment moment) {
        return base;
    }

    @Override
    public String toString() {
        return "constant";
    }
}
