package graft;

/** What the numbers of heads, optimizers, schedules and losses may be. */
public final class Limits {
    private Limits() { }

    /** {@code value}, which has to be 0 or more, and finite. */
    public static double notNegative(String what, double value) {
        return check(what, value, value >= 0 && value < Double.POSITIVE_INFINITY, "0 or more");
    }

    /** {@code value}, which has to be above 0, and finite. */
    public static double positive(String what, double value) {
        return check(what, value, value > 0 && value < Double.POSITIVE_INFINITY, "above 0");
    }

    /** {@code value}, which has to be at least 0 and below 1. */
    public static double below1(String what, double value) {
        return check(what, value, value >= 0 && value < 1, "at least 0 and below 1");
    }

    /** {@code value}, which has to be from 0 to 1. */
    public static double share(String what, double value) {
        return check(what, value, value >= 0 && value <= 1, "from 0 to 1");
    }

    /** {@code value}, which has to be {@code least} or more. */
    public static int atLeast(int least, String what, int value) {
        if (value < least) {
            throw new InputException(what + " is " + value + "; it has to be " + least + " or more");
        }
        return value;
    }

    private static double check(String what, double value, boolean right, String wanted) {
        if (!right) {
            throw new InputException(what + " is " + value + "; it has to be " + wanted);
        }
        return value;
    }
}
