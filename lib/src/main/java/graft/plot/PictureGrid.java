package graft.plot;

import graft.InputException;
import graft.augment.Batch;
import graft.augment.BatchTransform;
import graft.augment.Pipeline;
import graft.data.Image;
import graft.data.Picture;
import graft.data.PictureFile;
import graft.data.UnreadablePictureException;
import graft.eval.Explanation;
import graft.eval.HeatMap;
import graft.eval.Mistake;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.font.LineBreakMeasurer;
import java.awt.font.TextAttribute;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.text.AttributedString;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tech.tablesaw.plotly.components.Figure;

/** Pictures with captions, in rows: the worst mistakes, a sample of a data set, views of one picture. */
public final class PictureGrid implements Plot {
    private static final int GAP = 12;
    private static final int LINE = 16;
    /** Of a longer caption the end is left out of the static picture. */
    private static final int MOST_LINES = 2;
    private static final int PER_ROW = 6;

    /**
     * One picture of the grid.
     *
     * @param picture a square thumbnail
     * @param first first line of the caption
     * @param second second line, may be empty
     * @param wrong whether the second line tells of a mistake
     */
    private record Tile(BufferedImage picture, String first, String second, boolean wrong) { }

    private final String title;
    private final List<Tile> tiles = new ArrayList<>();

    private PictureGrid(String title) {
        this.title = title;
    }

    /** An empty grid, to {@link #add} to. */
    public static PictureGrid of(String title) {
        return new PictureGrid(title);
    }

    /**
     * The given mistakes, each with its true class, and below it what it was taken for and how surely.
     *
     * @param set the pictures that they were made on: {@code test}
     */
    public static PictureGrid mistakes(String set, List<Mistake> mistakes) {
        PictureGrid grid = new PictureGrid((mistakes.isEmpty() ? "No mistakes" : "Worst mistakes") + " on the " + set + " pictures");
        for (Mistake m : mistakes) {
            grid.tile(m.file(), m.truth(), String.format(Locale.ROOT, "→ %s (%.0f\u00a0%%)", m.predicted(), 100 * m.probability()), true);
        }
        return grid;
    }

    /** Pictures of a data set, each with its class. */
    public static PictureGrid of(String title, List<Picture> pictures, List<String> classes) {
        PictureGrid grid = new PictureGrid(title);
        pictures.forEach(p -> grid.add(p.file(), p.label() < 0 ? p.id() : classes.get(p.label())));
        return grid;
    }

    /**
     * A picture as it is, and as training sees it under a pipeline in the first epochs.
     *
     * @param epochs how many
     * @throws InputException when the picture cannot be read or does not fit the pipeline
     */
    public static PictureGrid views(Picture picture, Pipeline pipeline, int epochs, long seed) {
        PictureGrid grid = new PictureGrid(picture.id() + ", training views");
        grid.add(picture.file(), "as it is");
        for (int epoch = 0; epoch < epochs; epoch++) {
            grid.add(view(picture, pipeline, seed, epoch), "epoch " + (epoch + 1));
        }
        return grid;
    }

    /**
     * A batch of pictures, and beside each what MixUp or CutMix makes of it.
     *
     * @param pipeline gives all pictures the same size
     * @throws InputException when a picture cannot be read or does not fit the pipeline
     */
    public static PictureGrid mixed(List<Picture> pictures, List<String> classes, Pipeline pipeline, BatchTransform transform, long seed) {
        List<Image> views = pictures.stream().map(picture -> view(picture, pipeline, seed, 0)).toList();
        Batch before = Batch.of(views, pictures.stream().map(Picture::label).toList(), classes.size(), List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
        Batch after = transform.apply(before, seed, 0, 0);
        PictureGrid grid = new PictureGrid(transform.toString());
        for (int i = 0; i < before.count(); i++) {
            grid.add(before.image(i), before.describe(i, classes));
            grid.add(after.image(i), "→ " + after.describe(i, classes));
        }
        return grid;
    }

    /**
     * Pictures as a network sees them, and beside each where it found what it took them for.
     *
     * @param evaluate gives the pictures the network's size
     * @throws InputException when a picture cannot be read
     */
    public static PictureGrid explained(String title, List<Picture> pictures, List<String> classes, Pipeline evaluate, Explanation explanation) {
        PictureGrid grid = new PictureGrid(title);
        for (Picture picture : pictures) {
            Image view = view(picture, evaluate, 0, 0);
            HeatMap map = explanation.of(view, Explanation.PREDICTED);
            grid.add(view, picture.label() < 0 ? picture.id() : classes.get(picture.label()));
            grid.tiles.add(new Tile(Thumbnail.of(Overlay.of(view, map)), "→ " + classes.get(map.target()), "", false));
        }
        return grid;
    }

    private static Image view(Picture picture, Pipeline pipeline, long seed, int epoch) {
        try {
            return pipeline.view(picture, seed, epoch);
        } catch (UnreadablePictureException e) {
            throw new InputException(picture.file() + " cannot be read: " + e.getMessage() + "; a readable picture would be right", e);
        }
    }

    /** Adds a picture; one that cannot be read is a grey tile that says so. */
    public PictureGrid add(Path picture, String caption) {
        return tile(picture, caption, "", false);
    }

    /** Adds a picture that is in memory, of any size: a view that a transform made. */
    public PictureGrid add(Image picture, String caption) {
        tiles.add(new Tile(Thumbnail.of(picture), caption, "", false));
        return this;
    }

    private PictureGrid tile(Path file, String first, String second, boolean wrong) {
        try {
            tiles.add(new Tile(Thumbnail.of(PictureFile.read(file)), first, second, wrong));
        } catch (UnreadablePictureException e) {
            tiles.add(new Tile(Thumbnail.missing(), first, second + " (" + file.getFileName() + ": " + e.getMessage() + ")", true));
        }
        return this;
    }

    public int size() {
        return tiles.size();
    }

    @Override public String describe() {
        return title + ": " + (tiles.size() == 1 ? "1 picture" : tiles.size() + " pictures");
    }

    @Override public List<Figure> figures() {
        return List.of();
    }

    @Override public String imageType() {
        return "image/jpeg";
    }

    @Override public BufferedImage image() {
        int columns = Math.max(1, Math.min(PER_ROW, tiles.size()));
        int rows = (tiles.size() + columns - 1) / columns;
        int width = Math.max(240, GAP + columns * (Thumbnail.SIDE + GAP));
        int caption = LINE * tiles.stream().mapToInt(tile -> lines(tile.first()).size() + lines(tile.second()).size()).max().orElse(0) + 4;
        BufferedImage canvas = PlotStyle.canvas(width, 34 + rows * (Thumbnail.SIDE + caption + GAP));
        Graphics2D g = PlotStyle.graphics(canvas);
        g.setFont(PlotStyle.bold(14));
        line(g, title, GAP, 22, width - 2 * GAP, PlotStyle.TEXT);
        for (int i = 0; i < tiles.size(); i++) {
            int x = GAP + i % columns * (Thumbnail.SIDE + GAP);
            int y = 34 + i / columns * (Thumbnail.SIDE + caption + GAP);
            Tile tile = tiles.get(i);
            g.drawImage(tile.picture(), x, y, Thumbnail.SIDE, Thumbnail.SIDE, null);
            g.setFont(PlotStyle.font(12));
            int baseline = y + Thumbnail.SIDE + 15;
            for (String line : lines(tile.first())) {
                line(g, line, x, baseline, Thumbnail.SIDE, PlotStyle.TEXT);
                baseline += LINE;
            }
            for (String line : lines(tile.second())) {
                line(g, line, x, baseline, Thumbnail.SIDE, tile.wrong() ? PlotStyle.WRONG : PlotStyle.FAINT);
                baseline += LINE;
            }
        }
        g.dispose();
        return canvas;
    }

    /** A caption in lines as wide as a thumbnail, the last of them with all that is left. */
    private static List<String> lines(String caption) {
        List<String> lines = new ArrayList<>();
        String left = caption;
        FontRenderContext exact = new FontRenderContext(null, true, true);
        while (!left.isEmpty() && lines.size() < MOST_LINES - 1) {
            AttributedString text = new AttributedString(left, Map.of(TextAttribute.FONT, PlotStyle.font(12)));
            int end = new LineBreakMeasurer(text.getIterator(), exact).nextOffset(Thumbnail.SIDE);
            lines.add(left.substring(0, end).strip());
            left = left.substring(end).strip();
        }
        if (!left.isEmpty()) {
            lines.add(left);
        }
        return lines;
    }

    /** One line of text, shortened to a width. */
    static void line(Graphics2D g, String text, int x, int y, int width, Color color) {
        FontMetrics metrics = g.getFontMetrics();
        String fitting = text;
        while (metrics.stringWidth(fitting) > width && fitting.length() > 2) {
            fitting = fitting.substring(0, fitting.length() - 2) + "…";
        }
        g.setColor(color);
        g.drawString(fitting, x, y);
    }

    @Override public String html() {
        StringBuilder html = new StringBuilder("<div class=\"graft-grid\" style=\"background:#fff;color:")
            .append(PlotStyle.hex(PlotStyle.TEXT)).append(";padding:10px;border-radius:6px;font:12px/1.35 system-ui,sans-serif\">")
            .append("<div style=\"font-weight:600;font-size:14px;margin-bottom:8px\">").append(Html.escape(title)).append("</div>")
            .append("<div style=\"display:flex;flex-wrap:wrap;gap:").append(GAP).append("px;max-width:").append(PER_ROW * (Thumbnail.SIDE + GAP) - GAP).append("px\">");
        for (Tile tile : tiles) {
            html.append("<figure style=\"margin:0;width:").append(Thumbnail.SIDE).append("px\"><img width=\"").append(Thumbnail.SIDE)
                .append("\" height=\"").append(Thumbnail.SIDE).append("\" alt=\"").append(Html.escape(tile.first() + " " + tile.second()))
                .append("\" src=\"data:image/jpeg;base64,").append(Base64.getEncoder().encodeToString(Thumbnail.jpeg(tile.picture())))
                .append("\"><figcaption style=\"overflow-wrap:anywhere\">").append(Html.escape(tile.first()));
            if (!tile.second().isEmpty()) {
                html.append("<br><span style=\"color:").append(PlotStyle.hex(tile.wrong() ? PlotStyle.WRONG : PlotStyle.FAINT))
                    .append("\">").append(Html.escape(tile.second())).append("</span>");
            }
            html.append("</figcaption></figure>");
        }
        return html.append("</div></div>\n").toString();
    }
}
