package graft.eval;

import graft.data.Image;
import java.util.stream.IntStream;

/**
 * Where in a picture a classifier found what it says, on the coarse grid of the network.
 *
 * @param values {@code [rows][columns]}, 0 to 1, 1 at the strongest place; all 0 if nothing speaks for the class
 * @param target the class that is explained
 * @param predicted the class with the highest logit
 */
public record HeatMap(float[][] values, int target, int predicted) {
    /** The map of values that are 0 or more, scaled so that the largest is 1. */
    static HeatMap scaled(float[] places, int rows, int target, int predicted) {
        int columns = places.length / rows;
        float largest = 0;
        for (float value : places) {
            largest = Math.max(largest, value);
        }
        float[][] values = new float[rows][columns];
        for (int i = 0; i < places.length; i++) {
            values[i / columns][i % columns] = largest > 0 ? places[i] / largest : 0;
        }
        return new HeatMap(values, target, predicted);
    }

    /** How many rows {@code places} of a grid with the picture's proportions have. */
    static int rows(int places, Image image) {
        double wanted = Math.sqrt((double) places * image.height() / image.width());
        return IntStream.rangeClosed(1, places).filter(rows -> places % rows == 0).boxed()
            .min((a, b) -> Double.compare(Math.abs(a - wanted), Math.abs(b - wanted))).orElseThrow();
    }

    static int highest(float[] logits) {
        int best = 0;
        for (int c = 1; c < logits.length; c++) {
            best = logits[c] > logits[best] ? c : best;
        }
        return best;
    }
}
