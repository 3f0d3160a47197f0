package graft.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The known answers that come with the reference values. */
class FormulaTest {
    @Test
    void uniform() {
        assertArrayEquals(new float[] {-0.4902198314666748f, -0.9494080543518066f, -0.07662844657897949f, 0.4290198087692261f}, Formula.uniform("conv1.weight", 4));
    }

    @Test
    void stateTensor() {
        float[] tensor = Formula.stateTensor("features.0.0.weight", new long[] {32, 3, 3, 3}, 1, 1);
        double sum = 0;
        for (float value : tensor) {
            sum += value;
        }
        assertEquals(0.1751013994216919f, tensor[0]);
        assertEquals(-0.24026623368263245f, tensor[1]);
        assertEquals(0.1454835832118988f, tensor[2]);
        assertEquals(-0.06189146637916565, sum, 1e-12);
    }

    @Test
    void image() {
        byte[] pixels = Formula.image(90, 120, "image");
        long sum = 0;
        for (byte value : pixels) {
            sum += value & 0xff;
        }
        assertArrayEquals(new byte[] {94, (byte) 158, 66}, new byte[] {pixels[0], pixels[1], pixels[2]});
        assertArrayEquals(new byte[] {(byte) 166, 68, 74}, new byte[] {pixels[pixels.length - 3], pixels[pixels.length - 2], pixels[pixels.length - 1]});
        assertEquals(4_119_651, sum);
    }
}
