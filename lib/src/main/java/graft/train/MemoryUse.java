package graft.train;

import graft.Uninterrupted;

import com.sun.management.OperatingSystemMXBean;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The memory that this process holds, libtorch's arrays included, and what the machine has left. Linux says so in {@code /proc}; elsewhere the
 * machine's free memory stands for both.
 */
public final class MemoryUse {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final boolean LINUX = Files.isReadable(STATUS) && Files.isReadable(MEMINFO);
    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private MemoryUse() { }

    /** Bytes in memory now. */
    public static long now() {
        return LINUX ? resident(read(STATUS)) : SYSTEM.getTotalMemorySize() - SYSTEM.getFreeMemorySize();
    }

    /** Not from {@code statm}, which counts in pages of the kernel's own size. Asked every millisecond, so that only the number itself is cut out. */
    private static long resident(String status) {
        int begin = status.indexOf("VmRSS:") + "VmRSS:".length();
        return Long.parseLong(status.substring(begin, status.indexOf("kB", begin)).strip()) * 1024;
    }

    /** The most bytes that were in memory at once since the process began; only Linux says. */
    public static OptionalLong most() {
        return LINUX ? read(STATUS).lines().filter(line -> line.startsWith("VmHWM:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).findFirst() : OptionalLong.empty();
    }

    /** Bytes that this process may still take, without the machine starting to swap or a container's limit being reached. */
    public static long available() {
        long total = SYSTEM.getTotalMemorySize(); // the container's, where it has a limit
        if (!LINUX) {
            return Math.max(SYSTEM.getFreeMemorySize(), total / 2); // macOS counts as used what it would give away
        }
        String line = read(MEMINFO).lines().filter(one -> one.startsWith("MemAvailable:")).findFirst().orElse("MemAvailable: 0 kB");
        return Math.min(Long.parseLong(line.replaceAll("\\D", "")) * 1024, total - now());
    }

    /** The most bytes that were in memory at once while {@code work} ran, looked at every millisecond. */
    public static long peak(Callable<?> work) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        long[] most = {now()};
        Thread watch = new Thread(() -> {
            while (!ended.get()) {
                most[0] = Math.max(most[0], now());
                try {
                    Thread.sleep(1);
                } catch (InterruptedException stopped) {
                    return;
                }
            }
        }, "memory");
        watch.setDaemon(true);
        watch.start();
        try {
            work.call();
        } finally {
            ended.set(true);
            Uninterrupted.await(watch::join);
        }
        return Math.max(most[0], now());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
