package graft.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.TreeSet;

/**
 * One SHA-256 for many files, however they were packed: that of the lines {@code <SHA-256>  <place>}, sorted by place. On a command line, for places in
 * ASCII: {@code find train test validation -type f | LC_ALL=C sort | xargs sha256sum | sha256sum}.
 */
final class FolderDigest {
    private FolderDigest() { }

    /** @param places the files, below the folder and with slashes */
    static String of(Path folder, Collection<String> places) throws IOException, InterruptedException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has SHA-256", impossible);
        }
        for (String place : new TreeSet<>(places)) {
            digest.update((Sha256.of(folder.resolve(place)) + "  " + place + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
