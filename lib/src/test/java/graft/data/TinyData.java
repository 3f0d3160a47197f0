package graft.data;

import graft.data.KnownData.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Archives in the layouts of the known data sets, with a few small pictures, and those data sets with these archives instead of their own. */
final class TinyData {
    private static final byte[] JPEG = resource("odd/rgb.jpg");

    private TinyData() { }

    private static byte[] resource(String name) {
        try {
            return Files.readAllBytes(Resources.path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pictures under these names, and a text under each other name. */
    static Map<String, byte[]> entries(String... names) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (String name : names) {
            entries.put(name, name.toLowerCase(java.util.Locale.ROOT).matches(".*\\.jpe?g") ? JPEG : name.endsWith("/") ? new byte[0] : "text".getBytes());
        }
        return entries;
    }

    /** A declared data set with other files, which the server gets; the counts are those of the tiny archive. */
    static KnownData of(KnownData real, ArchiveServer server, int train, int validation, int test, String contents, byte[] pictures, byte[]... lists) {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < lists.length; i++) {
            sources.add(source(server, real.lists().get(i).file(), lists[i], true));
        }
        return new KnownData(real.name(), real.about(), real.licence(), real.home(), source(server, real.pictures().file(), pictures, contents.isEmpty()), sources,
            train, validation, test, contents, real.layout());
    }

    private static Source source(ArchiveServer server, String name, byte[] file, boolean checked) {
        server.files.put(name, file);
        return new Source(server.address(name), file.length, checked ? digest("SHA-256", file) : "", checked ? digest("MD5", file) : "");
    }

    static String digest(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Two classes of EuroSAT with five pictures each. */
    static KnownData euroSat(ArchiveServer server) {
        return of(EuroSat.DATA, server, 8, 0, 2, "", euroSatArchive());
    }

    static byte[] euroSatArchive() {
        List<String> names = new ArrayList<>(List.of("2750/", "2750/Forest/", "2750/SeaLake/"));
        for (int i = 1; i <= 5; i++) {
            names.add("2750/Forest/Forest_" + i + ".jpg");
            names.add("2750/SeaLake/SeaLake_" + (i + 100) + ".jpg");
        }
        return Packed.zip(entries(names.toArray(String[]::new)));
    }

    static KnownData pets(ArchiveServer server) {
        Map<String, byte[]> lists = entries("annotations/", "annotations/README", "annotations/trimaps/Abyssinian_1.png", "annotations/trimaps/._Abyssinian_1.png");
        lists.put("annotations/trainval.txt", "#Image CLASS-ID SPECIES BREED ID\nAbyssinian_100 1 1 1\nAbyssinian_2 1 1 1\namerican_bulldog_3 2 2 1\n".getBytes());
        lists.put("annotations/test.txt", "Abyssinian_201 1 1 1\namerican_bulldog_4 2 2 1\n".getBytes());
        return of(OxfordPets.DATA, server, 3, 0, 2, "", Packed.tgz(entries("images/", "images/Abyssinian_100.jpg", "images/Abyssinian_2.jpg", "images/Abyssinian_2.mat",
            "images/american_bulldog_3.jpg", "images/Abyssinian_201.jpg", "images/american_bulldog_4.jpg", "images/american_bulldog_5.jpg")), Packed.tgz(lists));
    }

    /** The lists are files that SciPy wrote. */
    static KnownData flowers(ArchiveServer server) {
        Map<String, byte[]> pictures = entries("jpg/");
        for (int i = 1; i <= 7; i++) {
            pictures.put("jpg/image_0000" + i + ".jpg", JPEG);
        }
        return of(OxfordFlowers.DATA, server, 2, 2, 2, "", Packed.tgz(pictures), resource("flowers/imagelabels.mat"), resource("flowers/setid.mat"));
    }

    static KnownData imagenette(ArchiveServer server, KnownData size) {
        String top = size.pictures().file().replace(".tgz", "/");
        return of(size, server, 3, 0, 1, "", Packed.tgz(entries(top, top + "noisy_imagenette.csv", top + ".DS_Store", top + "train/", top + "train/n01440764/",
            top + "train/n01440764/n01440764_10026.JPEG", top + "train/n01440764/ILSVRC2012_val_00000293.JPEG", top + "train/n03888257/n03888257_1.JPEG",
            top + "val/n03888257/n03888257_2.JPEG")));
    }

    static KnownData groceries(ArchiveServer server, String contents) {
        String top = "GroceryStoreDataset-fc80ba90f803d79d0383df52c5a4ac5de99ff6fc/";
        return of(GroceryStore.DATA, server, 3, 1, 2, contents, Packed.zip(entries(top, top + "LICENSE", top + "README.md", top + "sample_images/natural/Lemon.jpg",
            top + "dataset/classes.csv", top + "dataset/train.txt", top + "dataset/iconic-images-and-descriptions/Fruit/Lemon/Lemon_Iconic.jpg",
            top + "dataset/train/Fruit/Apple/Pink-Lady/Pink-Lady_001.jpg", top + "dataset/train/Fruit/Apple/Pink-Lady/Pink-Lady_002.jpg",
            top + "dataset/train/Vegetables/Leek/Leek_001.jpg", top + "dataset/val/Vegetables/Leek/Leek_001.jpg",
            top + "dataset/test/Fruit/Apple/Pink-Lady/Pink-Lady_001.jpg", top + "dataset/test/Vegetables/Leek/Leek_001.jpg")));
    }
}
