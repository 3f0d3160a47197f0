package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import graft.Limits;
import graft.torch.Program;

import java.util.List;

/**
 * Gradients that are long together are made shorter: {@code torch.nn.utils.clip_grad_norm_}, Pascanu et al. 2012 (arXiv:1211.5063).
 *
 * @param maxNorm the Euclidean norm that all gradients together may have, above 0
 */
public record GradientClipping(double maxNorm) {
    private static final Program PROGRAM = Program.of("""
          def norm(self: __torch__.Program, g: List[Tensor]) -> Tensor:
            return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(g)))
          def clip(self: __torch__.Program, g: List[Tensor], most: float) -> Tensor:
            norm = self.norm(g)
            factor = float(torch.reciprocal(norm + 1e-6) * most)
            if factor > 0 and factor < 1:
              torch._foreach_mul_(g, factor)
            return norm
        """, List.of());

    public GradientClipping {
        Limits.positive("the largest norm of gradients", maxNorm);
    }

    /**
     * Shortens gradients in place.
     *
     * @param gradients at least one
     * @return their norm before; if it is not finite, they are left as they are, for the caller to see
     */
    public double clip(List<NDArray> gradients) {
        return number(gradients, "clip", Program.arrays(gradients), IValue.from(maxNorm));
    }

    /** The Euclidean norm of all gradients together; not finite if one of their numbers is not. */
    public static double norm(List<NDArray> gradients) {
        return number(gradients, "norm", Program.arrays(gradients));
    }

    private static double number(List<NDArray> gradients, String method, IValue... arguments) {
        try (NDManager manager = gradients.get(0).getManager().newSubManager()) {
            return PROGRAM.run(manager, method, arguments).getFloat();
        }
    }

    @Override
    public String toString() {
        return "gradients clipped to a norm of " + maxNorm;
    }
}
