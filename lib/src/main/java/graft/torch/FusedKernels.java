package graft.torch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Whether this machine's libtorch has oneDNN's convolutions and linear layers with fused activations and sums. They are the ones that
 * {@code torch.compile} uses, and need an x86-64 processor, for bfloat16 one with AVX-512. Where they are missing, the same
 * network runs on the plain operators.
 */
final class FusedKernels {
    private static final Map<Precision, Boolean> KNOWN = new EnumMap<>(Precision.class);

    private FusedKernels() { }

    /** Tries a small convolution and a small linear layer, once for each precision. */
    static synchronized boolean available(Precision precision) {
        return KNOWN.computeIfAbsent(precision, FusedKernels::run);
    }

    private static boolean run(Precision precision) {
        String to = ".to(" + precision.scalarType() + ")";
        String method = "  def forward(self: __torch__.Program, x: Tensor, w: Tensor) -> Tensor:\n"
            + "    y = ops.mkldnn._convolution_pointwise(x" + to + ", w" + to + ", None, [0, 0], [1, 1], [1, 1], 1, \"relu\", annotate(List[Optional[number]], []), \"\")\n"
            + "    z = ops.mkldnn._linear_pointwise(x" + to + ", ops.mkldnn._reorder_linear_weight(torch.contiguous(torch.ones([2, 2])" + to + "), None), None, \"gelu\", annotate(List[Optional[number]], []), \"none\")\n"
            + "    return torch.add(y.to(6), torch.mul(z.to(6), 0.))\n";
        try (NDManager manager = Libtorch.manager(); Program program = Program.of(method, List.of())) {
            NDArray y = program.run(manager, "forward", Program.array(manager.ones(new Shape(1, 1, 2, 2))), Program.array(manager.ones(new Shape(1, 1, 1, 1))));
            return y.sum().getFloat() == 4f;
        } catch (EngineException | IllegalArgumentException missing) {
            return false;
        }
    }
}
