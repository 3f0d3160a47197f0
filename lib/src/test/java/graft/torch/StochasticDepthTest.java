package graft.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

/** A picture is dropped whole, or scaled whole so that the mean stays; in evaluation nothing happens. */
class StochasticDepthTest {
    private static final int COUNT = 400;
    private static final int LENGTH = 2 * 3 * 3;

    private static final class Dropped extends Module {
        @Override
        protected Value forward(Value x) {
            return x.stochasticDepth(0.25);
        }
    }

    @Test
    void picturesAreDroppedWhole() {
        try (NDManager manager = Libtorch.manager(); Network network = Network.load(new Dropped(), new StateDict("nothing"), Precision.FLOAT32)) {
            NDArray ones = manager.ones(new Shape(COUNT, 2, 3, 3));
            float[] y = network.forward(manager, ones).toFloatArray();
            int kept = 0;
            for (int i = 0; i < COUNT; i++) {
                float first = y[i * LENGTH];
                assertTrue(first == 0 || Math.abs(first - 4 / 3.0) < 1e-6, "a factor of " + first);
                for (int k = 1; k < LENGTH; k++) {
                    assertEquals(first, y[i * LENGTH + k]);
                }
                kept += first > 0 ? 1 : 0;
            }
            assertTrue(kept > 250 && kept < 350, kept + " of " + COUNT + " kept where 300 are expected"); // five standard deviations and more
            network.train(false);
            assertArrayEquals(ones.toFloatArray(), network.forward(manager, ones).toFloatArray());
        }
    }
}
