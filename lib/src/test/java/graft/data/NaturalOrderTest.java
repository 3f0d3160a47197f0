package graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
    @Test
    void numbersCountAndTextIsByCodePoint() {
        List<String> sorted = List.of("", "0", "01", "1", "2", "9", "10", "11", "100", "99999999999999999999", "100000000000000000000", "A2", "A10",
            "Z", "a", "a 2 b 3", "a 2 b 10", "b", "\u00e4", "\ud83c\udf4e");
        List<String> shuffled = new ArrayList<>(sorted);
        Collections.shuffle(shuffled, new Random(1));
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("sv"));   // where ä sorts after z
            shuffled.sort(NaturalOrder.INSTANCE);
        } finally {
            Locale.setDefault(before);
        }
        assertEquals(sorted, shuffled);
    }

    @Test
    void isAnOrder() {
        List<String> names = List.of("1", "01", "001", "a1", "a01", "a1b", "a01b", "a", "10", "1a");
        for (String a : names) {
            for (String b : names) {
                assertEquals(Integer.signum(NaturalOrder.INSTANCE.compare(a, b)), -Integer.signum(NaturalOrder.INSTANCE.compare(b, a)), a + " " + b);
                assertEquals(a.equals(b), NaturalOrder.INSTANCE.compare(a, b) == 0, a + " " + b);
                for (String c : names) {
                    assertTrue(NaturalOrder.INSTANCE.compare(a, b) > 0 || NaturalOrder.INSTANCE.compare(b, c) > 0
                        || NaturalOrder.INSTANCE.compare(a, c) <= 0, a + " " + b + " " + c);
                }
            }
        }
    }
}
