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

    /** @throws InputException if somebody else has it */
    static RunLock of(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        boolean free;
        try {
            free = channel.tryLock() != null;
        } catch (OverlappingFileLockException thisProcess) {
            free = false;
        } catch (IOException noLocks) {
            free = true; // some network file systems have none
        }
        if (!free) {
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
