package graft.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graft.eval.Predictions;
import graft.oracle.Formula;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {
    private static final String NASTY = "</script><script>alert('x')</script>";

    /** Ten pictures a class, each class around a place of its own; the second of each is taken for the next class. */
    private static Embeddings embeddings(List<String> classes, double spread) {
        int n = 10 * classes.size();
        float[] noise = Formula.uniform("embeddings", 2 * n);
        double[][] places = new double[n][];
        float[][] logits = new float[n][classes.size()];
        for (int i = 0; i < n; i++) {
            int label = i / 10;
            places[i] = new double[] {label % 9 + spread * noise[2 * i], label / 9 + spread * noise[2 * i + 1]};
            logits[i][i % 10 == 1 ? (label + 1) % classes.size() : label] = 1;
        }
        int[] labels = IntStream.range(0, n).map(i -> i / 10).toArray();
        return Embeddings.of("x", new Predictions(IntStream.range(0, n).mapToObj(i -> "test/" + i + ".jpg").toList(), classes, labels, logits), places);
    }

    private static List<String> classes(int n) {
        return IntStream.range(0, n).mapToObj(i -> "class number " + i).toList();
    }

    @Test void sixTwelveAndEightyOneClassesHaveAPictureAndNames() {
        for (int n : new int[] {1, 6, 12, 81}) {
            Embeddings plot = embeddings(classes(n), 0.4);
            BufferedImage image = plot.image();
            assertTrue(image.getWidth() <= 2000 && image.getHeight() <= 2000);
            assertTrue(IntStream.range(0, image.getWidth() * image.getHeight()).map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth())).distinct().count() > 10);
            String script = plot.figures().get(0).asJavascript("div");
            assertEquals(n, script.split("class number \\d+\\\\u003c/b", -1).length - 1, "each class is named once in the plane");
        }
    }

    @Test void whoPointsAtAPictureIsToldItsFileAndClasses() {
        Embeddings plot = embeddings(List.of("kiwi", "lemon"), 0.1);
        String script = plot.figures().get(0).asJavascript("div");
        assertTrue(script.contains("test/0.jpg\\u003cbr\\u003ekiwi, recognised") && script.contains("test/1.jpg\\u003cbr\\u003ekiwi, taken for lemon"), script);
        assertTrue(script.contains("right (18)") && script.contains("mistake (2)"));
        assertEquals("x: 20 pictures of 2 classes as points, near each other where the network finds them alike; the nearest point of 100 % is of the same class", plot.describe());
    }

    @Test void namesFromStrangersStayText() {
        assertFalse(embeddings(List.of(NASTY, "b"), 0.1).html().contains("<script>alert"));
    }

    @Test void everyPictureHasAPlace() {
        Predictions one = new Predictions(List.of("1"), List.of("a"), new int[] {0}, new float[][] {{0}});
        assertThrows(IllegalArgumentException.class, () -> Embeddings.of("", one, new double[0][]));
        assertTrue(Embeddings.of("", one, new double[][] {{0, 0}}).image().getHeight() > 0);
    }

    @Test void namesDoNotCoverEachOtherNorPointsWhereThereIsRoom() {
        List<double[]> same = List.of(new double[] {200, 200}, new double[] {200, 200});
        PointLabels labels = new PointLabels(PlotStyle.bold(11), new Rectangle(0, 0, 400, 400), same);
        IntStream.range(0, 20).forEach(i -> labels.add(i, "class " + i, same));
        List<PointLabels.Label> placed = labels.placed();
        for (int i = 0; i < placed.size(); i++) {
            assertTrue(Math.abs(placed.get(0).y() - 200) > 3, "the point stays visible");
            for (int j = 0; j < i; j++) {
                assertTrue(Math.abs(placed.get(i).x() - placed.get(j).x()) > 30 || Math.abs(placed.get(i).y() - placed.get(j).y()) > 8, i + " and " + j);
            }
        }
    }
}
