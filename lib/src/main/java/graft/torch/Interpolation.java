package graft.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import java.util.List;

/** How a grid of vectors is brought to another size: two of the forms of {@code torch.nn.functional.interpolate}. */
public enum Interpolation {
    /** Bicubic; the corners of both grids lie on each other. What torchvision does to position embeddings. */
    BICUBIC_ALIGN_CORNERS("torch.upsample_bicubic2d(x, [size, size], True, None, None)"),
    /** Bicubic with antialias; the borders of both grids lie on each other. What timm does to position embeddings. */
    BICUBIC_ANTIALIAS("torch._upsample_bicubic2d_aa(x, [size, size], False, None, None)");

    private final String code;

    Interpolation(String code) {
        this.code = code;
    }

    /**
     * The grid in another size.
     *
     * @param grid {@code [from, from, width]}
     * @return {@code [to, to, width]}
     */
    public float[] resize(float[] grid, int from, int to, int width) {
        String method = "  def forward(self: __torch__.Program, grid: Tensor, like: Tensor) -> Tensor:\n"
            + "    x = torch.permute(grid, [0, 3, 1, 2])\n    size = torch.size(like, 0)\n"
            + "    return torch.contiguous(torch.permute(" + code + ", [0, 2, 3, 1]))\n";
        try (NDManager manager = Libtorch.manager(); Program program = Program.of(method, List.of())) {
            NDArray x = manager.create(grid, new Shape(1, from, from, width));
            return program.run(manager, "forward", Program.array(x), Program.array(manager.zeros(new Shape(to)))).toFloatArray();
        }
    }
}
