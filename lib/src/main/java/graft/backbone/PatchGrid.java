package graft.backbone;

import graft.torch.Interpolation;
import graft.torch.StateTensor;

import java.util.Arrays;

/** The square grid of patches that a transformer's position embeddings belong to. */
final class PatchGrid {
    private PatchGrid() { }

    /**
     * Position embeddings for a grid of another size.
     *
     * @param embedding {@code [1, prefix + side², width]}; anything else comes back as it is
     * @param prefix tokens before the grid, which keep their embedding
     * @param side of the grid that is wanted
     * @return {@code [1, prefix + side², width]}
     */
    static StateTensor resized(StateTensor embedding, int prefix, long side, Interpolation interpolation) {
        long[] shape = embedding.shape();
        int from = shape.length == 3 ? (int) Math.round(Math.sqrt(Math.max(0, shape[1] - prefix))) : 0;
        if (from == 0 || from == side || shape[0] != 1 || shape[1] != prefix + (long) from * from) {
            return embedding;
        }
        int width = Math.toIntExact(shape[2]);
        float[] all = embedding.toFloats();
        float[] grid = interpolation.resize(Arrays.copyOfRange(all, prefix * width, all.length), from, Math.toIntExact(side), width);
        float[] result = Arrays.copyOf(all, prefix * width + grid.length);
        System.arraycopy(grid, 0, result, prefix * width, grid.length);
        return StateTensor.of(result, 1, prefix + side * side, width);
    }
}
