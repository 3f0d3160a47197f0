package graft.plot;

import graft.data.Image;
import graft.eval.HeatMap;

/**
 * A heat map laid over its picture: the stronger a place, the more of the colour, from dark red over orange to pale yellow; elsewhere the
 * picture shows through in grey, so that its own colours are not taken for heat.
 */
final class Overlay {
    private static final int[][] COLOURS = {{0x3B, 0x0F, 0x70}, {0xB7, 0x37, 0x79}, {0xFC, 0x89, 0x61}, {0xFC, 0xFD, 0xBF}}; // the upper part of matplotlib's magma
    private static final double STRONGEST = 0.75;

    private Overlay() { }

    static Image of(Image image, HeatMap map) {
        byte[] pixels = new byte[image.pixels().length];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                double heat = at(map.values(), (y + 0.5) / image.height(), (x + 0.5) / image.width());
                double grey = 0.299 * image.value(y, x, 0) + 0.587 * image.value(y, x, 1) + 0.114 * image.value(y, x, 2);
                for (int c = 0; c < 3; c++) {
                    double share = STRONGEST * heat;
                    pixels[(y * image.width() + x) * 3 + c] = (byte) Math.round((1 - share) * grey + share * colour(heat, c));
                }
            }
        }
        return new Image(image.height(), image.width(), pixels);
    }

    private static double colour(double heat, int channel) {
        double place = Math.min(heat, 1) * (COLOURS.length - 1);
        int low = Math.min((int) place, COLOURS.length - 2);
        return COLOURS[low][channel] + (place - low) * (COLOURS[low + 1][channel] - COLOURS[low][channel]);
    }

    /** Bilinear between the middles of the map's places; {@code down} and {@code right} from 0 to 1. */
    private static double at(float[][] values, double down, double right) {
        double y = Math.max(0, Math.min(values.length - 1, down * values.length - 0.5));
        double x = Math.max(0, Math.min(values[0].length - 1, right * values[0].length - 0.5));
        int top = Math.min((int) y, Math.max(0, values.length - 2));
        int left = Math.min((int) x, Math.max(0, values[0].length - 2));
        int bottom = Math.min(top + 1, values.length - 1);
        int next = Math.min(left + 1, values[0].length - 1);
        double above = values[top][left] + (x - left) * (values[top][next] - values[top][left]);
        double below = values[bottom][left] + (x - left) * (values[bottom][next] - values[bottom][left]);
        return above + (y - top) * (below - above);
    }
}
