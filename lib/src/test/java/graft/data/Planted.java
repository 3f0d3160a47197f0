package graft.data;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Training pictures that are put among the test pictures once more, changed so that no byte is the same: recompressed at quality 40 to 60, resized to 50 to
 * 70 %, 5 % cut off each side or off two sides, mirrored, or all of that at once.
 */
record Planted(String original, String copy, String how) {
    private static final String[] HOW = {"recompressed", "resized", "cropped", "mirrored", "recompressed resized cropped mirrored"};

    /** Copies the data set, with {@code count} planted pictures, into an empty folder. */
    static List<Planted> in(Path folder, ImageFolder data, int count, long seed) throws IOException {
        for (List<Picture> part : List.of(data.train(), data.test())) {
            for (Picture picture : part) {
                Path to = folder.resolve(picture.id());
                Files.createDirectories(to.getParent());
                Files.copy(picture.file(), to);
            }
        }
        List<Planted> planted = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            int picked = i * data.train().size() / count + random.nextInt(data.train().size() / count);
            Picture picture = data.train().get(picked);
            String how = HOW[i % HOW.length];
            String place = data.testLabelled() ? "test/" + data.classes().get(picture.label()) + "/" : "test/";
            String copy = place + "planted-" + i + ".jpg";
            write(changed(ImageIO.read(picture.file().toFile()), how, random), how.contains("recompressed") ? random.nextInt(40, 61) : 92, folder.resolve(copy));
            planted.add(new Planted(picture.id(), copy, how));
        }
        return planted;
    }

    private static BufferedImage changed(BufferedImage image, String how, SplittableRandom random) {
        boolean everySide = random.nextBoolean();
        double share = !how.contains("cropped") ? 1 : everySide ? 0.9 : 0.95;
        int width = (int) Math.round(image.getWidth() * share);
        int height = (int) Math.round(image.getHeight() * share);
        int left = everySide ? (image.getWidth() - width) / 2 : random.nextInt(image.getWidth() - width + 1);
        int top = everySide ? (image.getHeight() - height) / 2 : random.nextInt(image.getHeight() - height + 1);
        double scale = how.contains("resized") ? random.nextDouble(0.5, 0.7) : 1;
        BufferedImage changed = new BufferedImage((int) Math.round(width * scale), (int) Math.round(height * scale), BufferedImage.TYPE_INT_RGB);
        boolean mirrored = how.contains("mirrored");
        Graphics2D g = changed.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.drawImage(image, mirrored ? changed.getWidth() : 0, 0, mirrored ? 0 : changed.getWidth(), changed.getHeight(), left, top, left + width, top + height, null);
        g.dispose();
        return changed;
    }

    private static void write(BufferedImage image, int quality, Path file) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality / 100f);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
    }
}
