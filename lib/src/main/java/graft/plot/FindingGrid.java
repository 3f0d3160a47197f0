package graft.plot;

import graft.data.Finding;
import graft.data.Picture;
import graft.data.PictureFile;
import graft.data.UnreadablePictureException;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.List;
import tech.tablesaw.plotly.components.Figure;

/** Findings of one kind with their pictures: pairs side by side, single ones in rows. */
public final class FindingGrid implements Plot {
    private static final int SIDE = Thumbnail.SIDE;
    private static final int GAP = 16;
    private static final int BETWEEN = 4;
    private static final int CAPTION = 52;
    private static final int WIDE = 6;

    /** A finding with its thumbnails: one or two. */
    private record Card(Finding finding, List<BufferedImage> thumbnails) {
        int width() {
            return thumbnails.size() * (SIDE + BETWEEN) - BETWEEN;
        }
    }

    private final String title;
    private final int total;
    private final List<Card> cards;

    private FindingGrid(String title, int total, List<Card> cards) {
        this.title = title;
        this.total = total;
        this.cards = cards;
    }

    /**
     * The first {@code most} of some findings.
     *
     * @param findings of one kind, each with one or two pictures; those without a picture are left out
     */
    public static FindingGrid of(List<Finding> findings, int most) {
        List<Finding> shown = findings.stream().filter(finding -> !finding.pictures().isEmpty()).toList();
        String title = shown.isEmpty() ? "Nothing found" : Character.toUpperCase(shown.get(0).kind().title().charAt(0)) + shown.get(0).kind().title().substring(1);
        return new FindingGrid(title, shown.size(), shown.stream().limit(most)
            .map(finding -> new Card(finding, finding.pictures().stream().map(FindingGrid::thumbnail).toList())).toList());
    }

    private static BufferedImage thumbnail(Picture picture) {
        try {
            return PictureFile.read(picture.file(), Thumbnail::of);
        } catch (UnreadablePictureException e) {
            return Thumbnail.missing();
        }
    }

    @Override public String describe() {
        return title + (total == 0 ? "" : ": " + (cards.size() < total ? cards.size() + " of " : "") + total);
    }

    @Override public List<Figure> figures() {
        return List.of();
    }

    @Override public String imageType() {
        return "image/jpeg";
    }

    @Override public BufferedImage image() {
        int width = cards.stream().mapToInt(Card::width).max().orElse(SIDE);
        int columns = Math.max(1, Math.min(WIDE * SIDE / width, cards.size()));
        int rows = (cards.size() + columns - 1) / columns;
        BufferedImage canvas = PlotStyle.canvas(Math.max(360, GAP + columns * (width + GAP)), 34 + rows * (SIDE + CAPTION + GAP));
        Graphics2D g = PlotStyle.graphics(canvas);
        g.setColor(PlotStyle.TEXT);
        g.setFont(PlotStyle.bold(14));
        g.drawString(describe(), GAP, 22);
        g.setFont(PlotStyle.font(12));
        for (int i = 0; i < cards.size(); i++) {
            Card card = cards.get(i);
            int x = GAP + i % columns * (width + GAP);
            int y = 34 + i / columns * (SIDE + CAPTION + GAP);
            for (int k = 0; k < card.thumbnails().size(); k++) {
                g.drawImage(card.thumbnails().get(k), x + k * (SIDE + BETWEEN), y, SIDE, SIDE, null);
                PictureGrid.line(g, card.finding().pictures().get(k).id(), x + k * (SIDE + BETWEEN), y + SIDE + 15, SIDE, PlotStyle.TEXT);
            }
            PictureGrid.line(g, card.finding().detail(), x, y + SIDE + 31, card.width(), PlotStyle.WRONG);
        }
        g.dispose();
        return canvas;
    }

    @Override public String html() {
        return html("<div style=\"font-weight:600;font-size:14px;margin-bottom:8px\">" + Html.escape(describe()) + "</div>");
    }

    /** Without the title, for a page that has its own. */
    public String untitled() {
        return html("");
    }

    private String html(String heading) {
        StringBuilder html = new StringBuilder("<div class=\"graft-grid\" style=\"background:#fff;color:").append(PlotStyle.hex(PlotStyle.TEXT))
            .append(";padding:10px;border-radius:6px;font:12px/1.35 system-ui,sans-serif\">").append(heading)
            .append("<div style=\"display:flex;flex-wrap:wrap;gap:").append(GAP).append("px\">");
        for (Card card : cards) {
            html.append("<figure style=\"margin:0;width:").append(card.width()).append("px\"><div style=\"display:flex;gap:").append(BETWEEN).append("px\">");
            for (int k = 0; k < card.thumbnails().size(); k++) {
                String id = Html.escape(card.finding().pictures().get(k).id());
                html.append("<div style=\"width:").append(SIDE).append("px;overflow-wrap:anywhere\"><img width=\"").append(SIDE).append("\" height=\"").append(SIDE)
                    .append("\" alt=\"").append(id).append("\" src=\"data:image/jpeg;base64,")
                    .append(Base64.getEncoder().encodeToString(Thumbnail.jpeg(card.thumbnails().get(k)))).append("\"><br>").append(id.replace("/", "/<wbr>")).append("</div>");
            }
            html.append("</div><figcaption style=\"overflow-wrap:anywhere;color:").append(PlotStyle.hex(PlotStyle.WRONG)).append("\">")
                .append(Html.escape(card.finding().detail())).append("</figcaption></figure>");
        }
        return html.append("</div></div>\n").toString();
    }
}
