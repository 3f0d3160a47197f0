package graft.data;

import graft.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What lies in a data folder, by its layout (see {@link ImageFolder}); a walk that opens no file.
 *
 * @param strange files among the pictures that are neither pictures by their name nor well-known clutter
 */
record FolderListing(List<String> classes, List<Picture> train, List<Picture> test, boolean testLabelled, List<Unreadable> strange) {
    private static final Set<String> PICTURES = Set.of("jpg", "jpeg", "png", "gif", "bmp", "webp");
    private static final Set<String> CLUTTER = Set.of("txt", "csv", "md", "ini", "db");   // notes, desktop.ini, Thumbs.db

    static FolderListing of(Path dir) {
        return of(dir, true);
    }

    /** The same for a look at what is wrong with a folder: classes may be empty, in one part only, or the only one. */
    static FolderListing asFound(Path dir) {
        return of(dir, false);
    }

    /** All pictures below a folder, whatever its layout, in natural order. */
    static List<Path> pictures(Path dir) {
        return new Walk(dir, false).pictures(dir, Integer.MAX_VALUE);
    }

    private static FolderListing of(Path dir, boolean strict) {
        if (!Files.exists(dir)) {
            throw new InputException(dir + " does not exist; a folder of pictures, DIR/train/<class>/*.jpg or DIR/<class>/*.jpg, would be right");
        }
        if (!Files.isDirectory(dir)) {
            throw new InputException(dir + " is a file; a folder of pictures, DIR/train/<class>/*.jpg or DIR/<class>/*.jpg, would be right");
        }
        Path trainDir = dir.resolve("train");
        Path testDir = dir.resolve("test");
        boolean parts = Files.isDirectory(trainDir);
        if (!parts && Files.isDirectory(testDir)) {
            throw new InputException(dir + " has a folder test but no folder train; DIR/train/<class>/*.jpg beside it would be right");
        }
        return new Walk(dir, strict).read(parts ? trainDir : dir, parts && Files.isDirectory(testDir) ? testDir : null);
    }

    /** One look through a folder. */
    private static final class Walk {
        private final Path root;
        private final boolean strict;
        private final List<Unreadable> strange = new ArrayList<>();

        Walk(Path root, boolean strict) {
            this.root = root;
            this.strict = strict;
        }

        FolderListing read(Path trainDir, Path testDir) {
            Map<String, List<Path>> train = classFolders(trainDir);
            Map<String, List<Path>> folders = testDir == null ? Map.of() : classFolders(testDir);
            if (strict) {
                requireClasses(train, trainDir);
            } else {
                requirePictures(train, trainDir);
                folders.keySet().forEach(name -> train.putIfAbsent(name, List.of()));
            }
            List<String> classes = List.copyOf(train.keySet());
            List<Picture> test = new ArrayList<>();
            boolean labelled = false;
            if (testDir != null) {
                List<Path> loose = pictures(testDir, 1);
                labelled = !folders.isEmpty() && loose.isEmpty();
                if (!folders.isEmpty() && !loose.isEmpty()) {
                    throw new InputException(testDir + " has class folders and, beside them, pictures such as " + loose.get(0).getFileName()
                        + "; either all test pictures in class folders or none would be right");
                }
                for (Map.Entry<String, List<Path>> folder : folders.entrySet()) {
                    if (!train.containsKey(folder.getKey()) && !folder.getValue().isEmpty()) {
                        throw new InputException(testDir.resolve(folder.getKey()) + " holds test pictures of a class that " + trainDir
                            + " does not have; the same class names in both would be right");
                    }
                    test.addAll(labelled(folder.getValue(), classes.indexOf(folder.getKey())));
                }
                test.addAll(labelled(loose, -1));
            }
            List<Picture> training = new ArrayList<>();
            for (int label = 0; label < classes.size(); label++) {
                training.addAll(labelled(train.get(classes.get(label)), label));
            }
            return new FolderListing(classes, training, test, labelled && !test.isEmpty(), strange);
        }

        private void requirePictures(Map<String, List<Path>> train, Path trainDir) {
            if (train.values().stream().allMatch(List::isEmpty)) {
                throw new InputException(trainDir + " has no class folders with pictures; one folder of pictures for each class, such as "
                    + trainDir.resolve("kiwi").resolve("1.jpg") + ", would be right");
            }
        }

        private void requireClasses(Map<String, List<Path>> train, Path trainDir) {
            if (train.isEmpty()) {
                throw new InputException(trainDir + " has no class folders; one folder of pictures for each class, such as "
                    + trainDir.resolve("kiwi").resolve("1.jpg") + ", would be right");
            }
            train.forEach((name, files) -> {
                if (files.isEmpty()) {
                    throw new InputException(trainDir.resolve(name) + " is a class without pictures; at least one JPEG, PNG, GIF, BMP or WebP file in it, "
                        + "or no such folder, would be right");
                }
            });
            if (train.size() == 1) {
                throw new InputException(trainDir + " has one class only, " + train.keySet().iterator().next() + "; at least two would be right");
            }
        }

        /** Class names in natural order, each with its files. */
        private Map<String, List<Path>> classFolders(Path part) {
            Map<String, List<Path>> folders = new TreeMap<>(NaturalOrder.INSTANCE);
            try (Stream<Path> entries = Files.list(part)) {
                for (Path entry : (Iterable<Path>) entries::iterator) {
                    String name = entry.getFileName().toString();
                    if (Files.isDirectory(entry) && !hidden(name)) {
                        folders.put(name, List.of());
                    }
                }
            } catch (IOException | UncheckedIOException e) {
                throw unreadable(part, e);
            }
            folders.replaceAll((name, none) -> pictures(part.resolve(name), Integer.MAX_VALUE));
            return folders;
        }

        private List<Path> pictures(Path folder, int depth) {
            Map<String, Path> found = new LinkedHashMap<>();
            try {
                Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, new SimpleFileVisitor<>() {
                    @Override public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                        return !directory.equals(folder) && hidden(directory.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                    }

                    @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isDirectory()) {
                            return FileVisitResult.CONTINUE;   // at the depth limit
                        }
                        String extension = extension(file);
                        if (attributes.isRegularFile() && PICTURES.contains(extension)) {
                            found.put(id(file), file);
                        } else if (!hidden(file.getFileName().toString()) && !CLUTTER.contains(extension)) {
                            strange.add(new Unreadable(new Picture(file, id(file), -1),
                                "is no picture by its name; jpg, jpeg, png, gif, bmp or webp would be right"));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                        if (e instanceof FileSystemLoopException) {
                            return FileVisitResult.CONTINUE;   // a link back to a folder that is being walked: seen already
                        }
                        throw e;
                    }
                });
            } catch (IOException e) {
                throw unreadable(folder, e);
            }
            List<String> ids = new ArrayList<>(found.keySet());
            ids.sort(NaturalOrder.INSTANCE);
            return ids.stream().map(found::get).toList();
        }

        private List<Picture> labelled(List<Path> files, int label) {
            return files.stream().map(file -> new Picture(file, id(file), label)).toList();
        }

        /** The path below the root, with slashes. */
        private String id(Path file) {
            StringBuilder id = new StringBuilder();
            for (Path name : root.relativize(file)) {
                id.append(id.isEmpty() ? "" : "/").append(name);
            }
            return id.toString();
        }

        private static InputException unreadable(Path folder, Exception e) {
            Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
            String where = cause instanceof FileSystemException at && at.getFile() != null ? at.getFile() : folder.toString();
            String why = cause instanceof AccessDeniedException ? "no permission" : String.valueOf(cause.getMessage());
            return new InputException(where + " cannot be listed (" + why + "); a folder that you may read would be right", e);
        }

        private static boolean hidden(String name) {
            return name.startsWith(".");
        }

        private static String extension(Path file) {
            String name = file.getFileName().toString();
            return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        }
    }
}
