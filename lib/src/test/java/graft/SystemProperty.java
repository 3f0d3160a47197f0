package graft;

/** A system property that a test sets for a while. */
public final class SystemProperty {
    private SystemProperty() { }

    /** Puts back what it was. @param value {@code null} where it was not set */
    public static void restore(String property, String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }
}
