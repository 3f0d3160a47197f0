package graft.data;

import graft.InputException;
import graft.Progress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * A folder of labelled pictures, with the classes as names of folders:
 *
 * <pre>
 * DIR/train/&lt;class&gt;/3.jpg          or, without test pictures,   DIR/&lt;class&gt;/3.jpg
 * DIR/test/&lt;class&gt;/7.jpg           labelled, or DIR/test/7.jpg without labels; optional
 * DIR/sample_submission.csv      optional
 * </pre>
 *
 * Classes are sorted as people count ({@link NaturalOrder}), and so are the files of a class. A label is a position in {@link #classes()}, the same
 * in every part, whether or not a class has test pictures. Folders inside a class folder are walked through, as in torchvision.
 */
public final class ImageFolder {
    /**
     * Where a data set came from, to find it again.
     *
     * @param data as {@link #of(String)} takes it, from any folder
     * @param perClass as {@link #first} was given it; 0 for all pictures
     * @param skipUnreadable whether unreadable pictures were left out
     */
    public record Origin(String data, int perClass, boolean skipUnreadable) {
        /**
         * The same pictures, as long as they are still there.
         *
         * @throws InputException if they cannot be had or read
         */
        public ImageFolder find(Progress progress) throws InterruptedException {
            ImageFolder all = of(data, progress);
            return (perClass == 0 ? all : all.first(perClass)).checked(skipUnreadable, progress);
        }
    }

    private final String name;
    private final Path root;
    private final Origin origin;
    private final List<String> classes;
    private final List<Picture> train;
    private final List<Picture> test;
    private final boolean testLabelled;
    private final List<Unreadable> strange;
    private final List<Unreadable> unreadable;

    private ImageFolder(String name, Path root, Origin origin, List<String> classes, List<Picture> train, List<Picture> test, boolean testLabelled,
                        List<Unreadable> strange, List<Unreadable> unreadable) {
        this.name = name;
        this.root = root;
        this.origin = origin;
        this.classes = List.copyOf(classes);
        this.train = List.copyOf(train);
        this.test = List.copyOf(test);
        this.testLabelled = testLabelled;
        this.strange = List.copyOf(strange);
        this.unreadable = List.copyOf(unreadable);
    }

    /**
     * Looks through a folder, without decoding anything.
     *
     * @throws InputException when it is missing, or holds no class folders, only one class or an empty class
     */
    public static ImageFolder of(Path dir) {
        return of(FolderListing.of(dir), dir, name(dir), place(dir));
    }

    /** As {@link #of(String, Progress)}, without showing progress; an interrupt ends in a {@link CancellationException}. */
    public static ImageFolder of(String data) {
        try {
            return of(data, Progress.SILENT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while " + data + " was downloaded");
        }
    }

    /**
     * The built-in data set {@code builtin:groceries12}, a folder, or a {@linkplain KnownData published data set} by its name, such as
     * {@code oxford-flowers-102}, which is downloaded unless it is there. A folder of that name goes before.
     *
     * @throws InputException as {@link #of(Path)}, for a name that is not known, and for a data set that cannot be had
     * @throws InterruptedException if the thread is interrupted; what has been downloaded is kept
     */
    public static ImageFolder of(String data, Progress progress) throws InterruptedException {
        if (data.startsWith(BuiltIn.PREFIX)) {
            String known = data.substring(BuiltIn.PREFIX.length());
            Path dir = BuiltIn.folder(known);
            return of(FolderListing.of(dir), dir, known + " (built in)", data);
        }
        Optional<KnownData> known = KnownData.find(data);
        if (known.isEmpty()) {
            return of(path(data));
        }
        Path dir = known.get().folder(progress);
        return known.get().complete(of(FolderListing.of(dir), dir, data, data));
    }

    /**
     * The same for an {@link Audit}, with classes that {@link #of(String)} refuses: empty ones, and those that are in one part only.
     *
     * @throws InputException when the folder is missing, or holds no class folder with pictures
     * @throws InterruptedException if the thread is interrupted during a download
     */
    public static ImageFolder asFound(String data, Progress progress) throws InterruptedException {
        if (data.startsWith(BuiltIn.PREFIX) || KnownData.find(data).isPresent()) {
            return of(data, progress);
        }
        Path dir = path(data);
        return of(FolderListing.asFound(dir), dir, name(dir), place(dir));
    }

    /**
     * All pictures that lie below a folder, whatever its layout, sorted as people count; a walk that opens no file.
     *
     * @throws InputException when there are none, or a folder cannot be listed
     */
    public static List<Path> pictures(Path folder) {
        List<Path> found = FolderListing.pictures(folder);
        if (found.isEmpty()) {
            throw new InputException(folder + " holds no pictures; a folder with JPEG, PNG, GIF, BMP or WebP files would be right");
        }
        return found;
    }

    private static Path path(String data) {
        if (data.isBlank()) {
            throw new InputException("the name of the data folder is empty; a folder of pictures, or " + BuiltIn.PREFIX + "groceries12, would be right");
        }
        try {
            Path path = Path.of(data);
            if (data.matches("[A-Za-z0-9_-]+") && !Files.exists(path)) { // the name of something, it seems
                throw new InputException(data + " does not exist, and is no known data set; a folder of pictures, DIR/train/<class>/*.jpg or DIR/<class>/*.jpg, "
                    + "or one of " + BuiltIn.PREFIX + "groceries12, " + KnownData.names() + " would be right");
            }
            return path;
        } catch (InvalidPathException e) {
            throw new InputException(data + " cannot be the name of a folder (" + e.getReason() + "); a folder of pictures would be right", e);
        }
    }

    private static String name(Path dir) {
        Path last = dir.toAbsolutePath().normalize().getFileName();
        return last == null ? dir.toString() : last.toString();
    }

    private static String place(Path dir) {
        return dir.toAbsolutePath().normalize().toString();
    }

    private static ImageFolder of(FolderListing listing, Path dir, String name, String data) {
        return new ImageFolder(name, dir, new Origin(data, 0, false), listing.classes(), listing.train(), listing.test(), listing.testLabelled(),
            listing.strange(), List.of());
    }

    /** What the data set is called: its folder's name, or {@code groceries12 (built in)}. */
    public String name() {
        return name;
    }

    public Path root() {
        return root;
    }

    /** Where these pictures came from. */
    public Origin origin() {
        return origin;
    }

    /** The class names, in the order of the labels. */
    public List<String> classes() {
        return classes;
    }

    /** The training pictures, class by class. */
    public List<Picture> train() {
        return train;
    }

    /** The test pictures; empty where there are none. Their labels are −1 where they are in no class folders. */
    public List<Picture> test() {
        return test;
    }

    /** Whether there are test pictures, and their classes are known. */
    public boolean testLabelled() {
        return testLabelled;
    }

    /** The contest's {@code sample_submission.csv}, where there is one. */
    public Optional<Path> sampleSubmission() {
        Path file = root.resolve("sample_submission.csv");
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /** Files among the pictures that are no pictures by their name. */
    List<Unreadable> strange() {
        return strange;
    }

    /** What {@link #checked checked(true, …)} has left out, with the reason. */
    public List<Unreadable> unreadable() {
        return unreadable;
    }

    /**
     * Decodes every picture, on all processors, so that a damaged one is known before anything trains.
     *
     * @param skipUnreadable whether to go on without the pictures that cannot be read
     * @return this folder, without them
     * @throws InputException when there are some and they are not to be skipped (it lists the first ten with the reason), or when a class has no
     *     training picture left
     */
    public ImageFolder checked(boolean skipUnreadable, Progress progress) throws InterruptedException {
        List<Picture> all = new ArrayList<>(train);
        all.addAll(test);
        List<Unreadable> found = new ArrayList<>(strange);
        found.addAll(PictureCheck.of(all, progress));
        if (found.isEmpty()) {
            return this;
        }
        if (!skipUnreadable) {
            throw new InputException(PictureCheck.sentence(root, found));
        }
        var lost = new HashSet<Picture>();
        found.forEach(one -> lost.add(one.picture()));
        List<Picture> left = train.stream().filter(picture -> !lost.contains(picture)).toList();
        for (int label = 0; label < classes.size(); label++) {
            int wanted = label;
            if (left.stream().noneMatch(picture -> picture.label() == wanted)) {
                throw new InputException(root + ": no training picture of class " + classes.get(label) + " can be read, the first "
                    + found.stream().filter(one -> one.picture().label() == wanted).findFirst().orElseThrow() + "; every class needs at least one");
            }
        }
        return new ImageFolder(name, root, new Origin(origin.data, origin.perClass, true), classes, left,
            test.stream().filter(picture -> !lost.contains(picture)).toList(), testLabelled, List.of(), found);
    }

    /** The first pictures of every class, so many for training and as many for testing: enough to try a program out. */
    public ImageFolder first(int perClass) {
        return new ImageFolder(name, root, new Origin(origin.data, origin.perClass == 0 ? perClass : Math.min(origin.perClass, perClass), origin.skipUnreadable), classes,
            first(train, perClass), first(test, perClass), testLabelled, strange, unreadable);
    }

    private static List<Picture> first(List<Picture> pictures, int perClass) {
        Map<Integer, Integer> seen = new HashMap<>();
        return pictures.stream().filter(picture -> seen.merge(picture.label(), 1, Integer::sum) <= perClass).toList();
    }

    @Override public String toString() {
        return name + ": " + classes.size() + " classes, " + train.size() + " training pictures, " + test.size() + " test pictures"
            + (test.isEmpty() || testLabelled ? "" : " without labels");
    }
}
