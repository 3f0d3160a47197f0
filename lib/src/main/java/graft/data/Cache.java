package graft.data;

import graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder for what is unpacked or downloaded once and kept. */
public final class Cache {
    private Cache() { }

    /**
     * The system property {@code graft.cache} or the environment's GRAFT_CACHE where one is set; otherwise the platform's place
     * for caches: {@code %LOCALAPPDATA%\graft}, {@code ~/Library/Caches/graft}, {@code $XDG_CACHE_HOME/graft} or
     * {@code ~/.cache/graft}. It need not exist yet.
     */
    public static Path folder() {
        String chosen = System.getProperty("graft.cache", System.getenv("GRAFT_CACHE"));
        if (chosen != null && !chosen.isBlank()) {
            return Path.of(chosen);
        }
        String system = System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT);
        Path home = Path.of(System.getProperty("user.home"));
        if (system.startsWith("windows")) {
            String local = System.getenv("LOCALAPPDATA");
            return (local == null ? home.resolve("AppData").resolve("Local") : Path.of(local)).resolve("graft");
        }
        if (system.startsWith("mac")) {
            return home.resolve("Library").resolve("Caches").resolve("graft");
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        return (xdg == null || xdg.isBlank() ? home.resolve(".cache") : Path.of(xdg)).resolve("graft");
    }

    /**
     * How many bytes decoded pictures may take in the folder: the system property {@code graft.cache.gb} or the environment's GRAFT_CACHE_GB where one is
     * set, in gigabytes, 0 for none; otherwise 8, and at most a tenth of what the disk has free.
     */
    public static long pictureBytes() {
        String chosen = System.getProperty("graft.cache.gb", System.getenv("GRAFT_CACHE_GB"));
        if (chosen == null || chosen.isBlank()) {
            return Math.min(8L << 30, free() / 10);
        }
        try {
            double gigabytes = Double.parseDouble(chosen.strip());
            if (gigabytes >= 0 && gigabytes <= 1e6) {
                return (long) (gigabytes * (1 << 30));
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new InputException("GRAFT_CACHE_GB is " + chosen + ", which is no size; a number of gigabytes such as 8, or 0 for no decoded pictures, would be right");
    }

    /** Free bytes on the disk of the folder, or of the next folder above it that exists. */
    private static long free() {
        for (Path at = folder().toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at)) {
                try {
                    return Files.getFileStore(at).getUsableSpace();
                } catch (IOException unknown) {
                    return 0;
                }
            }
        }
        return 0;
    }
}
