package graft.data;

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
}
