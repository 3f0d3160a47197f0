package graft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import graft.InputException;
import graft.oracle.Formula;
import graft.torch.Libtorch;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

class GradientClippingTest {
    private static final List<String> NAMES = List.of("a", "b", "c");

    @Test
    void equalsPyTorch() throws Exception {
        for (JsonElement element : TrainingOracle.read("training-more.json").getAsJsonArray("clip")) {
            JsonObject one = element.getAsJsonObject();
            try (NDManager manager = Libtorch.manager()) {
                List<NDArray> gradients = NAMES.stream().map(name -> manager.create(Formula.uniform(name + 1, 12)).div(2)).toList();
                double norm = one.get("norm").getAsDouble();
                assertEquals(norm, GradientClipping.norm(gradients), 1e-6 * norm);
                int arrays = manager.getManagedArrays().size();
                assertEquals(norm, new GradientClipping(one.get("max_norm").getAsDouble()).clip(gradients), 1e-6 * norm);
                assertEquals(arrays, manager.getManagedArrays().size(), "nothing stays behind");
                for (int i = 0; i < NAMES.size(); i++) {
                    TrainingOracle.assertClose(one.getAsJsonObject("gradients").get(NAMES.get(i)), gradients.get(i), NAMES.get(i));
                }
            }
        }
    }

    @Test
    void whatIsNotFiniteShows() {
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            try (NDManager manager = Libtorch.manager()) {
                List<NDArray> gradients = Stream.of(1f, odd, 2f).map(manager::create).map(number -> number.reshape(1)).toList();
                assertEquals(Math.abs(odd), GradientClipping.norm(gradients));
                assertEquals(Math.abs(odd), new GradientClipping(1).clip(gradients));
                assertEquals(List.of(1f, odd, 2f), gradients.stream().map(NDArray::getFloat).toList(), "they are left as they are");
            }
        }
        assertThrows(InputException.class, () -> new GradientClipping(0));
    }
}
