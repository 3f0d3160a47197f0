package graft.data;

import graft.Progress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What an audit remembers of pictures: 83 bytes of each, and no pixels. Every file is read and decoded to its end once, on all processors, so that a
 * truncated one is noticed. (libjpeg can decode at reduced size, but ImageIO, through which we call it, cannot.)
 */
final class Fingerprints {
    private static final float LEAST_CONTRAST = 3;
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    /** The first 64 bits of the SHA-256 of the file. */
    final long[] contents;
    /** 64 bits that depend on the size and on every pixel. */
    final long[] pixels;
    /** Perceptual hashes, {@code [part][picture]}. */
    final long[][] hashes;
    /** As they are seen, in pixels; 0 where the picture cannot be read. */
    final int[] widths;
    final int[] heights;
    /** A bit for each {@link PictureTrait}. */
    private final short[] traits;
    /** Whether there is nearly nothing to see, so that a perceptual hash means nothing. */
    final boolean[] blank;

    private Fingerprints(int count) {
        contents = new long[count];
        pixels = new long[count];
        hashes = new long[PerceptualHash.PARTS][count];
        widths = new int[count];
        heights = new int[count];
        traits = new short[count];
        blank = new boolean[count];
    }

    /** A picture that could not be read: its place in the list, and why. */
    record Failure(int picture, String reason) { }

    /** The fingerprints of pictures, with those that cannot be read, in their order. */
    record Result(Fingerprints fingerprints, List<Failure> failures) { }

    static Result of(List<Picture> pictures, Progress progress) throws InterruptedException {
        Fingerprints all = new Fingerprints(pictures.size());
        Queue<Failure> failures = new ConcurrentLinkedQueue<>();
        try (Progress.Task task = progress.start("auditing", pictures.size(), "pictures")) {
            Parallel.forEach(pictures.size(), i -> {
                try {
                    all.take(i, pictures.get(i));
                } catch (UnreadablePictureException e) {
                    failures.add(new Failure(i, e.getMessage()));
                }
            }, task);
        }
        return new Result(all, failures.stream().sorted(Comparator.comparingInt(Failure::picture)).toList());
    }

    private void take(int index, Picture picture) throws UnreadablePictureException {
        byte[] file = PictureFile.bytes(picture.file());
        boolean coloured = PictureFile.read(file, image -> take(index, image));
        for (PictureTrait trait : PictureTrait.of(file, picture.file().getFileName().toString())) {
            traits[index] |= bit(trait);
        }
        if (!coloured) {
            traits[index] |= bit(PictureTrait.GREY);
        }
        contents[index] = sha256(file);
    }

    /** Says whether the picture has a colour. */
    private boolean take(int index, Image image) {
        widths[index] = image.width();
        heights[index] = image.height();
        pixels[index] = hash(image);
        float[] grey = GreyGrid.of(image);
        blank[index] = deviation(grey) < LEAST_CONTRAST;
        for (int part = 0; part < PerceptualHash.PARTS; part++) {
            hashes[part][index] = PerceptualHash.of(grey, part);
        }
        return coloured(image.pixels());
    }

    int count() {
        return contents.length;
    }

    boolean readable(int picture) {
        return widths[picture] > 0;
    }

    boolean has(int picture, PictureTrait trait) {
        return (traits[picture] & bit(trait)) != 0;
    }

    private static short bit(PictureTrait trait) {
        return (short) (1 << trait.ordinal());
    }

    private static long sha256(byte[] file) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(file)).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static long hash(Image image) {
        long hash = Mix.of(image.width(), image.height());
        ByteBuffer bytes = ByteBuffer.wrap(image.pixels());
        while (bytes.remaining() >= Long.BYTES) {
            hash = Long.rotateLeft((hash ^ bytes.getLong()) * MULTIPLIER, 29);
        }
        while (bytes.hasRemaining()) {
            hash = Long.rotateLeft((hash ^ bytes.get()) * MULTIPLIER, 29);
        }
        return Mix.of(hash, 0);
    }

    private static float deviation(float[] grey) {
        double sum = 0;
        double squares = 0;
        for (float value : grey) {
            sum += value;
            squares += value * value;
        }
        return (float) Math.sqrt(Math.max(0, squares / grey.length - sum * sum / grey.length / grey.length));
    }

    private static boolean coloured(byte[] pixels) {
        for (int i = 0; i + 2 < pixels.length; i += 3) {
            int red = pixels[i] & 255;
            int green = pixels[i + 1] & 255;
            int blue = pixels[i + 2] & 255;
            if (Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue)) > 8) {
                return true;
            }
        }
        return false;
    }
}
