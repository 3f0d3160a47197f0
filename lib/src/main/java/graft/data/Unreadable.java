package graft.data;

/**
 * A picture that cannot be used, and why.
 *
 * @param reason in plain words, without the file's name: {@code ends too early (truncated)}
 */
public record Unreadable(Picture picture, String reason) {
    @Override public String toString() {
        return picture.id() + " " + reason;
    }
}
