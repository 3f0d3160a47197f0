package graft.data;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Where a pipeline's pictures come from: decoded from their files each time, or kept by a {@link DecodedCache}. No pixel depends on which it is. */
public interface PictureSource {
    /** Every picture is decoded and prepared each time. */
    PictureSource FILES = new PictureSource() {
        @Override public <T> T read(Path file, String steps, UnaryOperator<Image> prepare, Function<Image, T> use) throws UnreadablePictureException {
            return PictureFile.read(file, image -> use.apply(prepare.apply(image)));
        }
    };

    /**
     * Decodes a file, prepares the picture and uses it at once, as {@link PictureFile#read(Path, Function)} does.
     *
     * @param steps what {@code prepare} does, in words that differ where it differs
     * @param prepare the first steps after decoding: always the same result for the same picture
     * @param use the rest; what it returns should be small
     */
    <T> T read(Path file, String steps, UnaryOperator<Image> prepare, Function<Image, T> use) throws UnreadablePictureException;
}
