package graft.backbone;

import graft.InputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The option {@code --weights NAME=FILE}: a backbone's weights from a file instead of a download. */
public final class WeightFiles {
    private WeightFiles() { }

    /**
     * The file for each backbone named, in the order given.
     *
     * @param entries texts {@code NAME=FILE}
     * @throws InputException if one is of another form, names a backbone twice or a file that is not there
     */
    public static Map<String, Path> parse(List<String> entries) {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            if (equals < 1 || equals == entry.length() - 1) {
                throw new InputException("--weights %s should be NAME=FILE, such as resnet50=resnet50-0676ba61.pth".formatted(entry));
            }
            String name = entry.substring(0, equals).strip();
            Path file = path(entry, entry.substring(equals + 1).strip());
            if (!Files.exists(file)) {
                throw new InputException("--weights %s names a file that does not exist".formatted(entry));
            }
            if (!Files.isRegularFile(file)) {
                throw new InputException("--weights %s names %s; it should be a .safetensors or .pth file".formatted(entry,
                        Files.isDirectory(file) ? "a folder" : "no ordinary file"));
            }
            if (files.put(name, file) != null) {
                throw new InputException("--weights names two files for %s; one is enough".formatted(name));
            }
        }
        return files;
    }

    private static Path path(String entry, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException invalid) {
            throw new InputException("--weights %s names a file that cannot be: %s".formatted(entry, invalid.getReason()), invalid);
        }
    }
}
