package graft.data;

import java.io.IOException;

/** A file that is no picture, or a damaged one. The message is the reason only, without the file's name. */
public final class UnreadablePictureException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnreadablePictureException(String reason) {
        super(reason);
    }

    public UnreadablePictureException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
