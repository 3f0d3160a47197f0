package graft.plot;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds room for the names of groups of points: near the point in its group's middle, where few points or none are covered, and never on
 * another name. All lengths are CSS pixels.
 */
final class PointLabels {
    private static final int LONGEST = 22;
    /** How far from its point a name may be, and in what steps room is looked for. */
    private static final double FARTHEST = 160;
    /** A name that is farther away by this rather covers one more point. */
    private static final double WORTH_A_POINT = 20;
    private static final double STEP = 4;
    private static final double GOLDEN = Math.PI * (3 - Math.sqrt(5));

    /**
     * A name that has found its place.
     *
     * @param x middle of the text
     * @param toX the point that it belongs to
     */
    record Label(int id, String text, double x, double y, double toX, double toY) {
        /** Whether it is so far from its point that a line should join them. */
        boolean moved() {
            return Math.hypot(x - toX, y - toY) > 16;
        }
    }

    private final FontMetrics metrics;
    private final Rectangle2D room;
    private final List<double[]> points;
    private final List<Label> wanted = new ArrayList<>();

    /**
     * @param room where names may be
     * @param points all of them, not to be covered
     */
    PointLabels(Font font, Rectangle2D room, List<double[]> points) {
        Graphics2D g = PlotStyle.graphics(PlotStyle.canvas(1, 1));
        metrics = g.getFontMetrics(font);
        g.dispose();
        this.room = room;
        this.points = points;
    }

    /** @param points of the group, at least one */
    void add(int id, String name, List<double[]> points) {
        double[] middle = points.stream().min(Comparator.comparingDouble(point -> points.stream().mapToDouble(other -> Math.hypot(other[0] - point[0], other[1] - point[1])).sum())).orElseThrow();
        String text = name.length() <= LONGEST ? name : name.substring(0, LONGEST - 1) + "…";
        wanted.add(new Label(id, text, middle[0], middle[1], middle[0], middle[1]));
    }

    /** All names; only where there is no room at all they overlap. */
    List<Label> placed() {
        List<Rectangle2D> taken = new ArrayList<>();
        List<Label> placed = new ArrayList<>();
        for (Label label : wanted) {
            Label free = free(label, taken);
            taken.add(box(free));
            placed.add(free);
        }
        return placed;
    }

    private Label free(Label label, List<Rectangle2D> taken) {
        Label best = label;
        double least = Double.MAX_VALUE;
        for (int step = 0; STEP * Math.sqrt(step) < Math.min(FARTHEST, least * WORTH_A_POINT); step++) { // a spiral from its point outwards
            double away = STEP * Math.sqrt(step);
            Label tried = new Label(label.id, label.text, label.toX + away * Math.cos(step * GOLDEN), label.toY + away * Math.sin(step * GOLDEN), label.toX, label.toY);
            Rectangle2D box = box(tried);
            if (room.contains(box) && taken.stream().noneMatch(box::intersects)) {
                double cost = away / WORTH_A_POINT + points.stream().filter(point -> box.intersects(point[0] - 3, point[1] - 3, 6, 6)).count();
                best = cost < least ? tried : best;
                least = Math.min(least, cost);
            }
        }
        return best;
    }

    private Rectangle2D box(Label label) {
        double width = metrics.stringWidth(label.text) + 4;
        double height = metrics.getAscent() + 1;
        return new Rectangle2D.Double(label.x - width / 2, label.y - height / 2, width, height);
    }
}
