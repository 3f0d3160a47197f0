package graft.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Unpickler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pickles that want more than tensors, or that are not well formed: one sentence each, and nothing runs. */
class HostilePickleTest {
    @TempDir Path folder;

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private Path zip(String pickle) {
        Path file = folder.resolve("hostile.pth");
        new StoredZip().add("archive/data.pkl", latin(pickle)).add("archive/data/0", new byte[24])
                .add("archive/version", latin("3\n")).write(file);
        return file;
    }

    private static String refusal(Path file) {
        String message = assertThrows(InputException.class, () -> StateDict.read(file)).getMessage();
        assertTrue(message.startsWith(file + " "), message);
        assertFalse(message.contains("\n"), message);
        return message.substring(file.toString().length() + 1);
    }

    @ParameterizedTest
    @CsvSource({"evil-zip.pth, posix.system", "evil-legacy.pth, posix.system", "evil-protocol4.pth, posix.system",
        "evil-plain.pth, posix.system", "whole-model.pth, torch.nn.modules.container.Sequential"})
    void filesOfPythonThatAskForCode(String file, String global) throws Exception {
        assertEquals("asks for " + global + ", which a state dict has no use for: only tensors are read, nothing is run",
                refusal(StateDictTest.fixture(file)));
        assertFalse(Files.exists(Path.of("evil-was-here")));
    }

    /** Among them everything that the library would build by itself. */
    static Stream<String> globals() {
        return Stream.of("os system", "builtins eval", "builtins ValueError", "builtins bytearray", "__builtin__ set",
                "operator attrgetter", "decimal Decimal", "datetime datetime", "copy_reg _reconstructor", "array array",
                "_codecs encode", "pytz timezone", "exceptions Exception", "java.lang.Runtime exec", "torch.hub load",
                "torch.storage _load_from_bytes", "torch load", "torch _FooStorage", "torch.Float Storage",
                "collections OrderedDict.clear", "__torch__ Net", "collections.Ordered Dict.x", "numpy.core.multiarray scalar");
    }

    @ParameterizedTest
    @MethodSource("globals")
    void aGlobalThatIsNotOnTheListIsNamed(String global) {
        String[] parts = global.split(" ");
        String expected = "asks for " + parts[0] + "." + parts[1] + ", which";
        String call = "(X\u0001\0\0\0xtR.";
        assertTrue(refusal(zip("\u0080\u0002c" + parts[0] + "\n" + parts[1] + "\n" + call)).startsWith(expected));
        assertTrue(refusal(zip("\u0080\u0004\u008c" + (char) parts[0].length() + parts[0]
                + "\u008c" + (char) parts[1].length() + parts[1] + "\u0093" + call)).startsWith(expected));
    }

    @Test
    void theLibrarysRegistryIsNotAsked() {
        boolean[] ran = {false};
        IObjectConstructor constructor = arguments -> ran[0] = true;
        Unpickler.registerConstructor("graft", "Evil", constructor);
        Unpickler.registerConstructor("collections", "OrderedDict", constructor);
        assertTrue(refusal(zip("\u0080\u0002cgraft\nEvil\n)R.")).startsWith("asks for graft.Evil"));
        refusal(zip("\u0080\u0002ccollections\nOrderedDict\n)RN."));
        assertFalse(ran[0]);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void anOperationThatStateDictsDoNotContainIsRefused(String pickle) {
        assertTrue(refusal(zip(pickle)).matches(
                "uses pickle operation 0x.., which a state dict has no use for: only tensors are read, nothing is run"));
    }

    static Stream<String> operations() {
        return Stream.of("(ios\nsystem\n.", "(S'rm'\nios\nsystem\n.", "\u0082\u0001.", "\u0083\1\0.", "\u0084\1\0\0\0.",
                "(o.", "2.", "0.", "P0\n.", "\u0096\0\0\0\0\0\0\0\u0010.", "\u0097.", "\u008e\0\0\0\0\0\0\0\u0010.",
                "\u008b\u007f\u00ff\u00ff\u00ff.", "L1L\n.", "I1\n.", "B\u007f\u00ff\u00ff\u00ff.", "\u0092.", "\u008f.");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatMakesNoSenseIsDamage(String pickle) {
        assertTrue(refusal(zip("\u0080\u0002" + pickle)).startsWith("is damaged: its pickle breaks off or makes no sense"));
    }

    static Stream<String> malformed() {
        String rebuild = "ctorch._utils\n_rebuild_tensor_v2\n";
        String dict = "ccollections\nOrderedDict\n";
        return Stream.of("", "}", "u.", ".", "t.", "R.", ")R.", "NNR.", "h\u0009.", "c", "cos", "Q.", "NQ.", ")Q.",
                "X\u00ff\u00ff\u00ff\u007f", "X\u00ff\u00ff\u00ff\u00ff", "X\u0010\0\0\0short", "\u008a", "\u008a\u00ffx", "\u008c\u00ffx",
                "]K\1K\1s.", "}(K\1u.", "}]]s.", "}}}s.", "}(((u.", "K\1Nb.", "]Nb.",
                rebuild + "(NK\0(t(ttR.", "(X\7\0\0\0storageNX\1\0\0\0" + "0X\3\0\0\0cpuK\6tQ.",
                rebuild + ")R.", rebuild + "(NNNNtR.", rebuild + "(" + storage("0", 6) + "NNNtR.",
                rebuild + "(" + storage("0", 6) + "K\0((tttR.", dict + "K\1R.", dict + "(K\1tR.", dict + "(]K\1atR.",
                "(X\6\0\0\0moduleNNtQ.", "(X\7\0\0\0storagectorch\nFloatStorage\nNNNtQ.", "\u0080\u0009.",
                "(" + storage("0", 6) + storage("0", 5) + "t.", storage("0", 6).replace("Float", "Long") + storage("0", 6) + ".",
                rebuild + "(" + storage("0", 6) + "K\0(" + "K\1".repeat(65) + "t(" + "K\1".repeat(65) + "ttR.");
    }

    private static String storage(String key, int count) {
        return "(X\7\0\0\0storagectorch\nFloatStorage\nX" + (char) key.length() + "\0\0\0" + key + "X\3\0\0\0cpuK" + (char) count + "tQ";
    }

    private static String tensor(String key, int count, String offset, String shape, String strides) {
        return "}X\1\0\0\0wctorch._utils\n_rebuild_tensor_v2\n(" + storage(key, count) + offset + "(" + shape + "t(" + strides
                + "t\u0089NtRs.";
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void aTensorThatDoesNotFitItsStorageIsNamed(String pickle, String reason) {
        assertEquals("is damaged: w " + reason, refusal(zip("\u0080\u0002" + pickle)));
    }

    static Stream<Arguments> unfit() {
        String max = "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f"; // 2⁶³ − 1
        String two32 = "\u008a\u0005\0\0\0\0\1"; // 2³²
        return Stream.of(
                arguments(tensor("0", 6, "K\0", "K\7", "K\1"), "reaches beyond its storage of 6 elements"),
                arguments(tensor("0", 6, "K\1", "K\2K\3", "K\3K\1"), "reaches beyond its storage of 6 elements"),
                arguments(tensor("0", 6, max, "K\2", "K\1"), "reaches beyond its storage of 6 elements"),
                arguments(tensor("0", 6, "J\u00ff\u00ff\u00ff\u00ff", "K\1", "K\1"), "reaches beyond its storage of 6 elements"),
                arguments(tensor("0", 6, "K\7", "K\0", "K\1"), "reaches beyond its storage of 6 elements"),
                arguments(tensor("0", 6, "K\0", "J\u00ff\u00ff\u00ff\u00ff", "K\1"), "has impossible sizes [-1] or strides [1]"),
                arguments(tensor("0", 6, "K\0", "K\2", "J\u00ff\u00ff\u00ff\u00ff"), "has impossible sizes [2] or strides [-1]"),
                arguments(tensor("0", 6, "K\0", "K\2", ""), "has impossible sizes [2] or strides []"),
                arguments(tensor("0", 6, "K\0", two32 + two32, "K\0K\0"),
                        "has impossible sizes [4294967296, 4294967296] or strides [0, 0]"),
                arguments(tensor("0", 6, "K\0", "K\3", max), "has impossible sizes [3] or strides [" + Long.MAX_VALUE + "]"),
                arguments(tensor("0", 6, "K\0", "K\2K\2", max + max),
                        "has impossible sizes [2, 2] or strides [" + Long.MAX_VALUE + ", " + Long.MAX_VALUE + "]"),
                arguments(tensor("0", 6, "K\0", two32, "K\0"), "repeats its storage of 6 elements to 4294967296"),
                arguments(tensor("0", 7, "K\0", "K\7", "K\1"), "should have 7 stored elements, and the entry data/0 has 24 bytes"),
                arguments(tensor("9", 6, "K\0", "K\1", "K\1"), "has no data: the entry data/9 is missing"),
                arguments(tensor("../version", 6, "K\0", "K\1", "K\1"), "has no data: the entry data/../version is missing"));
    }

    private static Arguments arguments(String pickle, String reason) {
        return Arguments.of(pickle, reason);
    }

    @Test
    void whatIsNoStateDictIsSaid() {
        assertEquals("holds no state dict, that is, names and their tensors", refusal(zip("\u0080\u0002]."))); // a list
        assertEquals("holds no state dict: its entry epoch is not a tensor", refusal(zip("\u0080\u0002}X\5\0\0\0epochK\3s.")));
        assertEquals("holds no state dict: its entry 5 is not a tensor", refusal(zip("\u0080\u0002}K\5K\3s.")));
    }

    @Test
    void bombsEndInASentence() throws Exception {
        String nested = "]".repeat(3_900_000);
        refusal(zip("\u0080\u0002" + nested + "."));
        assertTrue(refusal(zip("\u0080\u0002" + "]".repeat(5_000_000))).contains("more than 4000000 operations"));
        refusal(zip("\u0080\u0002}X\1\0\0\0a" + "}X\1\0\0\0a".repeat(300_000) + "N" + "s".repeat(300_001) + "."));
        // One list of pairs, made a dictionary again and again.
        String pairs = "](" + "](K\1K\2e".repeat(1000) + "eq\1";
        refusal(zip("\u0080\u0002" + pairs + "(" + "ccollections\nOrderedDict\n(h\1tR".repeat(100_000) + "t."));
        // A dictionary that holds itself.
        assertEquals("holds no state dict: its entry a is not a tensor", refusal(zip("\u0080\u0002}q\0X\1\0\0\0ah\0s.")));
        assertTrue(refusal(zip("\u0080\u0002}q\0h\0h\0s.")).startsWith("is damaged"));
    }

    @Test
    void legacyFilesThatLie() throws Exception {
        byte[] good = Files.readAllBytes(StateDictTest.fixture("legacy-module.pth"));
        Path file = folder.resolve("legacy.pth");
        for (int length = 9; length < good.length; length += 7) {
            Files.write(file, java.util.Arrays.copyOf(good, length));
            assertTrue(refusal(file).startsWith("is damaged"), "cut at " + length);
        }
        // The number of elements of the last storage, which are 3 floats at the end.
        for (long count : new long[] {-1, 4, Long.MAX_VALUE, 1L << 62}) {
            byte[] lie = good.clone();
            java.nio.ByteBuffer.wrap(lie).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(lie.length - 20, count);
            Files.write(file, lie);
            assertTrue(refusal(file).startsWith("is damaged or incomplete: its storage "));
        }
        ByteArrayOutputStream other = new ByteArrayOutputStream();
        other.writeBytes(latin("\u0080\u0002K\1.xxxxxxxx"));
        Files.write(file, other.toByteArray());
        assertEquals("is a pickle, but not one that torch.save wrote", refusal(file));
    }

    @Test
    void aTorchScriptArchiveIsNoStateDict() {
        TorchPickle pickle = new TorchPickle();
        byte[] data = pickle.write(TorchPickle.object("__torch__.Net", Map.of("training", true)));
        assertTrue(refusal(zip(new String(data, StandardCharsets.ISO_8859_1))).startsWith("asks for __torch__.Net"));
    }
}
