package graft.backbone;

import graft.torch.StateTensor;

/**
 * Swin's tables of biases for relative positions, for windows of another size: timm's {@code resize_rel_pos_bias_table}, after BEiT
 * (Bao et al. 2021, arXiv:2106.08254). The old distances are spread over the new ones as a geometric progression, close together near
 * 0; between them the bias is bilinear.
 */
final class RelativePositions {
    private RelativePositions() { }

    /**
     * The table for another window.
     *
     * @param table {@code [from², heads]}, where {@code from} is an odd number; anything else comes back as it is
     * @param rows how many are wanted: {@code (2·window − 1)²}
     * @return {@code [rows, heads]}
     */
    static StateTensor resized(StateTensor table, long rows) {
        long[] shape = table.shape();
        int from = shape.length == 2 ? (int) Math.round(Math.sqrt(shape[0])) : 0;
        int to = (int) Math.round(Math.sqrt(rows));
        if (from % 2 == 0 || (long) from * from != shape[0] || from == to) {
            return table;
        }
        int heads = Math.toIntExact(shape[1]);
        float[] old = table.toFloats();
        float[] biases = new float[Math.toIntExact(rows * heads)];
        double[] places = places(from, to);
        for (int y = 0; y < to; y++) {
            for (int x = 0; x < to; x++) {
                double top = at(y - to / 2, places);
                double left = at(x - to / 2, places);
                int i = Math.min((int) top, from - 1);
                int j = Math.min((int) left, from - 1);
                int below = Math.min(i + 1, from - 1);
                int right = Math.min(j + 1, from - 1);
                for (int h = 0; h < heads; h++) {
                    double upper = mix(old[(i * from + j) * heads + h], old[(i * from + right) * heads + h], left - j);
                    double lower = mix(old[(below * from + j) * heads + h], old[(below * from + right) * heads + h], left - j);
                    biases[(y * to + x) * heads + h] = (float) mix(upper, lower, top - i);
                }
            }
        }
        return StateTensor.of(biases, rows, heads);
    }

    private static double mix(double a, double b, double share) {
        return a + (b - a) * share;
    }

    /** Where the old distances −from/2 … from/2 lie among the new ones: 0, ±1, ±(1 + q), ±(1 + q + q²), …, the last at ±to/2. */
    private static double[] places(int from, int to) {
        double low = 1.01;
        double high = 1.5;
        double q = 0;
        while (high - low > 1e-6) { // as timm looks for it: no further than from 1.01 to 1.5
            q = (low + high) / 2;
            if ((1 - Math.pow(q, from / 2)) / (1 - q) > to / 2) {
                high = q;
            } else {
                low = q;
            }
        }
        double[] places = new double[from];
        double distance = 0;
        for (int i = 1; i <= from / 2; i++) {
            distance += Math.pow(q, i - 1);
            places[from / 2 + i] = distance;
            places[from / 2 - i] = -distance;
        }
        return places;
    }

    /** The index of a new distance among the old ones, with its fraction; not beyond the first and the last. */
    private static double at(double distance, double[] places) {
        if (distance <= places[0]) {
            return 0;
        }
        for (int i = 1; i < places.length; i++) {
            if (distance <= places[i]) {
                return i - 1 + (distance - places[i - 1]) / (places[i] - places[i - 1]);
            }
        }
        return places.length - 1;
    }
}
