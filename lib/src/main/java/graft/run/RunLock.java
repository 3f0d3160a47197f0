package graft.run;

import graft.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps other processes away from a run's folder while one is at work on it. The system lets go of it when that one ends, however it does. */
final class RunLock implements AutoCloseable {
    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Whether somebody has it. */
    static boolean isHeld(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return !takes(channel);
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
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        if (!takes(channel)) {
            channel.close();
            throw new InputException(file.getParent() + " is still being worked on by another process; let it end, or stop it");
        }
        return new RunLock(channel);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException gone) {
            throw new InputException("a run's folder went away while it was written (" + gone.getMessage() + "); give a folder that stays", gone);
        }
    }
}
