package graft.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import javax.imageio.ImageReader;

/**
 * Reads picture files: JPEG, PNG, GIF (its first picture), BMP and WebP, of every kind.
 *
 * <p>The pixels are those of Pillow's {@code ImageOps.exif_transpose(Image.open(file)).convert("RGB")}: the EXIF orientation is applied,
 * transparency is dropped and keeps the colour beneath it, colour profiles are ignored. A damaged, truncated or oversized file ends
 * in a reason in plain words, never in an OutOfMemoryError: sizes are read from the header and checked before anything is decoded.
 */
public final class PictureFile {
    private static final int BYTES_PER_PIXEL = 15;   // a raster of up to four 16-bit channels, what the decoder adds, and RGB
    private static final long LARGEST_FILE = Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 4);

    private PictureFile() { }

    /** Decodes a file. */
    public static Image read(Path file) throws UnreadablePictureException {
        return read(file, image -> image);
    }

    /**
     * Decodes a file and uses the picture at once. Pictures of many megapixels wait for each other until their use is over, so that many
     * threads together stay within the Java heap; what {@code use} returns should be small.
     */
    public static <T> T read(Path file, Function<Image, T> use) throws UnreadablePictureException {
        return read(bytes(file), use);
    }

    /** The same for a file's content. */
    static <T> T read(byte[] bytes, Function<Image, T> use) throws UnreadablePictureException {
        PictureFormat format = PictureFormat.of(bytes);
        if (format == PictureFormat.JPEG) {
            Jpeg jpeg = Jpeg.of(bytes);
            return within(jpeg.cost(), jpeg::decode, use);
        }
        FileBytes stream = new FileBytes(format == PictureFormat.WEBP ? WebpFile.of(bytes).picture() : bytes);
        ImageReader reader = format.reader();
        try {
            reader.setInput(stream, true, format != PictureFormat.GIF);
            long cost = guarded(stream, () -> PixelBudget.check(reader.getWidth(0), reader.getHeight(0), BYTES_PER_PIXEL));
            return within(cost, () -> guarded(stream, () -> decode(format, reader, stream, bytes)), use);
        } finally {
            reader.dispose();
        }
    }

    static UnreadablePictureException truncated() {
        return new UnreadablePictureException("ends too early (truncated)");
    }

    /** A step of a decoder. */
    interface Step<T> {
        T run() throws IOException;
    }

    private static <T> T within(long cost, Step<Image> decode, Function<Image, T> use) throws UnreadablePictureException {
        int permits = PixelBudget.acquire(cost);
        try {
            return use.apply(decode.run());
        } catch (UnreadablePictureException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreadablePictureException("cannot be read" + detail(e), e);
        } finally {
            PixelBudget.release(permits);
        }
    }

    /** Runs a step of one of ImageIO's readers, which meet broken files with exceptions of every kind. */
    static <T> T guarded(FileBytes stream, Step<T> step) throws UnreadablePictureException {
        try {
            return step.run();
        } catch (UnreadablePictureException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            if (stream.exhausted()) {
                throw truncated();
            }
            throw new UnreadablePictureException("is damaged" + detail(e), e);
        } catch (LinkageError e) {
            throw new UnreadablePictureException("cannot be read on this platform, for which libwebp is missing (" + e.getMessage() + ")", e);
        } catch (OutOfMemoryError e) {
            // A lie about the length of a palette or a chunk: one huge allocation that failed, with nothing else lost.
            throw new UnreadablePictureException("is damaged, or needs more memory than this Java has", e);
        }
    }

    private static Image decode(PictureFormat format, ImageReader reader, FileBytes stream, byte[] bytes) throws IOException {
        BufferedImage decoded = reader.read(0);
        if (stream.exhausted() && format != PictureFormat.WEBP) {   // libwebp's reader takes all there is
            throw truncated();
        }
        Image image = new Image(decoded.getHeight(), decoded.getWidth(), Rgb.of(decoded.getRaster(), decoded.getColorModel()));
        return switch (format) {
            case GIF -> GifScreen.place(image, decoded.getColorModel(), reader, bytes);
            case WEBP -> WebpFile.of(bytes).place(image);
            case PNG -> {
                Chunks.Chunk exif = Chunks.png(bytes, "eXIf");
                yield exif == null ? image : Orientation.upright(image, Orientation.of(bytes, exif.at(), exif.length()));
            }
            default -> image;
        };
    }

    /** A file's bytes, unless there are too many. */
    static byte[] bytes(Path file) throws UnreadablePictureException {
        try {
            long size = Files.size(file);
            if (size > LARGEST_FILE) {
                throw new UnreadablePictureException("is too large: " + (size >> 20) + " MB, the limit is " + (LARGEST_FILE >> 20) + " MB");
            }
            return Files.readAllBytes(file);
        } catch (UnreadablePictureException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new UnreadablePictureException("does not exist", e);
        } catch (AccessDeniedException e) {
            throw new UnreadablePictureException("may not be read (no permission)", e);
        } catch (IOException e) {
            throw new UnreadablePictureException("cannot be read" + detail(e), e);
        }
    }

    private static String detail(Exception e) {
        return e.getMessage() == null ? "" : " (" + e.getMessage().strip() + ")";
    }
}
