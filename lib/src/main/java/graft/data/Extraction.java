package graft.data;

import graft.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Unpacks an archive that need not be well-meant: nothing leaves the folder, no link is made, no file is written twice, names are fit for
 * every platform, and what comes out is bounded ({@link ArchiveFile}).
 */
final class Extraction {
    private static final int LONGEST_NAME = 1024;
    private static final int LONGEST_LIST = 10 << 20;
    private static final String ODD_CHARACTERS = "<>:\"|?*\\";
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
        "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private Extraction() { }

    /**
     * Unpacks into a folder that is there and empty.
     *
     * @param place where an entry goes, below the folder and with slashes; {@code null} for one that is not needed
     * @param expected how many files that will be, for the progress
     * @return the places of all files
     * @throws BadArchiveException if the archive is damaged or hostile; what has been unpacked stays, and should be deleted
     */
    static Set<String> into(Path folder, ArchiveFile archive, UnaryOperator<String> place, int expected, Progress progress)
            throws IOException, InterruptedException {
        Set<String> places = new HashSet<>();
        Set<String> folded = new HashSet<>();   // on some platforms a.jpg and A.JPG are one file
        try (Progress.Task task = progress.start("unpacking", expected, "pictures")) {
            archive.forEach((name, ordinary, content) -> {
                interruptible();
                String to = place.apply(inside(name));
                if (to == null) {
                    return;
                }
                requireOrdinary(name, ordinary);
                portable(to);
                if (!folded.add(to.toLowerCase(Locale.ROOT))) {
                    throw new BadArchiveException("has two files that would become " + to);
                }
                Path file = folder.resolve(to);
                Files.createDirectories(file.getParent());
                try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    copy(content, out, Long.MAX_VALUE, name);
                }
                places.add(to);
                task.step(1);
            });
        }
        return places;
    }

    /**
     * The texts of a few small entries, in UTF-8.
     *
     * @param names as {@link #into} gives them to {@code place}
     * @throws BadArchiveException as {@link #into}, and when one is missing
     */
    static Map<String, String> texts(ArchiveFile archive, List<String> names) throws IOException, InterruptedException {
        Map<String, String> texts = new HashMap<>();
        archive.forEach((name, ordinary, content) -> {
            interruptible();
            String inside = inside(name);
            if (names.contains(inside)) {
                requireOrdinary(name, ordinary);
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                copy(content, text, LONGEST_LIST, name);
                texts.put(inside, text.toString(StandardCharsets.UTF_8));
            }
        });
        for (String name : names) {
            if (!texts.containsKey(name)) {
                throw new BadArchiveException("lacks " + name);
            }
        }
        return texts;
    }

    private static void requireOrdinary(String name, boolean ordinary) throws BadArchiveException {
        if (!ordinary) {
            throw new BadArchiveException("has a link, a folder or a device called " + shown(name) + " where a file should be");
        }
    }

    private static void copy(InputStream content, OutputStream out, long most, String name) throws IOException, InterruptedException {
        byte[] block = new byte[1 << 16];
        long copied = 0;
        for (int count = content.read(block); count >= 0; count = content.read(block)) {
            copied += count;
            if (copied > most) {
                throw new BadArchiveException("has a list " + shown(name) + String.format(Locale.ROOT, " of more than %,d bytes", most));
            }
            out.write(block, 0, count);
            interruptible();
        }
    }

    private static void interruptible() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** The name of an entry without {@code ./} and a folder's last slash, or a refusal of one that leads out. */
    private static String inside(String name) throws BadArchiveException {
        if (name.length() > LONGEST_NAME || name.startsWith("/") || name.matches("[A-Za-z]:.*") || name.indexOf('\\') >= 0
                || name.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw new BadArchiveException("has an entry called " + shown(name) + ", which is no name of a file inside a folder");
        }
        StringBuilder inside = new StringBuilder();
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                throw new BadArchiveException("has an entry " + shown(name) + " that leads out of its folder");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                inside.append(inside.isEmpty() ? "" : "/").append(part);
            }
        }
        return inside.toString();
    }

    /** Refuses a place that some platform could not have, or would take for something else. */
    private static void portable(String place) throws BadArchiveException {
        for (String part : place.split("/", -1)) {
            String stem = part.contains(".") ? part.substring(0, part.indexOf('.')) : part;
            if (part.isEmpty() || part.startsWith(".") || part.endsWith(".") || part.endsWith(" ") || part.length() > 200
                    || part.chars().anyMatch(c -> ODD_CHARACTERS.indexOf(c) >= 0) || DEVICES.contains(stem.toLowerCase(Locale.ROOT))) {
                throw new BadArchiveException("has a file that would become " + shown(place) + ", which is no name of a file on every platform");
            }
        }
    }

    private static String shown(String name) {
        String printable = name.replaceAll("\\p{Cntrl}", "?");
        return printable.length() > 80 ? printable.substring(0, 80) + "…" : printable;
    }
}
