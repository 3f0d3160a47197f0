package graft.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The known answers in the README beside {@code formula.py}. */
class FormulaTest {
    @Test void uniform() {
        assertArrayEquals(new float[] {-0.4902198314666748f, -0.9494080543518066f, -0.07662844657897949f, 0.4290198087692261f},
            Formula.uniform("conv1.weight", 4));
    }

    @Test void stateTensor() {
        float[] weight = Formula.stateTensor("features.0.0.weight", new long[] {32, 3, 3, 3}, 1, 1);
        assertArrayEquals(new float[] {0.1751013994216919f, -0.24026623368263245f, 0.1454835832118988f}, Arrays.copyOf(weight, 3));
        double sum = 0;
        for (float value : weight) {
            sum += value;
        }
        assertEquals(-0.06189146637916565, sum, 1e-6);
    }

    @Test void image() {
        byte[] pixels = Formula.image(90, 120, "image");
        long sum = 0;
        for (byte b : pixels) {
            sum += Byte.toUnsignedInt(b);
        }
        assertEquals(4_119_651, sum);
        assertArrayEquals(new byte[] {94, (byte) 158, 66}, Arrays.copyOf(pixels, 3));
        assertArrayEquals(new byte[] {(byte) 166, 68, 74}, Arrays.copyOfRange(pixels, pixels.length - 3, pixels.length));
    }
}
