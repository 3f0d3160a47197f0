package graft.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.Progress;
import graft.Small;
import graft.data.Audit;
import graft.data.Finding;
import graft.data.ImageFolder;
import graft.data.Picture;
import graft.plot.Curves;
import graft.plot.FindingGrid;
import graft.plot.PictureGrid;
import graft.plot.TerminalProgress;
import graft.run.Options;
import graft.run.VariantResults;
import graft.run.Variants;
import graft.train.History;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.ServiceLoader;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.traces.ScatterTrace;

class NotebookTest {
    private static Curves curves() {
        History history = new History();
        history.add(new History.Epoch(1, 1e-3, 1, 0.5, 1.2, 0.4));
        return Curves.of("resnet50", history);
    }

    @Test void theKernelFindsTheExtension() {
        assertTrue(ServiceLoader.load(Extension.class).stream().anyMatch(p -> p.type() == GraftExtension.class));
    }

    @Test void plotsAreShownInThreeForms() throws Exception {
        Renderer renderer = new Renderer();
        GraftExtension.register(renderer);
        DisplayData data = renderer.render(curves());
        assertEquals(curves().describe(), data.getData(MIMEType.TEXT_PLAIN));
        assertTrue(((String) data.getData(MIMEType.TEXT_HTML)).contains("<img "));
        byte[] png = Base64.getDecoder().decode((String) data.getData(MIMEType.parse("image/png")));
        assertEquals("PNG", new String(png, 1, 3, StandardCharsets.US_ASCII));
        assertTrue(renderer.render(PictureGrid.of("none")).hasDataForType(MIMEType.parse("image/jpeg")));
    }

    @Test void auditsAreShownAsTheirTableAndTheirPictures() throws Exception {
        Renderer renderer = new Renderer();
        GraftExtension.register(renderer);
        Audit audit = Audit.of(ImageFolder.of("builtin:groceries12").first(2), Progress.SILENT);
        Picture picture = audit.pictures().train().get(0);
        audit = audit.with(List.of(new Finding(Finding.Kind.COPY_WITHIN, List.of(picture, picture), "<b>", 1)));
        DisplayData data = renderer.render(audit);
        assertEquals(audit.toString(), data.getData(MIMEType.TEXT_PLAIN));
        String html = (String) data.getData(MIMEType.TEXT_HTML);
        assertTrue(html.contains("Copies of a picture: 1") && html.contains("&lt;b&gt;") && html.split("<img ", -1).length == 3, html);
        BufferedImage image = FindingGrid.of(audit.findings(), 1).image();
        assertTrue(image.getWidth() > 2 * 144 && image.getHeight() > 144);
    }

    @Test void theTableOfVariantsKeepsItsLines(@TempDir Path folder) throws Exception {
        Renderer renderer = new Renderer();
        GraftExtension.register(renderer);
        VariantResults results = Variants.of("<one> or two?").with("one", Small.recipe()).with("two", Small.recipe().epochs(1)).run(Options.of("--out", folder.toString()), Progress.SILENT);
        DisplayData data = renderer.render(results);
        assertEquals(results.toString(), data.getData(MIMEType.TEXT_PLAIN));
        assertTrue(((String) data.getData(MIMEType.TEXT_HTML)).matches("(?s)<pre style=\"[^\"]*white-space:pre;.*>&lt;one&gt; or two\\?\n.*</pre>"));
    }

    @Test void somebodyElsesFigureIsShownToo() {
        Renderer renderer = new Renderer();
        GraftExtension.register(renderer);
        Figure figure = new Figure(ScatterTrace.builder(new double[] {1, 2}, new double[] {3, 4}).build());
        assertTrue(((String) renderer.render(figure).getData(MIMEType.TEXT_HTML)).contains("graftPlots"));
    }

    @Test void withoutKernelValuesArePrinted() {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            Notebook.show(curves(), 12);
        } finally {
            System.setOut(before);
        }
        assertEquals(curves().describe() + System.lineSeparator() + "12" + System.lineSeparator(), bytes.toString(StandardCharsets.UTF_8));
        assertInstanceOf(TerminalProgress.class, Notebook.progress());
    }

    /** Scripts have Graft on their class path, but no kernel. */
    @Test void nothingNeedsTheKernelsClasses() throws Exception {
        URL[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("jjava")).map(entry -> {
                try {
                    return Path.of(entry).toUri().toURL();
                } catch (MalformedURLException e) {
                    throw new IllegalStateException(e);
                }
            }).toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            Class<?> notebook = loader.loadClass("graft.notebook.Notebook");
            assertFalse(notebook.getClassLoader() == Notebook.class.getClassLoader());
            assertEquals(false, notebook.getMethod("inNotebook").invoke(null));
            assertNotNull(notebook.getMethod("progress").invoke(null));
        }
    }
}
