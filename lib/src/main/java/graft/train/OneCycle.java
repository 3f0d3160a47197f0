package graft.train;

import graft.Limits;

/**
 * The learning rate rises to the optimizer's and falls to almost nothing while the training lasts: Smith and Topin 2017 (arXiv:1708.07120), {@code OneCycleLR} of
 * PyTorch with {@code max_lr} the optimizer's rate and {@code total_steps} the length of the training. The momentum stays as it is ({@code cycle_momentum=False}).
 *
 * @param pctStart the share of the training during which the rate rises, 0 to 1
 * @param anneal the form of the ways up and down
 * @param divFactor how many times lower the first rate is
 * @param finalDivFactor how many times lower than the first the last rate is
 * @param threePhase whether the rate falls to the first as it rose, and from there to the last
 */
public record OneCycle(double pctStart, Anneal anneal, double divFactor, double finalDivFactor, boolean threePhase) implements Schedule {
    /** A way from one rate to another. */
    public enum Anneal {
        /** Half a cosine. */
        COS {
            @Override double between(double start, double end, double share) {
                return end + (start - end) / 2 * (1 + Math.cos(Math.PI * share));
            }
        },
        /** A straight line. */
        LINEAR {
            @Override double between(double start, double end, double share) {
                return start + (end - start) * share;
            }
        };

        abstract double between(double start, double end, double share);
    }

    public OneCycle {
        Limits.share("the share of the way up of a one-cycle schedule", pctStart);
        Limits.positive("what the first rate of a one-cycle schedule is divided by", divFactor);
        Limits.positive("what the last rate of a one-cycle schedule is divided by", finalDivFactor);
    }

    public OneCycle pctStart(double value) {
        return new OneCycle(value, anneal, divFactor, finalDivFactor, threePhase);
    }

    public OneCycle anneal(Anneal value) {
        return new OneCycle(pctStart, value, divFactor, finalDivFactor, threePhase);
    }

    public OneCycle divFactors(double first, double last) {
        return new OneCycle(pctStart, anneal, first, last, threePhase);
    }

    public OneCycle inThreePhases() {
        return new OneCycle(pctStart, anneal, divFactor, finalDivFactor, true);
    }

    @Override
    public double rate(double base, Moment moment) {
        double first = base / divFactor;
        double last = first / finalDivFactor;
        double total = moment.epochs();
        double top = pctStart * total - 1;
        double down = threePhase ? 2 * pctStart * total - 2 : total - 1;
        int now = moment.epoch();
        if (now <= top) {
            return between(first, base, now, 0, top);
        }
        if (!threePhase || now <= down) {
            return between(base, threePhase ? first : last, now, top, down);
        }
        return between(first, last, now, down, total - 1);
    }

    private double between(double start, double end, double now, double from, double to) {
        return anneal.between(start, end, to == from ? 1 : (now - from) / (to - from));
    }

    @Override
    public String toString() {
        return "one cycle, " + 100 * pctStart + " % up, from 1/" + divFactor + " and to 1/" + finalDivFactor + " of that, "
            + (anneal == Anneal.COS ? "along cosines" : "in straight lines") + (threePhase ? ", three phases" : "");
    }
}
