package graft.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.oracle.Formula;
import graft.oracle.Reference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class NetworkTest {
    /** Operators as small as these cost more to split over threads than they take. */
    @BeforeAll
    static void oneThread() {
        Libtorch.manager().close();
        Libtorch.oneThreadAnOperator();
    }

    private static Network tiny(Precision precision) {
        ArchiveTest.Tiny module = new ArchiveTest.Tiny(0);
        return Network.load(module, Reference.weights(module, 1, 2), precision);
    }

    private static NDArray pictures(NDManager manager) {
        return manager.create(Formula.uniform("pictures", 4 * 3 * 6 * 5), new Shape(4, 3, 6, 5));
    }

    /** A loss that any output has: its sum, each number weighted differently. */
    private static final float[] WEIGHTS = Formula.uniform("loss", 4 * 5);

    private static double loss(NDArray output) {
        float[] values = output.toFloatArray();
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += (double) values[i] * WEIGHTS[i];
        }
        return sum;
    }

    private static List<NDArray> gradients(NDManager manager, Network network) {
        NDArray output = network.forwardToDifferentiate(manager, pictures(manager), 0);
        return network.gradients(manager, output, manager.create(WEIGHTS, output.getShape()));
    }

    @Test
    void gradientsAreCentralDifferences() {
        for (boolean training : new boolean[] {false, true}) {
            int checked = 0;
            int kinks = 0;
            try (NDManager manager = Libtorch.manager(); Network network = tiny(Precision.FLOAT32)) {
                network.train(training);
                List<NDArray> gradients = gradients(manager, network);
                int index = 0;
                for (var parameter : network.parameters().entrySet()) {
                    float[] gradient = gradients.get(index++).toFloatArray();
                    float[] values = parameter.getValue().toFloatArray();
                    for (int i = 0; i < values.length; i += 5) {
                        float step = 0x1p-11f;
                        double here = lossAt(manager, network, parameter.getValue(), values, i, 0);
                        double up = (lossAt(manager, network, parameter.getValue(), values, i, step) - here) / step;
                        double down = (here - lossAt(manager, network, parameter.getValue(), values, i, -step)) / step;
                        checked++;
                        if (Math.abs(up - down) > 1e-2 * Math.max(1, Math.abs(up))) {
                            kinks++; // a relu bends here
                        } else {
                            assertEquals((up + down) / 2, gradient[i], 1e-2 * Math.max(1, Math.abs(up)), parameter.getKey() + " " + i + (training ? " in training" : " in evaluation"));
                        }
                    }
                    parameter.getValue().set(values);
                }
            }
            assertTrue(kinks < checked / 4, kinks + " of " + checked + " differences are at a kink");
        }
    }

    private static double lossAt(NDManager manager, Network network, NDArray parameter, float[] values, int i, float step) {
        float[] moved = values.clone();
        moved[i] += step;
        parameter.set(moved);
        try (NDManager pass = manager.newSubManager()) {
            return loss(network.forward(pass, pictures(pass)));
        }
    }

    @Test
    void bfloat16GradientsPointTheSameWay() {
        try (NDManager manager = Libtorch.manager(); Network exact = tiny(Precision.FLOAT32); Network half = tiny(Precision.BFLOAT16)) {
            List<NDArray> expected = gradients(manager, exact);
            List<NDArray> actual = gradients(manager, half);
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(expected.get(i).getDataType(), actual.get(i).getDataType());
                float[] difference = expected.get(i).sub(actual.get(i)).toFloatArray();
                double largest = 0;
                for (float value : difference) {
                    largest = Math.max(largest, Math.abs(value));
                }
                assertTrue(largest < 0.1 * expected.get(i).abs().max().getFloat() + 1e-2, i + ": " + largest);
            }
        }
    }

    @Test
    void stateIsWhatWasLoadedInItsOrder() {
        ArchiveTest.Tiny module = new ArchiveTest.Tiny(0);
        StateDict state = Reference.weights(module, 1, 2);
        try (Network network = Network.load(module, state, Precision.BFLOAT16)) {
            StateDict copy = network.state();
            assertEquals(List.copyOf(module.state().keySet()), List.copyOf(copy.names()));
            for (String name : copy.names()) {
                assertEquals(state.get(name).bytes(), copy.get(name).bytes(), name);
                assertArrayEquals(state.get(name).shape(), copy.get(name).shape(), name);
            }
        }
    }

    @Test
    void aTrainingStepLeavesNothingBehind() throws Exception {
        try (NDManager manager = Libtorch.manager(); Network network = tiny(Precision.FLOAT32)) {
            long first = 0;
            int arrays = 0;
            for (int step = 0; step < 200; step++) {
                try (NDManager pass = manager.newSubManager()) {
                    NDArray large = pass.create(new Shape(4, 3, 48, 48)).add(1);
                    NDArray output = network.forwardToDifferentiate(pass, large, 0);
                    List<NDArray> gradients = network.gradients(pass, output, pass.create(WEIGHTS, output.getShape()));
                    assertEquals(network.parameters().size(), gradients.size());
                }
                if (step == 50) {
                    first = residentKilobytes();
                    arrays = manager.getManagedArrays().size();
                }
            }
            assertEquals(arrays, manager.getManagedArrays().size());
            assertEquals(0, arrays);
            long grown = residentKilobytes() - first;
            System.out.println("150 training steps more: " + grown + " KiB more resident");
            // A step makes 1.5 MB of arrays: 150 steps that keep them would be far above this.
            assertTrue(grown < 60_000, grown + " KiB more resident after 150 steps");
        }
    }

    @Test
    void closingFreesTheModuleAndItsArrays() {
        try (NDManager manager = Libtorch.manager()) {
            Network network = tiny(Precision.FLOAT32);
            NDArray weight = network.parameters().get("conv1.weight");
            network.close();
            assertThrows(IllegalStateException.class, weight::toFloatArray);
            assertThrows(IllegalStateException.class, () -> network.forward(manager, pictures(manager)));
        }
    }

    /** What the process has in memory: Linux tells. */
    private static long residentKilobytes() throws Exception {
        Path status = Path.of("/proc/self/status");
        Assumptions.assumeTrue(Files.exists(status), "skipped where the resident memory is not known");
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
    }
}
