package graft.plot;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import tech.tablesaw.plotly.components.Figure;

/** A plot in its three forms: interactive figures, a static picture, and HTML that shows whichever the page can. */
public interface Plot {
    /** What the plot shows, in a sentence: its text where no picture can be. */
    String describe();

    /** The static picture, two pixels a CSS pixel; drawn without a window or a network. */
    BufferedImage image();

    /** The interactive figures, side by side; none if the plot is only a picture. */
    List<Figure> figures();

    /**
     * A fragment for any HTML page: the static picture, which gives way to the interactive figures where scripts run
     * and the page holds {@link Plotly#library} once, before or after.
     */
    default String html() {
        return Plotly.fragment(this);
    }

    /** {@link #image} as a PNG file. */
    default byte[] png() {
        return encoded("png");
    }

    /** What a page that runs no scripts is given: PNG for lines and areas, JPEG where a plot is made of photographs. */
    default String imageType() {
        return "image/png";
    }

    /** {@link #image} in the format of {@link #imageType}. */
    default byte[] imageBytes() {
        return encoded(imageType().substring("image/".length()));
    }

    private byte[] encoded(String format) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(image(), format, out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
