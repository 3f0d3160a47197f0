package graft.data;

import java.io.IOException;

/** An archive that is damaged, hostile or not what was expected. The message is the reason only, without the file's name. */
final class BadArchiveException extends IOException {
    private static final long serialVersionUID = 1L;

    BadArchiveException(String reason) {
        super(reason);
    }

    BadArchiveException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
