package graft.plot;

import graft.InputException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;

/**
 * The one look of all plots: Okabe and Ito's colours, which colour-blind readers can tell apart, on a white card, with
 * few and faint lines. Also where AWT is made ready: headless, and with a font.
 */
final class PlotStyle {
    static final Color TEXT = new Color(0x33, 0x38, 0x40);
    static final Color FAINT = new Color(0x6B, 0x72, 0x80);
    static final Color GRID = new Color(0xE5, 0xE7, 0xEB);
    static final Color PAPER = Color.WHITE;
    static final Color TRAIN = new Color(0xE6, 0x9F, 0x00);
    static final Color VALIDATION = new Color(0x00, 0x72, 0xB2);
    static final Color PUBLISHED = new Color(0x00, 0x9E, 0x73);
    static final Color RIGHT = VALIDATION;
    static final Color WRONG = new Color(0xD5, 0x5E, 0x00);
    /** For lines, bars and points that are compared, in turn. */
    static final List<Color> SERIES = List.of(VALIDATION, WRONG, PUBLISHED, new Color(0xCC, 0x79, 0xA7), TRAIN, new Color(0x56, 0xB4, 0xE9), TEXT);
    /** Pixels of a static picture per CSS pixel, so that it is sharp on dense screens and in print. */
    static final int DENSITY = 2;

    static {
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true"); // no window is ever opened, and no display may be there
        }
    }

    private PlotStyle() { }

    /** An empty white picture of {@code width × height} CSS pixels. */
    static BufferedImage canvas(int width, int height) {
        requireFonts();
        BufferedImage image = new BufferedImage(width * DENSITY, height * DENSITY, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(PAPER);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        g.dispose();
        return image;
    }

    /** To draw on a {@link #canvas} in CSS pixels; dispose of it after use. */
    static Graphics2D graphics(BufferedImage canvas) {
        Graphics2D g = canvas.createGraphics();
        g.scale(DENSITY, DENSITY);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        return g;
    }

    static Font font(float size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont(size);
    }

    static Font bold(float size) {
        return font(size).deriveFont(Font.BOLD);
    }

    static String hex(Color color) {
        return String.format(Locale.ROOT, "#%02X%02X%02X", color.getRed(), color.getGreen(), color.getBlue());
    }

    /** From white (0) to {@code color} (1). */
    static Color tint(Color color, double share) {
        return new Color(mix(color.getRed(), share), mix(color.getGreen(), share), mix(color.getBlue(), share));
    }

    private static int mix(int channel, double share) {
        return (int) Math.round(255 + (channel - 255) * share);
    }

    static void apply(XYStyler style) {
        style.setBaseFont(font(12)).setChartFontColor(TEXT).setChartBackgroundColor(PAPER).setChartPadding(8);
        style.setChartTitleFont(bold(14)).setChartTitleBoxVisible(false);
        style.setPlotBackgroundColor(PAPER).setPlotBorderVisible(false);
        style.setPlotGridLinesColor(GRID).setPlotGridLinesStroke(new BasicStroke(1)).setPlotGridVerticalLinesVisible(false);
        style.setAxisTickLabelsFont(font(12)).setAxisTitleFont(font(12)).setAxisTickLabelsColor(FAINT);
        style.setXAxisDecimalPattern("0.####").setYAxisDecimalPattern("0.####"); // not .05
        style.setAxisTicksLineVisible(false).setAxisTicksMarksVisible(false);
        style.setLegendPosition(Styler.LegendPosition.OutsideS).setLegendLayout(Styler.LegendLayout.Horizontal)
            .setLegendBorderColor(PAPER).setLegendFont(font(12));
        style.setLocale(Locale.ROOT);
    }

    /** A Java without fontconfig or without any font fails deep inside AWT, in ways that tell a user nothing. */
    private static void requireFonts() {
        try {
            if (GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length > 0) {
                font(12).getStringBounds("plot", new java.awt.font.FontRenderContext(null, true, true));
                return;
            }
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new InputException(noFonts(), e);
        }
        throw new InputException(noFonts());
    }

    private static String noFonts() {
        return "this Java finds no fonts, which plots need: install a font and fontconfig"
            + " (Debian and Ubuntu: apt-get install fontconfig fonts-dejavu-core; Fedora: dnf install fontconfig dejavu-sans-fonts)";
    }
}
