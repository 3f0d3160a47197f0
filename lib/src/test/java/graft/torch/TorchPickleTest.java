package graft.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.Unpickler;
import org.junit.jupiter.api.Test;

class TorchPickleTest {
    @Test
    void plainValuesAreReadByAnotherLibrary() throws Exception {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("none", null);
        values.put("true", true);
        values.put("false", false);
        values.put("int", -7);
        values.put("long", 1L << 40);
        values.put("min", Long.MIN_VALUE);
        values.put("double", 1e-5);
        values.put("text", "ä\n'");
        values.put("list", List.of(1, List.of(), "x"));
        values.put("map", Map.of("a", 1));
        assertEquals(values, new Unpickler().loads(new TorchPickle().write(values)));
        assertThrows(IllegalArgumentException.class, () -> new TorchPickle().write(Map.of("a", new Object())));
    }

    @Test
    void aTensorThatOccursTwiceIsStoredOnce() {
        StateTensor tied = StateTensor.of(new float[] {1, 2}, 2);
        StateTensor equal = StateTensor.of(new float[] {1, 2}, 2);
        TorchPickle pickle = new TorchPickle();
        pickle.write(Arrays.asList(tied, new TorchPickle.Parameter(tied), equal));
        assertEquals(2, pickle.storages().size());
        assertSame(tied, pickle.storages().get(0));
        assertSame(equal, pickle.storages().get(1));
    }

    @Test
    void onlyAParameterRequiresAGradient() {
        StateTensor tensor = StateTensor.of(new float[] {1}, 1);
        assertTrue(latin(tensor).contains("\u0089ccollections\nOrderedDict\n"));
        assertTrue(latin(new TorchPickle.Parameter(tensor)).contains("\u0088ccollections\nOrderedDict\n"));
    }

    @Test
    void anObjectIsBuiltFromItsAttributes() {
        String object = latin(TorchPickle.object("__torch__.a.Net", Map.of("training", true)));
        assertEquals("\u0080\u0002c__torch__.a\nNet\n)\u0081}(X\u0008\0\0\0training\u0088ub.", object);
    }

    private static String latin(Object value) {
        return new String(new TorchPickle().write(value), StandardCharsets.ISO_8859_1);
    }
}
