package graft.data;

/**
 * How alike two pictures are once one is laid over the other as well as possible: mirrored or not, one a part of the other or not. Two numbers:
 * the correlation of their grey values, and that of their details (what is left without the mean of the surroundings). Details tell a copy
 * of a photograph, however it was compressed, resized or cut, from a second photograph of the same thing.
 *
 * @param likeness correlation of grey values, −1 to 1
 * @param detail correlation of details, −1 to 1
 * @param mirrored whether one is the mirror picture of the other
 * @param part which part of one picture the other shows, as a share of its area; 1 is all of it
 */
record Alignment(double likeness, double detail, boolean mirrored, double part) {
    private static final int SIDE = GreyGrid.SIDE;
    private static final int BORDER = 2;
    /** The smallest part that is looked for, as a share of each side. */
    private static final double SMALLEST = 0.86;
    private static final double COARSE = 0.02;
    private static final double FINE = 0.0025;
    /** A picture with fewer pixels on its shorter side is not sharp on the grid. */
    private static final int SHARP = 80;
    /** Below this correlation of grey values, two pictures are not the same, whatever their details. */
    private static final double WORTH_REFINING = 0.5;

    /** A part of a picture: left, top, right, bottom, each 0 to 1. */
    private record Window(double left, double top, double right, double bottom) {
        static final Window ALL = new Window(0, 0, 1, 1);

        boolean valid() {
            return left >= 0 && top >= 0 && right <= 1 && bottom <= 1 && right - left >= SMALLEST && bottom - top >= SMALLEST;
        }

        Window moved(int edge, double by) {
            return new Window(left + (edge == 0 ? by : 0), top + (edge == 1 ? by : 0), right + (edge == 2 ? by : 0), bottom + (edge == 3 ? by : 0));
        }

        double area() {
            return (right - left) * (bottom - top);
        }
    }

    /**
     * Compares two grids of {@link GreyGrid}.
     *
     * @param shorterSide of both pictures, in pixels: one that is smaller than the grid has no details of the grid's size, so larger ones are compared
     */
    static Alignment of(float[] a, float[] b, int shorterSide) {
        float[] mirror = mirror(b);
        Search best = null;
        for (Search search : new Search[] {new Search(a, b, false), new Search(b, a, false), new Search(a, mirror, true), new Search(mirror, a, true)}) {
            search.coarsely();
            if (best == null || search.correlation > best.correlation + 1e-9) {
                best = search;
            }
        }
        return best.correlation < WORTH_REFINING ? new Alignment(best.correlation, 0, best.mirrored, best.window.area()) : best.finely(shorterSide < SHARP ? SIDE / 2 : SIDE);
    }

    /** Looks for the part of {@code whole} that {@code shown} shows. */
    private static final class Search {
        private final float[] whole;
        private final float[] shown;
        private final boolean mirrored;
        private Window window = Window.ALL;
        private double correlation;

        Search(float[] whole, float[] shown, boolean mirrored) {
            this.whole = whole;
            this.shown = shown;
            this.mirrored = mirrored;
        }

        /** Tries squares of every size and place, on half as many rows and columns. */
        void coarsely() {
            float[] coarse = half(shown);
            correlation = correlation(sampled(whole, window, SIDE / 2), coarse);
            for (double side = 1 - COARSE; side >= SMALLEST; side -= COARSE) {
                for (double left = 0; left + side <= 1 + 1e-9; left += COARSE) {
                    for (double top = 0; top + side <= 1 + 1e-9; top += COARSE) {
                        Window tried = new Window(left, top, Math.min(1, left + side), Math.min(1, top + side));
                        double reached = correlation(sampled(whole, tried, SIDE / 2), coarse);
                        if (reached > correlation) {
                            correlation = reached;
                            window = tried;
                        }
                    }
                }
            }
        }

        /** Moves each edge as long as the details agree better, on so many rows and columns. */
        Alignment finely(int side) {
            float[] details = details(side == SIDE ? shown : half(shown), side);
            double finest = correlation(details(sampled(whole, window, side), side), details);
            for (double step = COARSE / 2; step >= FINE; step /= 2) {
                for (boolean better = true; better;) {
                    better = false;
                    for (int move = 0; move < 8; move++) {
                        Window tried = window.moved(move % 4, move < 4 ? step : -step);
                        double reached = tried.valid() ? correlation(details(sampled(whole, tried, side), side), details) : -1;
                        if (reached > finest) {
                            finest = reached;
                            window = tried;
                            better = true;
                        }
                    }
                }
            }
            return new Alignment(correlation(sampled(whole, window, SIDE), shown), finest, mirrored, window.area());
        }
    }

    private static float[] mirror(float[] grid) {
        float[] mirror = new float[grid.length];
        for (int i = 0; i < grid.length; i++) {
            mirror[i] = grid[i / SIDE * SIDE + SIDE - 1 - i % SIDE];
        }
        return mirror;
    }

    /** Half as many rows and columns: means of 2×2. */
    private static float[] half(float[] grid) {
        int side = SIDE / 2;
        float[] half = new float[side * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int at = 2 * y * SIDE + 2 * x;
                half[y * side + x] = (grid[at] + grid[at + 1] + grid[at + SIDE] + grid[at + SIDE + 1]) / 4;
            }
        }
        return half;
    }

    /** A window of a grid on a grid of {@code side}, bilinear. */
    private static float[] sampled(float[] grid, Window window, int side) {
        int[] columns = new int[side];
        float[] shares = new float[side];
        place(window.left, window.right, columns, shares);
        int[] rows = new int[side];
        float[] rowShares = new float[side];
        place(window.top, window.bottom, rows, rowShares);
        float[] sampled = new float[side * side];
        for (int y = 0; y < side; y++) {
            int row = rows[y] * SIDE;
            for (int x = 0; x < side; x++) {
                int at = row + columns[x];
                float above = grid[at] + shares[x] * (grid[at + 1] - grid[at]);
                float below = grid[at + SIDE] + shares[x] * (grid[at + SIDE + 1] - grid[at + SIDE]);
                sampled[y * side + x] = above + rowShares[y] * (below - above);
            }
        }
        return sampled;
    }

    /** Between which cells of the grid each sample lies, and how far from the first. */
    private static void place(double from, double to, int[] cells, float[] shares) {
        for (int i = 0; i < cells.length; i++) {
            double at = (from + (to - from) * (i + 0.5) / cells.length) * SIDE - 0.5;
            cells[i] = Math.max(0, Math.min(SIDE - 2, (int) Math.floor(at)));
            shares[i] = (float) Math.max(0, Math.min(1, at - cells[i]));
        }
    }

    /** What is left of each value without the mean of the 5×5 around it; the border is left out. */
    private static float[] details(float[] grid, int side) {
        int wide = 2 * BORDER + 1;
        float[] rows = new float[grid.length];
        for (int y = 0; y < side; y++) {
            for (int x = BORDER; x < side - BORDER; x++) {
                float sum = 0;
                for (int i = -BORDER; i <= BORDER; i++) {
                    sum += grid[y * side + x + i];
                }
                rows[y * side + x] = sum;
            }
        }
        int inner = side - 2 * BORDER;
        float[] details = new float[inner * inner];
        for (int y = 0; y < inner; y++) {
            for (int x = 0; x < inner; x++) {
                float sum = 0;
                for (int i = 0; i < wide; i++) {
                    sum += rows[(y + i) * side + x + BORDER];
                }
                details[y * inner + x] = grid[(y + BORDER) * side + x + BORDER] - sum / (wide * wide);
            }
        }
        return details;
    }

    /** Pearson's; 0 where one of them is constant. */
    private static double correlation(float[] a, float[] b) {
        double sumA = 0;
        double sumB = 0;
        double squaresA = 0;
        double squaresB = 0;
        double products = 0;
        for (int i = 0; i < a.length; i++) {
            sumA += a[i];
            sumB += b[i];
            squaresA += a[i] * a[i];
            squaresB += b[i] * b[i];
            products += a[i] * b[i];
        }
        double spread = (squaresA - sumA * sumA / a.length) * (squaresB - sumB * sumB / b.length);
        return spread <= 1e-6 ? 0 : (products - sumA * sumB / a.length) / Math.sqrt(spread);
    }
}
