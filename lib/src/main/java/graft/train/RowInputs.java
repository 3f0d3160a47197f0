package graft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import graft.InputException;
import graft.data.Picture;
import graft.torch.Libtorch;
import graft.torch.Network;
import graft.torch.Program;

import java.util.Arrays;
import java.util.List;

/** What frozen stages, or whole models, made of pictures: a row of numbers each, all rows of an epoch in one array. */
final class RowInputs implements Inputs {
    private static final Program PICK = Program.of("""
          def pick(self: __torch__.Program, all: Tensor, rows: Tensor) -> Tensor:
            return torch.index_select(all, 0, rows)
        """, List.of());

    /** Rows that pass through a network together when it is evaluated. */
    private static final int TOGETHER = 256;

    /** Numbers that a Java array holds. */
    private static final int MOST = Integer.MAX_VALUE - 8;

    /** Where the rows of an epoch come from. */
    @FunctionalInterface
    interface Rows {
        /**
         * @param epoch counted from 0
         * @return {@code [pictures][numbers]}; the same object, or equal ones, where nothing was drawn
         */
        float[][] of(List<Picture> pictures, int epoch) throws InterruptedException;
    }

    private final NDManager manager;
    private final List<Picture> pictures;
    private final Rows rows;
    private final long[] shape;
    private int epoch = -1;
    private float[][] known;
    private NDArray all;

    /**
     * @param shape of one row as the network takes it: {@code [width]}, {@code [channels, height, width]}
     * @throws InputException if all rows are more than an array holds; none was asked for yet
     */
    RowInputs(List<Picture> pictures, Rows rows, long... shape) {
        if (pictures.size() * (double) width(shape) > MOST) {
            throw new InputException(pictures.size() + " training pictures with " + width(shape) + " numbers each are more than the 2 billion that are in memory at once; "
                + "fewer pictures, or --trainable all, would be right");
        }
        this.manager = Libtorch.manager();
        this.pictures = pictures;
        this.rows = rows;
        this.shape = shape;
    }

    @Override
    public List<Picture> pictures() {
        return pictures;
    }

    @Override
    public Batch batch(NDManager to, int[] which, int ofEpoch, int index) throws InterruptedException {
        if (ofEpoch != epoch) {
            load(rows.of(pictures, ofEpoch));
            epoch = ofEpoch;
        }
        try (NDArray picked = manager.create(Arrays.stream(which).asLongStream().toArray())) {
            return new Batch(PICK.detached(to, "pick", List.of(all, picked)).get(0), Arrays.stream(which).map(row -> pictures.get(row).label()).toArray(), null);
        }
    }

    private void load(float[][] next) {
        if (Arrays.equals(known, next)) { // other rows, not other numbers: without random views they are the same all the time
            return;
        }
        if (all != null) {
            all.close();
        }
        all = matrix(manager, next, shape);
        known = next;
    }

    private static long width(long... shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** Rows as an array {@code [rows, …shape]}. */
    static NDArray matrix(NDManager to, float[][] rows, long... shape) {
        int width = Math.toIntExact(width(shape));
        float[] flat = new float[Math.multiplyExact(rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * width, width);
        }
        return to.create(flat, new Shape(rows.length).addAll(new Shape(shape)));
    }

    /** What a network, left in evaluation mode, makes of rows: many at once. */
    static float[][] through(Network network, float[][] rows, long... shape) {
        return through(network, rows, TOGETHER, shape);
    }

    /** The same row by row: what comes out depends on the row alone, to the bit, and not on the rows beside it. */
    static float[][] oneByOne(Network network, float[][] rows, long... shape) {
        return through(network, rows, 1, shape);
    }

    private static float[][] through(Network network, float[][] rows, int together, long... shape) {
        Libtorch.oneThreadAnOperator();
        network.train(false);
        float[][] results = new float[rows.length][];
        for (int first = 0; first < rows.length; first += together) {
            float[][] some = Arrays.copyOfRange(rows, first, Math.min(first + together, rows.length));
            try (NDManager step = Libtorch.manager()) {
                float[] flat = network.forward(step, matrix(step, some, shape)).toFloatArray();
                int width = flat.length / some.length;
                for (int i = 0; i < some.length; i++) {
                    results[first + i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
                }
            }
        }
        return results;
    }

    @Override
    public void close() {
        manager.close();
    }
}
