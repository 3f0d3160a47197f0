package graft.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of a file, in 64 hexadecimal digits; and the MD5, which says nothing about malice but is what some publish. */
public final class Sha256 {
    private Sha256() { }

    public static String of(Path file) throws IOException, InterruptedException {
        return digest("SHA-256", file);
    }

    /** The MD5, in 32 hexadecimal digits. */
    static String md5(Path file) throws IOException, InterruptedException {
        return digest("MD5", file);
    }

    private static String digest(String algorithm, Path file) throws IOException, InterruptedException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has " + algorithm, impossible);
        }
        byte[] block = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                digest.update(block, 0, count);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
