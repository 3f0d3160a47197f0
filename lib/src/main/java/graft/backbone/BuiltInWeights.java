package graft.backbone;

import graft.AtomicFile;
import graft.InputException;
import graft.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Weights that are inside the library: a resource beside this class, unpacked into the cache so that it can be mapped. */
final class BuiltInWeights {
    private BuiltInWeights() { }

    /** The unpacked file; one that is there already is used if its SHA-256 begins with {@code sha256}, else replaced. */
    static Path unpack(String name, String sha256, Path folder) throws InterruptedException {
        Path file = folder.resolve(name);
        try {
            if (Files.isRegularFile(file) && Sha256.of(file).startsWith(sha256)) {
                return file;
            }
            AtomicFile.write(file, out -> {
                try (InputStream in = BuiltInWeights.class.getResourceAsStream(name)) {
                    if (in == null) {
                        throw new AssertionError("the library was built without " + name);
                    }
                    in.transferTo(out);
                }
            });
            return file;
        } catch (IOException failed) {
            throw new InputException("%s cannot be read: %s".formatted(file, failed.getMessage()), failed);
        }
    }
}
