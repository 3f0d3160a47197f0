package graft.data;

import graft.InputException;
import graft.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A published data set, known by its name: where it is, how its files are told to be the right ones, and how they become
 * {@code train/<class>/…} and {@code test/<class>/…}. It is downloaded and unpacked once, into the cache's folder {@code data};
 * an official validation part lies beside as {@code validation/<class>/…}, which {@link ImageFolder} does not read.
 *
 * @param name what a person calls it: {@code oxford-flowers-102}
 * @param about what it shows, in a few words
 * @param licence the licence of the pictures
 * @param home the page that describes it
 * @param pictures the archive of the pictures
 * @param lists smaller files that say which picture is of which class and part; none where folders say it
 * @param train how many training pictures there are
 * @param validation how many pictures the official validation part has, where there is one
 * @param test how many test pictures there are
 * @param contents the SHA-256 of the unpacked files ({@link FolderDigest}), where that of the archive says nothing: an archive that is packed anew
 *     for every download; empty elsewhere
 * @param layout where the pictures go
 */
public record KnownData(String name, String about, String licence, String home, Source pictures, List<Source> lists, int train, int validation, int test,
                        String contents, Layout layout) {
    /**
     * A file to download.
     *
     * @param bytes its length; about that for an archive that is packed anew for every download
     * @param sha256 empty for such an archive only
     * @param md5 where one is published, beside the SHA-256 that was published elsewhere; else empty
     */
    public record Source(String address, long bytes, String sha256, String md5) {
        String file() {
            return address.substring(address.lastIndexOf('/') + 1);
        }
    }

    /** How the names in the archive become places in the folder. */
    @FunctionalInterface public interface Layout {
        /**
         * @param lists the downloaded lists, in the order in which they are declared
         * @return the place of an entry of the archive, such as {@code train/kiwi/3.jpg}; {@code null} for what is not needed
         */
        UnaryOperator<String> places(List<Path> lists) throws IOException, InterruptedException;
    }

    /** Pictures hardly compress; an archive of them that unpacks to more than this many times its size is none. */
    private static final int RATIO = 2;

    private static final String WAY_OUT = "--data DIR takes a copy that you have";

    /** One at a time in this process; other processes are kept out by a lock on a file. */
    private static final ReentrantLock ONE = new ReentrantLock();

    /** Apart, because the declarations are made of this class. */
    private static final class Declared {
        static final List<KnownData> ALL = List.of(EuroSat.DATA, GroceryStore.DATA, Imagenette.FULL, Imagenette.AT_320, Imagenette.AT_160, OxfordFlowers.DATA,
            OxfordPets.DATA);
    }

    /** All of them, by name. */
    public static List<KnownData> all() {
        return Declared.ALL;
    }

    /** The data set of that name; none if there is none, or if a folder of the same name lies here: then that is what is meant. */
    public static Optional<KnownData> find(String name) {
        return all().stream().filter(one -> one.name.equals(name) && !Files.isDirectory(Path.of(name))).findFirst();
    }

    /** Their names in one line, to choose from. */
    static String names() {
        return all().stream().map(KnownData::name).collect(Collectors.joining(", "));
    }

    /** Whether {@link #folder} needs no download. */
    public boolean here() {
        return Files.isDirectory(place());
    }

    /** What a person should know before it is downloaded: what it is, how large, under which licence, and where it will be. */
    public String announcement() {
        return String.format(Locale.ROOT, "%s: %s · %,d training and %,d test pictures · %s%n%,d MB are downloaded once, into %s%nlicence: %s",
            name, about, train, test, home, megabytes(bytes()), place(), licence);
    }

    /** The length of everything that is downloaded, in bytes. */
    public long bytes() {
        return pictures.bytes + lists.stream().mapToLong(Source::bytes).sum();
    }

    private static long megabytes(long bytes) {
        return Math.max(1, Math.round(bytes / 1e6));
    }

    private Path place() {
        return Cache.folder().toAbsolutePath().normalize().resolve("data").resolve(name);
    }

    /**
     * The folder with the unpacked data set. Unless it is there it is downloaded (going on where an earlier download broke off), checked
     * and unpacked beside its place, then renamed: nobody ever sees half of it. Processes that ask at the same time do this once.
     *
     * @throws InputException if it cannot be had, saying why and what to do
     * @throws InterruptedException if the thread is interrupted; what has been downloaded is kept
     */
    public Path folder(Progress progress) throws InterruptedException {
        Path folder = place();
        if (here()) {
            return folder;
        }
        ONE.lockInterruptibly();
        try {
            Files.createDirectories(folder.getParent());
            try (FileChannel channel = FileChannel.open(folder.resolveSibling(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                 FileLock lock = lock(channel, progress)) {
                if (!here()) { // it may have come while we waited for the lock
                    make(folder, progress);
                }
            }
            return folder;
        } catch (ClosedByInterruptException | FileLockInterruptionException interrupted) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException failed) {
            throw new InputException("%s cannot be written (%s); GRAFT_CACHE can name another folder, and %s".formatted(folder, reason(failed), WAY_OUT), failed);
        } finally {
            ONE.unlock();
        }
    }

    private static FileLock lock(FileChannel channel, Progress progress) throws IOException {
        FileLock free = channel.tryLock();
        if (free != null) {
            return free;
        }
        try (Progress.Task task = progress.start("waiting", 1, "process that downloads it already")) {
            FileLock lock = channel.lock();
            task.step(1);
            return lock;
        }
    }

    private static String reason(IOException failed) {
        return failed instanceof FileSystemException system && system.getReason() != null ? system.getReason() : String.valueOf(failed.getMessage());
    }

    private void make(Path folder, Progress progress) throws IOException, InterruptedException {
        Path downloads = Cache.folder().toAbsolutePath().normalize().resolve("downloads").resolve(name);
        requireRoom(folder, downloads);
        Path beside = folder.resolveSibling(name + ".unpacking");
        try {
            BuiltIn.delete(beside); // what a process left that was killed
            Files.createDirectory(beside);
            List<Path> files = new ArrayList<>();
            for (Source list : lists) {
                files.add(download(list, downloads, progress));
            }
            Path archive = download(pictures, downloads, progress);
            Set<String> places = Extraction.into(beside, new ArchiveFile(archive, RATIO), layout.places(files), train + validation + test, progress);
            check(places, "train/", train, "training");
            check(places, "validation/", validation, "validation");
            check(places, "test/", test, "test");
            if (!contents.isEmpty() && !FolderDigest.of(beside, places).equals(contents)) {
                throw new BadArchiveException("holds other pictures than it should");
            }
            Files.writeString(beside.resolve("CARD.md"), card());
            Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
            BuiltIn.delete(downloads);
        } catch (BadArchiveException bad) {
            BuiltIn.delete(downloads);
            throw new InputException("%s from %s %s; the download was removed: try again, or %s".formatted(pictures.file(), home, bad.getMessage(), WAY_OUT), bad);
        } finally {
            BuiltIn.delete(beside);
        }
    }

    private static Path download(Source source, Path downloads, Progress progress) throws InterruptedException {
        return new Download(URI.create(source.address), source.sha256, source.md5, source.bytes + source.bytes / 20, downloads.resolve(source.file()), WAY_OUT)
            .run(progress);
    }

    private void check(Set<String> places, String part, int wanted, String called) throws BadArchiveException {
        long found = places.stream().filter(place -> place.startsWith(part)).count();
        if (found != wanted) {
            throw new BadArchiveException(String.format(Locale.ROOT, "holds %,d %s pictures instead of %,d", found, called, wanted));
        }
    }

    /** Before an hour of downloading, not after it: the archive and what it unpacks to need room at the same time. */
    private void requireRoom(Path folder, Path downloads) throws IOException {
        Path part = downloads.resolve(pictures.file() + ".part");
        long needed = bytes() + pictures.bytes + pictures.bytes / 10 - (Files.exists(part) ? Files.size(part) : 0);
        long room = Files.getFileStore(folder.getParent()).getUsableSpace();
        if (room < needed) {
            throw new InputException(String.format(Locale.ROOT,
                "%s needs %,d MB while it is unpacked, and there is room for %,d MB in %s; make room, or name another folder with GRAFT_CACHE",
                name, megabytes(needed), room / 1_000_000, folder.getParent()));
        }
    }

    /** This data set's folder, if it still holds what was unpacked. */
    ImageFolder complete(ImageFolder folder) {
        if (folder.train().size() != train || folder.test().size() != test) {
            throw new InputException(String.format(Locale.ROOT, "%s has %,d training and %,d test pictures instead of %,d and %,d; remove it, and it is downloaded anew",
                folder.root(), folder.train().size(), folder.test().size(), train, test));
        }
        return folder;
    }

    private String card() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "# %s%n%s: %,d training and %,d test pictures.%n%n- Home: %s%n- Licence: %s%n",
            name, about, train, test, home, licence));
        for (Source source : lists) {
            text.append(from(source));
        }
        return text.append(from(pictures)).toString();
    }

    private String from(Source source) {
        return "- From %s, SHA-256 %s%n".formatted(source.address, source.sha256.isEmpty() ? "of the unpacked pictures " + contents : source.sha256);
    }

    /** Reads as its name. */
    @Override public String toString() {
        return name;
    }
}
