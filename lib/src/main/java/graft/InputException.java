package graft;

/**
 * Bad input: a file, a folder or an option that cannot be used. The message is one sentence for the person who
 * gave it: it names the file or option, says what is wrong with it, and what would be right. Scripts print it
 * after {@code graft:} and end with status 2; it never needs a stack trace.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InputException(String sentence) {
        super(sentence);
    }

    public InputException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
