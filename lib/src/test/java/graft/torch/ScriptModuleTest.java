package graft.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.oracle.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TorchScript archives read for their tensors and texts; their code never is. */
class ScriptModuleTest {
    @TempDir Path folder;

    @Test
    void whatIsWrittenIsRead() {
        Module module = new ArchiveTest.Tiny(0.5);
        StateDict state = Reference.weights(module, 1, 2);
        Path file = folder.resolve("tiny.pt");
        Archive.write(module, state, Precision.FLOAT32, Map.of("note.json", "{\"é\": 1}"), file);
        StateDict read = StateDict.read(file);
        assertEquals(module.state().keySet(), read.names());
        for (String name : read.names()) {
            assertArrayEquals(state.get(name).shape(), read.get(name).shape(), name);
            assertArrayEquals(state.get(name).toFloats(), read.get(name).toFloats(), name);
            assertEquals(state.get(name).dtype(), read.get(name).dtype(), name);
        }
        assertEquals(Map.of("note.json", "{\"é\": 1}"), read.metadata());
    }

    @Test
    void textsOfPythonsFilesAreRead() throws Exception {
        assertEquals(Map.of("note.txt", "ein Gruß"), StateDict.read(StateDictTest.fixture("scripted.pt")).metadata());
        assertEquals(Map.of(), StateDict.read(StateDictTest.fixture("zip-module.pth")).metadata());
        Path file = folder.resolve("a.safetensors");
        new StateDict("a").put("w", StateTensor.of(new float[] {1}, 1)).writeSafetensors(file, Map.of("format", "pt", "graft.json", "{}"));
        assertEquals(Map.of("format", "pt", "graft.json", "{}"), StateDict.read(file).metadata());
    }

    private String refusal(String pickle, int extra) {
        Path file = folder.resolve("hostile.pt");
        new StoredZip().add("a/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1)).add("a/constants.pkl", new byte[] {1}).add("a/extra/x", new byte[extra]).write(file);
        String message = assertThrows(InputException.class, () -> StateDict.read(file)).getMessage();
        assertTrue(message.startsWith(file + " ") && !message.contains("\n"), message);
        return message.substring(file.toString().length() + 1);
    }

    @Test
    void hostileArchivesEndInASentence() {
        String net = "c__torch__\nNet\n)\u0081";
        assertEquals("is a TorchScript archive, but holds no module", refusal("\u0080\u0002}.", 0));
        assertTrue(refusal("\u0080\u0002cos\nsystem\n)\u0081.", 0).startsWith("asks for os.system"));
        assertTrue(refusal("\u0080\u0002c__torch__x\nNet\n)\u0081.", 0).startsWith("asks for __torch__x.Net"));
        assertTrue(refusal("\u0080\u0002" + net + "Nb.", 0).startsWith("is damaged"));
        assertTrue(refusal("\u0080\u0002" + net + net + "b.", 0).startsWith("is damaged"));
        // A module that is a part of itself, and one with 2⁶⁰ parts in a few hundred bytes.
        assertTrue(refusal("\u0080\u0002" + net + "q\1}X\1\0\0\0ah\1sb.", 0).startsWith("is no network"));
        StringBuilder doubling = new StringBuilder("\u0080\u0002" + net + "q\0");
        for (char k = 1; k <= 60; k++) {
            doubling.append(net).append("q").append(k).append("}X\1\0\0\0ah").append((char) (k - 1)).append("sX\1\0\0\0bh").append((char) (k - 1)).append("sb");
        }
        assertTrue(refusal(doubling + ".", 0).startsWith("is no network"));
        assertTrue(refusal("\u0080\u0002" + net + "}X\u00ff\u00ff\0\0" + "n".repeat(65535) + "Nsb.", 0).startsWith("is no network"));
    }

    @Test
    void extraFilesThatAreLargeOrNoTextsAreLeftOut() {
        Path file = folder.resolve("extras.pt");
        byte[] pickle = "\u0080\u0002c__torch__\nNet\n)\u0081}b.".getBytes(StandardCharsets.ISO_8859_1);
        new StoredZip().add("a/data.pkl", pickle).add("a/constants.pkl", new byte[] {1}).add("a/extra/large", new byte[(16 << 20) + 1])
            .add("a/extra/binary", new byte[] {(byte) 0xff}).add("a/extra/text", new byte[] {'x'}).write(file);
        assertEquals(Set.of("text"), StateDict.read(file).metadata().keySet());
    }
}
