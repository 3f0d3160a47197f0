package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import graft.InputException;
import graft.augment.BatchTransform;
import graft.augment.CutMix;
import graft.augment.MixUp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeJsonTest {
    private sealed interface Plan permits Still, Timed { }

    private record Still() implements Plan { }

    private sealed interface Timed extends Plan permits Late, Twice { }

    private enum Mode {
        FAST, SLOW;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private record Late(int epochs, double share, boolean every, String remark, Mode mode, List<Integer> at, Map<Integer, Double> factors) implements Timed {
        Late {
            if (epochs < 0) {
                throw new InputException("epochs is " + epochs + "; 0 or more would be right");
            }
            at = List.copyOf(at);
        }
    }

    private record Pair(long seed, Plan plan) { }

    private record Twice(Plan first, List<Plan> then, Pair pair) implements Timed { }

    private static final TypeToken<Plan> PLAN = TypeToken.get(Plan.class);
    private static final String LATE = "{\"name\":\"Late\",\"epochs\":3,\"share\":0.1,\"every\":true,\"remark\":\"<a>\",\"mode\":\"slow\",\"at\":[1,5],\"factors\":{\"2\":0.5}}";

    private static Late late() {
        return new Late(3, 0.1, true, "<a>", Mode.SLOW, List.of(1, 5), Map.of(2, 0.5));
    }

    @Test
    void recordsAreNamedWithinTheirFamilyOnly() {
        assertEquals(LATE, RecipeJson.write(PLAN, late()).toString());
        Plan twice = new Twice(new Still(), List.of(late(), new Still()), new Pair(Long.MAX_VALUE, late()));
        assertEquals("{\"name\":\"Twice\",\"first\":{\"name\":\"Still\"},\"then\":[" + LATE + ",{\"name\":\"Still\"}],\"pair\":{\"seed\":9223372036854775807,\"plan\":" + LATE + "}}",
            RecipeJson.write(PLAN, twice).toString());
    }

    @Test
    void whatIsWrittenIsReadBack() {
        for (Plan plan : List.of(new Still(), late(), new Late(0, Double.MIN_VALUE, false, null, Mode.FAST, List.of(), Map.of()),
            new Twice(late(), List.of(late(), new Twice(new Still(), List.of(), new Pair(-1, null))), null))) {
            assertEquals(plan, RecipeJson.read(PLAN, JsonParser.parseString(RecipeJson.write(PLAN, plan).toString())));
        }
        TypeToken<List<BatchTransform>> mixing = new TypeToken<>() { };
        List<BatchTransform> both = List.of(new MixUp(0.8), new CutMix(1));
        assertEquals("[{\"name\":\"MixUp\",\"alpha\":0.8},{\"name\":\"CutMix\",\"alpha\":1.0}]", RecipeJson.write(mixing, both).toString());
        assertEquals(both, RecipeJson.read(mixing, RecipeJson.write(mixing, both)));
        assertEquals(new MixUp(1), RecipeJson.read(TypeToken.get(MixUp.class), RecipeJson.write(TypeToken.get(MixUp.class), new MixUp(1))), "as itself, not as one of its family");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"Late\" | \"Never\" | there is no Plan called Never; Still, Late, Twice would be right",
        "\"name\":\"Late\", | | does not name its Plan; Still, Late, Twice would be right",
        "\"Late\" | [] | does not name its Plan; Still, Late, Twice would be right",
        "\"epochs\":3, | | Late is given no epochs; epochs, share, every, remark, mode, at, factors would be right",
        "\"epochs\" | \"epoch\" | Late has no argument epoch; epochs, share, every, remark, mode, at, factors would be right",
        ":3 | :\"3\" | epochs of Late cannot be \"3\"; a whole number would be right",
        ":3 | :null | epochs of Late cannot be null; a whole number would be right",
        ":3 | :99999999999 | epochs of Late cannot be 99999999999; a whole number would be right",
        ":3 | :1.5 | epochs of Late cannot be 1.5; a whole number would be right",
        ":3 | :1e999999999 | epochs of Late cannot be 1e999999999; a whole number would be right",
        ":3 | :-1 | epochs is -1; 0 or more would be right",
        "0.1 | [0.1] | share of Late cannot be [0.1]; a number would be right",
        "true | \"true\" | every of Late cannot be \"true\"; true or false would be right",
        "\"<a>\" | 7 | remark of Late cannot be 7; a text would be right",
        "\"slow\" | \"SLOW\" | there is no Mode called SLOW; fast, slow would be right",
        "\"slow\" | {} | mode of Late cannot be {}; another Mode would be right",
        "[1,5] | 1 | at of Late cannot be 1; another List would be right",
        "[1,5] | null | Late cannot be made of",
        "{\"2\":0.5} | {\"two\":0.5} | factors of Late cannot be {\"two\":0.5}; another Map would be right"})
    void whatIsWrongIsSaid(String from, String to, String sentence) {
        String text = LATE.replace(from, to == null ? "" : to);
        String said = assertThrows(InputException.class, () -> RecipeJson.read(PLAN, JsonParser.parseString(text))).getMessage();
        assertTrue(said.contains(sentence) && !said.contains("\n"), said);
    }

    @Test
    void whatIsNoObjectIsRefused() {
        for (String text : List.of("3", "\"Still\"", "[]", "{}")) {
            assertTrue(assertThrows(InputException.class, () -> RecipeJson.read(PLAN, JsonParser.parseString(text))).getMessage().contains("does not name its Plan"), text);
        }
    }
}
