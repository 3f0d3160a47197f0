package graft.backbone;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import graft.InputException;
import graft.torch.DType;
import graft.torch.StateDict;
import graft.torch.StateTensor;
import org.junit.jupiter.api.Test;

import java.util.function.Predicate;

class WeightFitTest {
    private static final Backbone RESNET = Backbones.create("resnet18", 1000);

    /** Zeros under the names and shapes of a backbone, without the entries that a test leaves out. */
    private static StateDict weights(String backbone, Predicate<String> without) {
        StateDict state = new StateDict("weights.pth");
        Backbones.create(backbone, 1000).state().forEach((name, entry) -> {
            long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
            int count = Math.toIntExact(entry.count());
            if (!without.test(name)) {
                state.put(name, entry.type() == DType.INT64 ? StateTensor.of(new long[count], shape) : StateTensor.of(new float[count], shape));
            }
        });
        return state;
    }

    private static String message(StateDict state, boolean withHead) {
        return assertThrows(InputException.class, () -> WeightFit.check(RESNET, state, withHead)).getMessage();
    }

    @Test
    void whatFitsFits() {
        assertDoesNotThrow(() -> WeightFit.check(RESNET, weights("resnet18", name -> false), true));
        assertDoesNotThrow(() -> WeightFit.check(RESNET, weights("resnet18", name -> name.endsWith(".num_batches_tracked")), true));
    }

    @Test
    void weightsOfAnotherBackboneAreRecognised() {
        assertEquals("the weights in weights.pth do not fit resnet18: 102 of its 122 entries are missing (the first: conv1.weight);"
            + " 314 are unexpected (the first: features.0.0.weight); they fit mobilenet_v2", message(weights("mobilenet_v2", name -> false), true));
    }

    @Test
    void whatIsMissingIsNamed() {
        assertEquals("the weights in weights.pth do not fit resnet18: 2 of its 122 entries are missing (the first: layer2.0.bn1.bias)",
            message(weights("resnet18", name -> name.startsWith("layer2.0.bn1.bias") || name.equals("layer3.1.conv2.weight")), true));
    }

    @Test
    void whatIsMisshapenIsNamed() {
        StateDict state = weights("resnet18", name -> false).put("layer1.0.conv1.weight", StateTensor.of(new float[64 * 64], 64, 64, 1, 1));
        assertEquals("the weights in weights.pth do not fit resnet18: 1 have another shape (the first: layer1.0.conv1.weight is [64, 64, 1, 1] where [64, 64, 3, 3] is wanted)",
            message(state, true));
    }

    @Test
    void integersWhereNumbersWithAPointAreWantedAreNamed() {
        StateDict state = weights("resnet18", name -> false).put("fc.weight", StateTensor.of(new long[1000 * 512], 1000, 512));
        assertEquals("the weights in weights.pth do not fit resnet18: 1 have another type (the first: fc.weight is INT64 where FLOAT32 is wanted)", message(state, true));
        assertDoesNotThrow(() -> WeightFit.check(RESNET, state, false));
    }

    @Test
    void whatIsUnexpectedIsNamed() {
        StateDict state = weights("resnet18", name -> false).put("layer5.weight", StateTensor.of(new float[1], 1));
        assertEquals("the weights in weights.pth do not fit resnet18: 1 are unexpected (the first: layer5.weight)", message(state, true));
    }

    @Test
    void theHeadCounts() {
        StateDict headless = weights("resnet18", name -> name.startsWith("fc."));
        assertDoesNotThrow(() -> WeightFit.check(RESNET, headless, false));
        assertEquals("the weights in weights.pth do not fit resnet18: 2 of its 122 entries are missing (the first: fc.weight)", message(headless, true));
        StateDict other = weights("resnet18", name -> false).put("fc.weight", StateTensor.of(new float[10 * 512], 10, 512)).put("fc.bias", StateTensor.of(new float[10], 10));
        assertDoesNotThrow(() -> WeightFit.check(RESNET, other, false));
        assertEquals("the weights in weights.pth do not fit resnet18: 2 have another shape (the first: fc.weight is [10, 512] where [1000, 512] is wanted)", message(other, true));
    }
}
