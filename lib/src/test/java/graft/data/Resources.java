package graft.data;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Test pictures. */
final class Resources {
    private Resources() { }

    static Path path(String name) {
        try {
            return Path.of(Resources.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
