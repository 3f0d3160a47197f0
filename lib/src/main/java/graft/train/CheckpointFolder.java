package graft.train;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import graft.InputException;
import graft.data.Sha256;
import graft.torch.StateDict;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * How a {@link Checkpoint} lies on disk: the tensors in a file that is called by its SHA-256, {@code 5f2c….safetensors}, and {@code
 * checkpoint.json}, which names that file and has a SHA-256 of its own. Each is written beside its place and renamed when the disk
 * has it, the description last; only then is the former file of tensors removed. So a kill leaves the former checkpoint or the new one, and
 * at most files that nobody names: the next writer removes them.
 */
final class CheckpointFolder {
    static final String DESCRIPTION = "checkpoint.json";
    private static final String TENSORS = ".safetensors";
    private static final String PART = ".part";
    private static final String SHA256 = "[0-9a-f]{64}";

    private CheckpointFolder() { }

    /** Writes {@code tensors}, then {@code description} with the name of their file. Uninterruptible: java.io's streams are. */
    static void write(Path folder, JsonObject description, StateDict tensors) {
        try {
            Files.createDirectories(folder);
            MessageDigest digest = sha256();
            Path beside = folder.resolve("tensors" + PART);
            write(beside, out -> tensors.writeSafetensors(new DigestOutputStream(out, digest), Map.of()));
            String name = HexFormat.of().formatHex(digest.digest()) + TENSORS;
            keep(beside, folder.resolve(name));
            description.addProperty("tensors", name);
            description.addProperty("sha256", sha256(description));
            Path text = folder.resolve(DESCRIPTION + PART);
            write(text, out -> out.write(description.toString().getBytes(StandardCharsets.UTF_8)));
            move(text, folder.resolve(DESCRIPTION));
            removeAllBut(folder, name);
        } catch (IOException unwritable) {
            throw new InputException("the checkpoint in " + folder + " cannot be written (" + unwritable + "); make room, or choose a folder that you may write to", unwritable);
        }
    }

    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Returns when the disk has it, so that a rename never gets ahead of what is renamed, even if the power goes. */
    private static void write(Path file, Content content) throws IOException {
        try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
            content.writeTo(stream);
            stream.getFD().sync();
        } catch (IOException failed) {
            Files.deleteIfExists(file);
            throw failed;
        }
    }

    /** The file of the same name has the same content, and may be in use: then it stays. */
    private static void keep(Path beside, Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) != Files.size(beside)) {
            move(beside, file);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void removeAllBut(Path folder, String tensors) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.equals(tensors) && (name.matches(SHA256 + "\\" + TENSORS) || name.endsWith(PART))) {
                    deleteUnlessInUse(entry);
                }
            }
        }
    }

    /** Windows does not delete a file that is mapped; the next writer will. */
    private static void deleteUnlessInUse(Path file) throws IOException {
        try {
            Files.deleteIfExists(file);
        } catch (AccessDeniedException mapped) {
            file.toFile().deleteOnExit();
        }
    }

    /** The description, if there is one. @throws InputException if it is damaged */
    static Optional<JsonObject> description(Path folder) {
        Path file = folder.resolve(DESCRIPTION);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            JsonElement claimed = json.remove("sha256");
            if (claimed == null || !claimed.getAsString().equals(sha256(json))) {
                throw damaged(folder, DESCRIPTION + " is not as it was written", null);
            }
            return Optional.of(json);
        } catch (ClosedByInterruptException interrupted) {
            throw new CancellationException("interrupted while reading " + file);
        } catch (IOException | JsonParseException | IllegalStateException | UnsupportedOperationException wrong) {
            throw damaged(folder, DESCRIPTION + " cannot be read", wrong);
        }
    }

    /** The tensors that a description names. @throws InputException if their file is not the one that was written */
    static StateDict tensors(Path folder, JsonObject description) {
        String name = description.get("tensors").getAsString();
        Path file = folder.resolve(name);
        if (!name.matches(SHA256 + "\\" + TENSORS)) {
            throw damaged(folder, "its tensors are in " + name, null);
        }
        try {
            if (!Sha256.of(file).equals(name.substring(0, name.length() - TENSORS.length()))) {
                throw damaged(folder, name + " is not as it was written", null);
            }
            return StateDict.read(file);
        } catch (InterruptedException | ClosedByInterruptException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while reading " + file);
        } catch (IOException missing) {
            throw damaged(folder, name + " cannot be read", missing);
        }
    }

    static InputException damaged(Path folder, String reason, Throwable cause) {
        return new InputException("the checkpoint in " + folder + " is damaged: " + reason + "; without that folder the training begins again", cause);
    }

    /** Removes everything that belongs to the checkpoint, the description first. */
    static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(DESCRIPTION));
            if (Files.isDirectory(folder)) {
                removeAllBut(folder, "");
                Files.delete(folder);
            }
        } catch (DirectoryNotEmptyException used) {
            // Whatever else is in it is not the checkpoint's.
        } catch (IOException unwritable) {
            throw new InputException("the checkpoint in " + folder + " cannot be removed (" + unwritable + "); remove the folder", unwritable);
        }
    }

    private static String sha256(JsonObject json) {
        return HexFormat.of().formatHex(sha256().digest(json.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has SHA-256", impossible);
        }
    }
}
