package graft.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.Progress;
import graft.data.KnownData.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Against a server on this machine. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class KnownDataTest {
    @TempDir Path cache;
    private String before;
    private ArchiveServer server;

    @BeforeEach
    void prepare() throws IOException {
        before = System.getProperty("graft.cache");
        System.setProperty("graft.cache", cache.toString());
        server = new ArchiveServer();
    }

    @AfterEach
    void restore() {
        server.close();
        if (before == null) {
            System.clearProperty("graft.cache");
        } else {
            System.setProperty("graft.cache", before);
        }
    }

    private static ImageFolder open(KnownData data) throws InterruptedException {
        return data.complete(ImageFolder.of(data.folder(Progress.SILENT))).checked(false, Progress.SILENT);
    }

    private static String ids(List<Picture> pictures) {
        return pictures.stream().map(Picture::id).collect(Collectors.joining(" "));
    }

    @Test
    void euroSatBecomesFourFifthsAndOneFifth() throws Exception {
        ImageFolder data = open(TinyData.euroSat(server));
        assertEquals(List.of("Forest", "SeaLake"), data.classes());
        assertEquals("test/Forest/Forest_5.jpg test/SeaLake/SeaLake_105.jpg", ids(data.test()));
        assertEquals("train/Forest/Forest_1.jpg train/Forest/Forest_2.jpg train/Forest/Forest_3.jpg train/Forest/Forest_4.jpg "
            + "train/SeaLake/SeaLake_101.jpg train/SeaLake/SeaLake_102.jpg train/SeaLake/SeaLake_103.jpg train/SeaLake/SeaLake_104.jpg", ids(data.train()));
    }

    @Test
    void petsHaveTheOfficialParts() throws Exception {
        ImageFolder data = open(TinyData.pets(server));
        assertEquals(List.of("Abyssinian", "american_bulldog"), data.classes());
        assertEquals("train/Abyssinian/Abyssinian_2.jpg train/Abyssinian/Abyssinian_100.jpg train/american_bulldog/american_bulldog_3.jpg", ids(data.train()));
        assertEquals("test/Abyssinian/Abyssinian_201.jpg test/american_bulldog/american_bulldog_4.jpg", ids(data.test()));
    }

    @Test
    void flowersHaveTheOfficialPartsAndNames() throws Exception {
        ImageFolder data = open(TinyData.flowers(server));
        assertEquals(List.of("passion flower", "wild pansy"), data.classes());
        assertEquals("train/passion flower/image_00001.jpg train/wild pansy/image_00003.jpg", ids(data.train()));
        assertEquals("test/passion flower/image_00007.jpg test/wild pansy/image_00006.jpg", ids(data.test()));
        assertTrue(Files.exists(data.root().resolve("validation/passion flower/image_00002.jpg")));
        assertTrue(Files.exists(data.root().resolve("validation/wild pansy/image_00005.jpg")));
    }

    @Test
    void imagenetteHasReadableClasses() throws Exception {
        for (KnownData size : List.of(Imagenette.FULL, Imagenette.AT_320, Imagenette.AT_160)) {
            ImageFolder data = open(TinyData.imagenette(server, size));
            assertEquals(List.of("parachute", "tench"), data.classes());
            assertEquals("train/parachute/n03888257_1.JPEG train/tench/ILSVRC2012_val_00000293.JPEG train/tench/n01440764_10026.JPEG", ids(data.train()));
            assertEquals("test/parachute/n03888257_2.JPEG", ids(data.test()));
        }
    }

    @Test
    void groceriesAreKnownByTheirContents() throws Exception {
        KnownData probe = TinyData.groceries(server, "0");
        assertRefused(probe, "holds other pictures than it should");
        // In a shell: find train test validation -type f | LC_ALL=C sort | xargs sha256sum | sha256sum
        byte[] jpeg = Files.readAllBytes(graft.data.Resources.path("odd/rgb.jpg"));
        String lines = Stream.of("test/Leek/Leek_001.jpg", "test/Pink-Lady/Pink-Lady_001.jpg", "train/Leek/Leek_001.jpg", "train/Pink-Lady/Pink-Lady_001.jpg",
            "train/Pink-Lady/Pink-Lady_002.jpg", "validation/Leek/Leek_001.jpg").map(place -> TinyData.digest("SHA-256", jpeg) + "  " + place + "\n").collect(Collectors.joining());
        ImageFolder data = open(TinyData.groceries(server, TinyData.digest("SHA-256", lines.getBytes())));
        assertEquals(List.of("Leek", "Pink-Lady"), data.classes());
        assertEquals("train/Leek/Leek_001.jpg train/Pink-Lady/Pink-Lady_001.jpg train/Pink-Lady/Pink-Lady_002.jpg", ids(data.train()));
        assertEquals("test/Leek/Leek_001.jpg test/Pink-Lady/Pink-Lady_001.jpg", ids(data.test()));
    }

    @Test
    void isDownloadedAndUnpackedOnceAndTheArchiveIsRemoved() throws Exception {
        KnownData data = TinyData.flowers(server);
        assertFalse(data.here());
        Path folder = data.folder(Progress.SILENT);
        assertTrue(data.here());
        server.close();
        assertEquals(folder, data.folder(Progress.SILENT));
        assertEquals(List.of("imagelabels.mat all", "setid.mat all", "102flowers.tgz all"), server.requests);
        assertEquals(Set.of("data", "data/oxford-flowers-102", "data/oxford-flowers-102.lock", "downloads"), below(cache, 2));
        assertEquals(Set.of("CARD.md", "train", "test", "validation"), below(folder, 1));
        String card = Files.readString(folder.resolve("CARD.md"));
        for (Source source : List.of(data.pictures(), data.lists().get(0), data.lists().get(1))) {
            assertTrue(card.contains(source.address()) && card.contains(source.sha256()), card);
        }
        assertTrue(card.contains(data.licence()), card);
    }

    private static Set<String> below(Path folder, int depth) throws IOException {
        try (Stream<Path> all = Files.walk(folder, depth)) {
            return all.filter(path -> !path.equals(folder)).map(path -> folder.relativize(path).toString().replace('\\', '/')).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void progressCountsPictures() throws Exception {
        List<String> shown = new ArrayList<>();
        long[] steps = {0};
        TinyData.euroSat(server).folder((name, total, unit) -> {
            shown.add(name + " " + unit);
            return new Progress.Task() {
                @Override public void step(long count) {
                    steps[0] += shown.get(shown.size() - 1).startsWith("unpacking") ? count : 0;
                }

                @Override public void note(String text) { }

                @Override public void close() { }
            };
        });
        assertEquals(List.of("download bytes", "unpacking pictures"), shown);
        assertEquals(10, steps[0]);
    }

    /** What a refusal leaves: nothing. @return the sentence */
    private String assertRefused(KnownData data, String reason) throws IOException {
        String message = assertThrows(InputException.class, () -> data.folder(Progress.SILENT)).getMessage();
        assertTrue(message.contains(reason), message);
        assertTrue(message.endsWith("--data DIR takes a copy that you have"), message);
        assertFalse(message.contains("\n"), message);
        assertFalse(data.here());
        assertFalse(Files.exists(cache.resolve("data").resolve(data.name() + ".unpacking")));
        return message;
    }

    private KnownData with(KnownData data, Source pictures) {
        return new KnownData(data.name(), data.about(), data.licence(), data.home(), pictures, data.lists(), data.train(), data.validation(), data.test(), data.contents(), data.layout());
    }

    @Test
    void aWrongChecksumIsRefused() throws Exception {
        KnownData data = TinyData.euroSat(server);
        Source right = data.pictures();
        assertRefused(with(data, new Source(right.address(), right.bytes(), "0".repeat(64), right.md5())), "SHA-256 does not begin with 000");
        assertRefused(with(data, new Source(right.address(), right.bytes(), right.sha256(), "0".repeat(32))), "MD5 is not 000");
        assertEquals(Set.of("eurosat", "eurosat/EuroSAT.zip.lock"), below(cache.resolve("downloads"), 2));
        open(data);
    }

    @Test
    void aLongerFileIsRefusedBeforeItFillsTheDisk() throws Exception {
        KnownData data = TinyData.euroSat(server);
        Source right = data.pictures();
        assertRefused(with(data, new Source(right.address(), right.bytes() / 2, right.sha256(), right.md5())), " brings more than the ");
        assertEquals(Set.of("eurosat", "eurosat/EuroSAT.zip.lock"), below(cache.resolve("downloads"), 2));
    }

    @Test
    void tooFewPicturesAreRefused() throws Exception {
        KnownData data = TinyData.of(EuroSat.DATA, server, 9, 0, 2, "", TinyData.euroSatArchive());
        assertTrue(assertRefused(data, "holds 8 training pictures instead of 9").startsWith("EuroSAT.zip from https://github.com/phelber/EuroSAT holds "));
        assertEquals(Set.of(), below(cache.resolve("downloads"), 2));
    }

    @Test
    void aHostileArchiveLeavesNothing() throws Exception {
        Map<String, byte[]> entries = TinyData.entries("2750/Forest/Forest_1.jpg", "2750/../../../evil.jpg");
        assertRefused(TinyData.of(EuroSat.DATA, server, 1, 0, 0, "", Packed.zip(entries)), "that leads out of its folder");
        assertEquals(Set.of("data", "data/eurosat.lock", "downloads"), below(cache, 3));
    }

    @Test
    void aTruncatedArchiveIsRefused() throws Exception {
        byte[] whole = TinyData.euroSatArchive();
        assertRefused(TinyData.of(EuroSat.DATA, server, 8, 0, 2, "", Arrays.copyOf(whole, whole.length / 2)), "is damaged");
        byte[] tgz = Packed.tgz(TinyData.entries("2750/Forest/Forest_1.jpg"));
        assertRefused(TinyData.of(EuroSat.DATA, server, 1, 0, 0, "", Arrays.copyOf(tgz, tgz.length - 20)), "is damaged");
    }

    @Test
    void listsThatDoNotFitAreRefused() throws Exception {
        byte[] noMat = "no MATLAB file".getBytes();
        assertRefused(TinyData.of(OxfordFlowers.DATA, server, 1, 0, 1, "", Packed.tgz(TinyData.entries("jpg/image_00001.jpg")), noMat, noMat), "imagelabels.mat");
        byte[] labels = Files.readAllBytes(graft.data.Resources.path("flowers/imagelabels.mat"));
        assertRefused(TinyData.of(OxfordFlowers.DATA, server, 1, 0, 1, "", Packed.tgz(TinyData.entries("jpg/image_00001.jpg")), labels, labels), "setid.mat that has no numbers called");
        assertRefused(TinyData.of(OxfordPets.DATA, server, 1, 0, 1, "", Packed.tgz(TinyData.entries("images/a_1.jpg")), Packed.tgz(TinyData.entries("annotations/test.txt"))),
            "lacks annotations/trainval.txt");
    }

    @Test
    void aMovedFileIsFollowed() throws Exception {
        KnownData data = TinyData.euroSat(server);
        Source there = data.pictures();
        open(with(data, new Source(server.address("moved/EuroSAT.zip"), there.bytes(), there.sha256(), there.md5())));
        assertEquals(List.of("moved/EuroSAT.zip all", "EuroSAT.zip all"), server.requests);
    }

    @Test
    void withoutNetworkTheWayOutIsSaid() throws Exception {
        KnownData data = TinyData.euroSat(server);
        server.close();
        assertRefused(data, " cannot be reached (");
        assertRefused(with(data, new Source("http://localhost:1/EuroSAT.zip", 10, "", "")), "http://localhost:1/EuroSAT.zip cannot be reached (");
    }

    @Test
    void aFullDiskIsSaidBeforehand() throws Exception {
        KnownData data = TinyData.euroSat(server);
        Source right = data.pictures();
        String message = assertThrows(InputException.class,
            () -> with(data, new Source(right.address(), 1L << 60, right.sha256(), right.md5())).folder(Progress.SILENT)).getMessage();
        assertTrue(message.matches("eurosat needs 2,[0-9,]+ MB while it is unpacked, and there is room for [0-9,]+ MB in .+; make room, or name another folder with GRAFT_CACHE"), message);
        assertEquals(List.of(), server.requests);
    }

    @Test
    void aCacheThatCannotBeWrittenIsSaid() throws Exception {
        System.setProperty("graft.cache", Files.writeString(cache.resolve("file"), "").toString());
        assertTrue(assertRefused(TinyData.euroSat(server), " cannot be written (").contains("GRAFT_CACHE"));
    }

    @Test
    void whatAKilledProcessLeftIsBegunAnew() throws Exception {
        Path half = Files.createDirectories(cache.resolve("data/eurosat.unpacking/train/Forest"));
        Files.writeString(half.resolve("Forest_1.jpg"), "half");
        Files.writeString(half.resolve("mine.jpg"), "half");
        assertEquals(8, open(TinyData.euroSat(server)).train().size());
    }

    @Test
    void anInterruptWhileUnpackingLeavesTheArchive() throws Exception {
        KnownData data = TinyData.euroSat(server);
        Progress interrupting = (name, total, unit) -> {
            if (name.equals("unpacking")) {
                Thread.currentThread().interrupt();
            }
            return Progress.SILENT.start(name, total, unit);
        };
        assertThrows(InterruptedException.class, () -> data.folder(interrupting));
        assertFalse(data.here());
        assertFalse(Files.exists(cache.resolve("data/eurosat.unpacking")));
        assertEquals(8, open(data).train().size());
        assertEquals(List.of("EuroSAT.zip all"), server.requests);
    }

    @Test
    void aPictureThatIsGoneIsNoticed() throws Exception {
        KnownData data = TinyData.euroSat(server);
        ImageFolder whole = open(data);
        Files.delete(whole.train().get(0).file());
        assertEquals(whole.root() + " has 7 training and 2 test pictures instead of 8 and 2; remove it, and it is downloaded anew",
            assertThrows(InputException.class, () -> open(data)).getMessage());
    }

    /** Killed while it downloads: the next process goes on there. Killed while it unpacks: the next one unpacks anew, from the archive that is there. */
    @Test
    void aKillAtAnyTimeLeavesAllOrNothing() throws Exception {
        KnownData data = TinyData.euroSat(server);
        int half = (int) data.pictures().bytes() / 2;
        server.stall = half;
        Process downloading = OtherProcess.start(cache, data, "");
        server.stalled.await();
        Path part = cache.resolve("downloads/eurosat/EuroSAT.zip.part");
        while (!Files.exists(part) || Files.size(part) < half) {
            Thread.sleep(5);
        }
        downloading.destroyForcibly().waitFor();
        assertFalse(data.here());
        server.stall = Integer.MAX_VALUE;
        Process unpacking = OtherProcess.start(cache, data, "stop at picture 3");
        assertEquals("at picture 3", OtherProcess.line(unpacking));
        unpacking.destroyForcibly().waitFor();
        assertEquals(List.of("EuroSAT.zip all", "EuroSAT.zip bytes=" + half + "-"), server.requests);
        assertFalse(data.here());
        assertTrue(Files.exists(cache.resolve("data/eurosat.unpacking")));
        assertEquals(8, open(data).train().size());
        assertEquals(2, server.requests.size());
        assertEquals(Set.of("eurosat", "eurosat.lock"), below(cache.resolve("data"), 1));
    }

    @Test
    void twoProcessesDownloadItOnce() throws Exception {
        KnownData data = TinyData.euroSat(server);
        List<Process> processes = List.of(OtherProcess.start(cache, data, ""), OtherProcess.start(cache, data, ""));
        CountDownLatch started = new CountDownLatch(1);
        Thread here = new Thread(() -> {
            started.countDown();
            try {
                data.folder(Progress.SILENT);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        here.start();
        started.await();
        for (Process process : processes) {
            assertEquals(data.folder(Progress.SILENT).toString(), OtherProcess.line(process));
            assertEquals(0, process.waitFor());
        }
        here.join();
        assertEquals(List.of("EuroSAT.zip all"), server.requests);
        assertEquals(8, open(data).train().size());
    }

    @Test
    void declarationsAreComplete() {
        Set<String> names = new TreeSet<>();
        for (KnownData data : KnownData.all()) {
            assertTrue(data.name().matches("[a-z0-9-]+") && names.add(data.name()), data.name());
            assertTrue(data.train() > 0 && data.test() > 0 && !data.licence().isBlank() && !data.about().isBlank() && data.home().startsWith("https://"), data.name());
            List<Source> sources = new ArrayList<>(data.lists());
            sources.add(data.pictures());
            for (Source source : sources) {
                assertTrue(source.address().startsWith("https://") && source.bytes() > 0, source.address());
                assertTrue(source.sha256().matches("[0-9a-f]{64}") || data.contents().matches("[0-9a-f]{64}"), source.address());
                assertTrue(source.md5().isEmpty() || source.md5().matches("[0-9a-f]{32}"), source.address());
            }
        }
        assertEquals(Set.of("eurosat", "grocery-store", "imagenette", "imagenette-160", "imagenette-320", "oxford-flowers-102", "oxford-iiit-pet"), names);
    }

    /** What the documentation says is what is declared. */
    @Test
    void theReadmeHasEachWithItsChecksums() throws Exception {
        String readme = Files.readString(Path.of("..", "data-README.md"));
        for (KnownData data : KnownData.all()) {
            assertTrue(readme.contains("`--data " + data.name() + "`"), data.name());
            assertTrue(readme.contains(data.home()) && readme.contains(data.licence()), data.name());
            assertTrue(readme.contains(String.format(java.util.Locale.ROOT, "%,d training, %,d test", data.train(), data.test())), data.name());
            List<Source> sources = new ArrayList<>(data.lists());
            sources.add(data.pictures());
            for (Source source : sources) {
                assertTrue(readme.contains(source.address()), source.address());
                assertTrue(readme.contains(source.sha256().isEmpty() ? data.contents() : source.sha256()) && readme.contains(source.md5()), source.address());
            }
        }
    }

    @Test
    void theNamesOfFlowersAreFoldersEverywhere() throws Exception {
        List<String> names = Files.readAllLines(graft.data.Resources.path("oxford-flowers-102.txt"));
        assertEquals(102, Set.copyOf(names).size());
        assertTrue(names.stream().allMatch(name -> name.matches("[a-z][a-z' -]*[a-z]")), names.toString());
        assertEquals("pink primrose", names.get(0));
        assertEquals("blackberry lily", names.get(101));
        assertArrayEquals(names.toArray(), names.stream().map(String::strip).toArray());
    }

    @Test
    void theAnnouncementSaysWhatItTakes() {
        String text = OxfordFlowers.DATA.announcement();
        assertEquals("oxford-flowers-102: 102 kinds of flowers, ten training pictures a kind, 500 pixels on the shorter side · 1,020 training and 6,149 test pictures · "
            + "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/", text.lines().findFirst().orElseThrow());
        assertTrue(text.contains("345 MB are downloaded once, into " + cache.toAbsolutePath().resolve("data")), text);
        assertTrue(text.contains("licence: none is stated"), text);
    }

    @Test
    void theNameIsEnough() throws Exception {
        for (String file : List.of("train/Forest/1.jpg", "train/River/2.jpg", "test/River/3.jpg")) {
            Path picture = cache.resolve("data/eurosat").resolve(file);
            Files.createDirectories(picture.getParent());
            Files.copy(graft.data.Resources.path("odd/rgb.jpg"), picture);
        }
        assertEquals(cache.toAbsolutePath().resolve("data/eurosat") + " has 2 training and 1 test pictures instead of 21,600 and 5,400; remove it, and it is downloaded anew",
            assertThrows(InputException.class, () -> ImageFolder.of("eurosat")).getMessage());
    }

    @Test
    void aFolderOfTheSameNameGoesBefore() {
        assertTrue(KnownData.find("eurosat").isPresent());
        assertTrue(KnownData.find("EuroSAT").isEmpty());
        assertTrue(KnownData.find("src").isEmpty());
        assertTrue(KnownData.find("a\0b").isEmpty());
    }
}
