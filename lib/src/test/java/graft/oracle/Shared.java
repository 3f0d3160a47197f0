package graft.oracle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder {@code shared} beside the checkout, with reference values and weights that are not copied here. */
public final class Shared {
    private Shared() { }

    /** A file or folder in it, if it is to be had. The property {@code graft.shared} names it where it lies elsewhere. */
    public static Optional<Path> file(String name) {
        String named = System.getProperty("graft.shared");
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path file = (named == null ? folder.resolve("shared") : Path.of(named)).resolve(name);
            if (Files.exists(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
