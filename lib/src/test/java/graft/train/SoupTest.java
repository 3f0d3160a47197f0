package graft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import graft.InputException;
import graft.oracle.Ensembles;
import graft.oracle.Formula;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoupTest {
    private static final Map<String, long[]> SHAPES = Map.of("0.weight", new long[] {3, 2, 1, 1}, "0.bias", new long[] {3}, "1.weight", new long[] {3},
        "1.bias", new long[] {3}, "1.running_mean", new long[] {3}, "1.running_var", new long[] {3});

    private static StateDict network(int k) {
        StateDict state = new StateDict("network " + k);
        SHAPES.forEach((name, shape) -> state.put(name, StateTensor.of(Formula.uniform("soup " + k + " " + name, (int) (shape.length == 4 ? 6 : 3)), shape)));
        return state.put("1.num_batches_tracked", StateTensor.of(new long[] {7 * (k + 1)}));
    }

    private static final List<StateDict> THREE = IntStream.range(0, 3).mapToObj(SoupTest::network).toList();

    /** {@code torch.optim.swa_utils.AveragedModel(net, use_buffers=True)}. */
    @Test
    void equalsPyTorch() throws Exception {
        StateDict soup = Soup.uniform(THREE);
        JsonObject expected = Ensembles.json().getAsJsonObject("soup");
        assertEquals(SHAPES.keySet(), expected.keySet());
        for (String name : expected.keySet()) {
            assertArrayEquals(SHAPES.get(name), soup.get(name).shape());
            double[] values = new Gson().fromJson(expected.get(name), double[].class);
            float[] ours = soup.get(name).toFloats();
            assertEquals(values.length, ours.length);
            for (int i = 0; i < values.length; i++) {
                assertEquals(values[i], ours[i], 1e-7, name);
            }
        }
        assertArrayEquals(new long[] {7}, soup.get("1.num_batches_tracked").toLongs());
        assertEquals(List.copyOf(THREE.get(0).names()), List.copyOf(soup.names()));
    }

    @Test
    void networksOfDifferentKindsHaveNoMean() {
        StateDict more = network(1).put("2.weight", StateTensor.of(new float[1], 1));
        StateDict wider = network(1).put("0.bias", StateTensor.of(new float[4], 4));
        for (StateDict other : List.of(more, wider)) {
            String refused = assertThrows(InputException.class, () -> Soup.uniform(List.of(network(0), other))).getMessage();
            assertTrue(refused.startsWith("network 1 "), refused);
        }
    }
}
