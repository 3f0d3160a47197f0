package graft.run;

import graft.train.MemoryUse;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a run took.
 *
 * @param seconds since it began, or was last taken up
 * @param memory bytes that the process has held at most, in a notebook since the kernel began; empty where the system does not say
 */
public record Took(double seconds, OptionalLong memory) {
    static final String SECONDS = "seconds";
    static final String MEMORY = "peak memory of the process, MB";

    /** @param start {@link System#nanoTime} of then */
    static Took since(long start) {
        return new Took((System.nanoTime() - start) / 1e9, MemoryUse.most());
    }

    /** By name, as {@code environment.json} has them. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(SECONDS, String.format(Locale.ROOT, "%.1f", seconds));
        memory.ifPresent(bytes -> facts.put(MEMORY, Long.toString(Math.round(bytes / 1e6))));
        return facts;
    }

    /** {@code 3:05 minutes, 1.1 GB of memory at most}. */
    @Override
    public String toString() {
        long whole = Math.round(seconds);
        String time = whole < 60 ? whole + " seconds" : String.format("%d:%02d minutes", whole / 60, whole % 60);
        return time + (memory.isPresent() ? String.format(Locale.ROOT, ", %.1f GB of memory at most", memory.getAsLong() / 1e9) : "");
    }
}
