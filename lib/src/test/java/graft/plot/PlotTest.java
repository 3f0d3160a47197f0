package graft.plot;

import static graft.augment.Transforms.randomHorizontalFlip;
import static graft.augment.Transforms.randomResizedCrop;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.InputException;
import graft.Small;
import graft.augment.BatchTransform;
import graft.augment.CutMix;
import graft.augment.MixUp;
import graft.augment.Pipeline;
import graft.data.Image;
import graft.data.Picture;
import graft.eval.Metrics;
import graft.eval.Mistake;
import graft.eval.Predictions;
import graft.eval.Published;
import graft.oracle.Formula;
import graft.train.History;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotTest {
    private static final String NASTY = "</script><script>alert('x')</script>\" & co";

    static History history(int epochs, boolean validated) {
        History history = new History();
        for (int e = 1; e <= epochs; e++) {
            history.add(new History.Epoch(e, 1e-3, 1.0 / e, 1 - 0.5 / e, validated ? 1.5 / e : Double.NaN, validated ? 0.9 - 0.5 / e : Double.NaN));
        }
        return history;
    }

    static Metrics metrics(List<String> classes) {
        int n = classes.size() * 5;
        float[] u = Formula.uniform("plot", n * classes.size());
        float[][] logits = new float[n][classes.size()];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % classes.size();
            for (int c = 0; c < classes.size(); c++) {
                logits[i][c] = u[i * classes.size() + c] + (c == labels[i] ? 1 : 0);
            }
        }
        return Metrics.of(new Predictions(IntStream.range(0, n).mapToObj(i -> i + ".jpg").toList(), classes, labels, logits));
    }

    private static List<Plot> plots() {
        return List.of(Curves.of("", history(1, false)), Curves.of(NASTY, history(40, true)).published(new Published.Range(0.7, 0.8)),
            Curves.of("x", history(3, true)).published(new Published.Range(0.7, 0.7)), Confusion.of("x", metrics(List.of("a", "b"))),
            Confusion.of(NASTY, metrics(List.of("a", NASTY, "c"))), Confusion.of("", metrics(IntStream.range(0, 100).mapToObj(i -> "class " + i).toList())),
            PictureGrid.of(NASTY).add(new Image(90, 120, Formula.image(90, 120, "image")), NASTY), PictureGrid.of("none"));
    }

    @Test void everyPlotIsAPictureWithInkOnIt() throws Exception {
        for (Plot plot : plots()) {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(plot.png()));
            assertTrue(IntStream.range(0, image.getWidth() * image.getHeight())
                .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth())).distinct().count() > 10, plot.describe());
            assertTrue(image.getWidth() <= 2400 && image.getHeight() <= 2400, plot.describe());
        }
    }

    @Test void namesFromStrangersStayText() {
        for (Plot plot : plots()) {
            String html = plot.html();
            assertFalse(html.contains("<script>alert"), plot.describe());
            assertEquals(plot.figures().isEmpty() ? 0 : 1, html.split("</script", -1).length - 1, "the fragment's own script ends where it should");
        }
    }

    @Test void nothingIsLoadedFromANetwork() {
        for (Plot plot : plots()) {
            assertFalse(Pattern.compile("(src|href)\\s*=\\s*[\"']?(?!data:)\\w", Pattern.CASE_INSENSITIVE).matcher(plot.html().replaceAll("base64,[^\"]*", "base64,")).find(), plot.describe());
        }
    }

    @Test void theLibraryIsPlotlyWithHeatMaps() throws Exception {
        String library = Plotly.library();
        assertTrue(library.length() < 600_000, library.length() + " characters");
        Matcher packed = Pattern.compile("atob\\(\"([A-Za-z0-9+/=]+)\"\\)").matcher(library);
        assertTrue(packed.find());
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed.group(1))))) {
            String code = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(code.startsWith("/**\n* plotly.js (cartesian - minified)"), code.substring(0, 80));
            assertTrue(code.contains("\"heatmap\"") && code.contains("\"scatter\""));
        }
        assertEquals(1, library.split("</script", -1).length - 1);
        assertTrue(library.contains("\"define\", \"MathJax\", code)(module, module.exports, undefined, undefined)"),
            "it sees neither the page's AMD loader nor its MathJax, on whose version 3 this plotly.js fails");
    }

    @Test void aFigureAskedForTwiceIsTheSame() {
        Plot plot = Confusion.of("x", metrics(List.of("a", "b", "c")));
        assertEquals(plot.figures().get(0).asJavascript("div"), plot.figures().get(0).asJavascript("div"));
        assertFalse(plot.html().equals(plot.html()), "each fragment has an id of its own, so that a page can hold a plot twice");
    }

    @Test void descriptions() {
        assertEquals("resnet50: best of 3 epochs is 3, validation accuracy 73.3 %", Curves.of("resnet50", history(3, true)).describe());
        assertEquals("3 epochs, training accuracy 83.3 % in the last", Curves.of("", history(3, false)).describe());
        assertThrows(IllegalArgumentException.class, () -> Curves.of("", new History()));
        Metrics metrics = Metrics.of(new Predictions(List.of("1", "2", "3"), List.of("kiwi", "lemon"), new int[] {0, 0, 1}, new float[][] {{0, 1}, {0, 1}, {0, 1}}));
        assertEquals("Confusion matrix, t: 2 classes, 33.3 % right; most often kiwi is taken for lemon (2)", Confusion.of("t", metrics).describe());
    }

    @Test void publishedAccuraciesStandAtTheirEpochs() {
        Curves curves = Curves.of("x", history(3, true)).published(new Published.Range(0.7, 0.8)).published(0.445, 0.59, 0.675, 0.67);
        String loss = curves.figures().get(0).asJavascript("div");
        String accuracy = curves.figures().get(1).asJavascript("div");
        assertTrue(accuracy.contains("\"name\":\"published\",\"x\":[1,2,3,4],\"y\":[0.445,0.59,0.675,0.67]"), accuracy);
        assertFalse(loss.contains("published"), loss);
        assertTrue(accuracy.contains("\"y1\":0.8"), "the band stays");
        BufferedImage with = curves.image();
        BufferedImage without = Curves.of("x", history(3, true)).published(new Published.Range(0.7, 0.8)).image();
        assertTrue(accuracy.contains("\"tickvals\":[1,2,3,4]") && loss.contains("\"tickvals\":[1,2,3,4]"), "the epochs are the same in both panels");
        assertTrue(green(with) > green(without) + 4 * 20, "the static picture has the points, too");
        assertEquals("the published accuracy 44.5 is not between 0 and 1; 0.445 would be right for 44.5 %",
            assertThrows(InputException.class, () -> curves.published(44.5)).getMessage());
    }

    @Test void roundEpochsAreNamedOfMany() {
        assertEquals(List.of(1), EpochTicks.of(1, 1));
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), EpochTicks.of(1, 12));
        assertEquals(List.of(1, 5, 10, 15, 20), EpochTicks.of(1, 24));
        assertEquals(List.of(1, 10, 20, 30, 40), EpochTicks.of(1, 40));
        assertEquals(List.of(0, 50, 100, 150, 200), EpochTicks.of(0, 200));
    }

    @Test void noiseDoesNotFillTheAccuracyAxis() {
        History noise = new History();
        IntStream.rangeClosed(1, 10).forEach(e -> noise.add(new History.Epoch(e, 1e-3, 1, 0.99 + 0.001 * (e % 2), Double.NaN, Double.NaN)));
        String accuracy = Curves.of("x", noise).figures().get(1).asJavascript("div");
        assertTrue(Pattern.compile("\"range\":\\[0\\.947\\d*,1\\.002\\d*]").matcher(accuracy).find(), accuracy);
    }

    private static long green(BufferedImage image) {
        return IntStream.range(0, image.getWidth() * image.getHeight()).filter(i -> (image.getRGB(i % image.getWidth(), i / image.getWidth()) & 0xFFFFFF) == (PlotStyle.PUBLISHED.getRGB() & 0xFFFFFF)).count();
    }

    @Test void mistakesAreCaptioned(@TempDir Path folder) throws Exception {
        Path picture = folder.resolve("1.png");
        BufferedImage image = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(image, "png", picture.toFile());
        Path text = Files.writeString(folder.resolve("2.jpg"), "no picture");
        String html = PictureGrid.mistakes("test", List.of(new Mistake(picture, "kiwi", "lemon", 0.874), new Mistake(text, "orange", "lemon", 0.5))).html();
        assertTrue(html.contains("kiwi<br>") && html.contains("→ lemon (87\u00a0%)"), html);
        assertTrue(html.contains("orange<br>") && html.contains("(2.jpg: "), "says which file cannot be read");
        assertEquals("Worst mistakes on the test pictures: 2 pictures", PictureGrid.mistakes("test", List.of(new Mistake(picture, "a", "b", 1), new Mistake(picture, "a", "b", 1))).describe());
        assertEquals("No mistakes on the validation pictures: 0 pictures", PictureGrid.mistakes("validation", List.of()).describe());
    }

    @Test void viewsOfAPictureAndMixedPictures() {
        List<Picture> pictures = Small.pictures().train();
        Pipeline pipeline = Pipeline.of(randomResizedCrop(64), randomHorizontalFlip());
        PictureGrid views = PictureGrid.views(pictures.get(0), pipeline, 4, 1);
        assertEquals(pictures.get(0).id() + ", training views: 5 pictures", views.describe());
        assertTrue(views.html().contains("as it is") && views.html().contains("epoch 4"));
        List<Picture> some = List.of(pictures.get(0), pictures.get(3), pictures.get(6));
        List<String> classes = Small.pictures().classes();
        for (BatchTransform transform : List.of(new MixUp(1), new CutMix(1))) {
            PictureGrid mixed = PictureGrid.mixed(some, classes, pipeline, transform, 2);
            assertEquals(transform + ": 6 pictures", mixed.describe());
            assertTrue(Pattern.compile("→ " + Pattern.quote(classes.get(1)) + " \\d+\u00a0%, " + Pattern.quote(classes.get(0)) + " \\d+\u00a0%|→ " + Pattern.quote(classes.get(0))
                + " \\d+\u00a0%, " + Pattern.quote(classes.get(1)) + " \\d+\u00a0%").matcher(mixed.html()).find(), "the second picture is mixed with the first");
        }
        Picture gone = new Picture(Path.of("gone.jpg"), "gone.jpg", 0);
        assertTrue(assertThrows(InputException.class, () -> PictureGrid.mixed(List.of(gone), classes, pipeline, new MixUp(1), 0)).getMessage().startsWith("gone.jpg cannot be read"));
    }
}
