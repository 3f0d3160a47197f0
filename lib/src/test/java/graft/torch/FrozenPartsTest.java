package graft.torch;

import static graft.torch.Layers.batchNorm2d;
import static graft.torch.Layers.conv2d;
import static graft.torch.Layers.linear;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.oracle.Formula;
import graft.oracle.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A network of which only some parameters train. */
class FrozenPartsTest {
    /** A convolution, perhaps its norm, and dropout. */
    private static final class Block extends Module {
        private final Module conv;
        private final Module norm;
        private final double dropout;

        Block(int in, boolean norm, double dropout) {
            conv = child("conv", conv2d(in, 4, 3).padding(1).bias());
            this.norm = norm ? child("norm", batchNorm2d(4)) : null;
            this.dropout = dropout;
        }

        @Override
        protected Value forward(Value x) {
            Value y = conv.of(x);
            return (norm == null ? y : norm.of(y)).relu().dropout(dropout);
        }
    }

    private static final class Blocks extends Module {
        private final Module first;
        private final Module second;
        private final Module fc = child("fc", linear(4, 5).float32());

        Blocks(boolean norm, double dropout) {
            first = child("first", new Block(3, norm, dropout));
            second = child("second", new Block(4, norm, dropout));
        }

        @Override
        protected Value forward(Value x) {
            return fc.of(second.of(first.of(x)).globalAveragePool());
        }
    }

    private static Network network(Module module, Precision precision, Predicate<String> trains) {
        return Network.load(module, Reference.weights(module, 1, 2), precision, trains);
    }

    private static NDArray pictures(NDManager manager) {
        return manager.create(Formula.uniform("pictures", 3 * 3 * 8 * 8), new Shape(3, 3, 8, 8));
    }

    private static Map<String, float[]> gradients(Network network) {
        try (NDManager manager = Libtorch.manager()) {
            NDArray output = network.forwardToDifferentiate(manager, pictures(manager), 0);
            List<NDArray> gradients = network.gradients(manager, output, manager.create(Formula.uniform("loss", 15), output.getShape()));
            List<String> names = new ArrayList<>(network.parameters().keySet());
            Map<String, float[]> found = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                found.put(names.get(i), gradients.get(i).toFloatArray());
            }
            return found;
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void gradientsAreThoseOfTheWholeNetwork(Precision precision) {
        Module module = new Blocks(false, 0);
        try (Network whole = network(module, precision, name -> true); Network part = network(module, precision, name -> name.startsWith("second.") || name.equals("fc.weight"))) {
            Map<String, float[]> expected = gradients(whole);
            Map<String, float[]> found = gradients(part);
            assertEquals(Set.of("second.conv.weight", "second.conv.bias", "fc.weight"), found.keySet());
            found.forEach((name, gradient) -> assertArrayEquals(expected.get(name), gradient, name));
            assertEquals(List.copyOf(module.state().keySet()), List.copyOf(part.state().names()));
        }
    }

    @Test
    void frozenBatchNormsStayAsTheyAre() {
        Module module = new Blocks(true, 0);
        try (NDManager manager = Libtorch.manager(); Network network = network(module, Precision.FLOAT32, name -> name.startsWith("second.") || name.startsWith("fc."))) {
            assertTrue(network.mixesPictures());
            StateDict before = network.state();
            gradients(network);
            network.forward(manager, pictures(manager));
            StateDict after = network.state();
            for (String name : before.names()) {
                boolean moves = name.startsWith("second.norm.running_") || name.equals("second.norm.num_batches_tracked");
                assertEquals(!moves, before.get(name).bytes().equals(after.get(name).bytes()), name);
            }
        }
        try (NDManager manager = Libtorch.manager(); Network head = network(module, Precision.FLOAT32, name -> name.startsWith("fc."))) {
            assertFalse(head.mixesPictures());
            float[] trained = head.forwardToDifferentiate(manager, pictures(manager), 0).toFloatArray();
            head.train(false);
            assertArrayEquals(head.forward(manager, pictures(manager)).toFloatArray(), trained);
        }
    }

    @Test
    void frozenPartsDropNothing() {
        Module module = new Blocks(false, 0.5);
        try (NDManager manager = Libtorch.manager(); Network all = network(module, Precision.FLOAT32, name -> true);
            Network head = network(module, Precision.FLOAT32, name -> name.startsWith("fc."))) {
            assertNotEquals(outputs(manager, all, 1), outputs(manager, all, 2));
            assertEquals(outputs(manager, head, 1), outputs(manager, head, 2));
            head.train(false);
            List<Float> evaluated = outputs(manager, head, 1);
            head.train(true);
            assertEquals(evaluated, outputs(manager, head, 1));
        }
    }

    private static List<Float> outputs(NDManager manager, Network network, long seed) {
        List<Float> values = new ArrayList<>();
        for (float value : network.forwardToDifferentiate(manager, pictures(manager), seed).toFloatArray()) {
            values.add(value);
        }
        return values;
    }
}
