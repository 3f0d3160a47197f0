package graft.run;

import graft.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** Keeps others away from a run's folder while somebody is at work on it. The system lets go of it when that process ends, however it does. */
final class RunLock implements AutoCloseable {
    /** What this process has. POSIX lets go of a process's lock as soon as that process closes the file, even one that it opened a second time only to ask. */
    private static final Set<Path> OURS = new HashSet<>();

    private final Path file;
    private final FileChannel channel;

    private RunLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Whether somebody has it. */
    static boolean isHeld(Path file) throws IOException {
        synchronized (OURS) {
            if (OURS.contains(file.toRealPath())) {
                return true;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                return !takes(channel);
            }
        }
    }

    private static boolean takes(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException thisProcess) {
            return false;
        } catch (IOException noLocks) {
            return true; // some network file systems have none
        }
    }

    /** @throws InputException if somebody else has it */
    static RunLock of(Path file) throws IOException {
        synchronized (OURS) {
            Path real = file.toRealPath();
            if (OURS.contains(real)) {
                throw taken(file);
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            if (!takes(channel)) {
                channel.close();
                throw taken(file);
            }
            OURS.add(real);
            return new RunLock(real, channel);
        }
    }

    private static InputException taken(Path file) {
        return new InputException(file.getParent() + " is still being worked on by another process; let it end, or stop it");
    }

    @Override
    public void close() {
        synchronized (OURS) {
            OURS.remove(file);
            try {
                channel.close();
            } catch (IOException gone) {
                throw new InputException("a run's folder went away while it was written (" + gone.getMessage() + "); give a folder that stays", gone);
            }
        }
    }
}
