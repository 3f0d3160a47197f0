package graft.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** The kinds of picture files that are read, known by their first bytes, whatever the file is called. */
enum PictureFormat {
    JPEG, PNG, GIF, BMP, WEBP;

    private volatile ImageReaderSpi provider;

    /** The format of a file, or a refusal that says what the file is instead. */
    static PictureFormat of(byte[] file) throws UnreadablePictureException {
        if (file.length == 0) {
            throw new UnreadablePictureException("is empty");
        }
        if (starts(file, 0, "\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (starts(file, 0, "\u0089PNG\r\n\u001a\n")) {
            return PNG;
        }
        if (starts(file, 0, "GIF87a") || starts(file, 0, "GIF89a")) {
            return GIF;
        }
        if (starts(file, 0, "BM") && file.length >= 26 && !text(file)) {
            return BMP;
        }
        if (starts(file, 0, "RIFF") && starts(file, 8, "WEBP")) {
            return WEBP;
        }
        throw new UnreadablePictureException("is not a picture (it is " + kind(file) + "); JPEG, PNG, GIF, BMP or WebP would be right");
    }

    /** A new reader of this format; the JDK's own where it has one, so that no plugin on the class path changes pixels. */
    ImageReader reader() {
        try {
            return provider().createReaderInstance();
        } catch (IOException e) {
            throw new IllegalStateException("ImageIO has no working reader of " + name() + " pictures", e);
        }
    }

    private ImageReaderSpi provider() {
        ImageReaderSpi known = provider;
        if (known != null) {
            return known;
        }
        Iterator<ImageReaderSpi> all = IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class,
            spi -> Arrays.stream(((ImageReaderSpi) spi).getFormatNames()).anyMatch(name()::equalsIgnoreCase), true);
        while (all.hasNext()) {
            ImageReaderSpi next = all.next();
            if (known == null || "java.desktop".equals(next.getClass().getModule().getName())) {
                known = next;
            }
        }
        if (known == null) {
            throw new IllegalStateException("no reader of " + name() + " pictures on the class path");
        }
        provider = known;
        return known;
    }

    private static String kind(byte[] file) {
        if (starts(file, 0, "II*\0") || starts(file, 0, "MM\0*")) {
            return "TIFF";
        }
        if (starts(file, 4, "ftyp")) {
            return "HEIC, AVIF or a film";
        }
        if (starts(file, 0, "%PDF")) {
            return "PDF";
        }
        if (starts(file, 0, "PK\3\4")) {
            return "a ZIP archive";
        }
        return text(file) ? "text" : "something else";
    }

    private static boolean text(byte[] file) {
        for (int i = 0; i < Math.min(file.length, 256); i++) {
            int b = file[i] & 255;
            if (b < 9 || b > 13 && b < 32 || b == 127) {
                return false;
            }
        }
        return true;
    }

    private static boolean starts(byte[] file, int at, String signature) {
        byte[] bytes = signature.getBytes(StandardCharsets.ISO_8859_1);
        return file.length >= at + bytes.length && Arrays.equals(file, at, at + bytes.length, bytes, 0, bytes.length);
    }
}
