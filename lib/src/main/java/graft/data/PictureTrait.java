package graft.data;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What is unusual about the way in which a picture is stored, as far as its file's header tells. */
enum PictureTrait {
    GREY, CMYK, ALPHA, PALETTE, SIXTEEN_BITS, ANIMATED, ROTATED, MISNAMED;

    /**
     * The traits of a picture file.
     *
     * @param name the file's name, whose ending may be that of another format
     */
    static Set<PictureTrait> of(byte[] file, String name) throws UnreadablePictureException {
        PictureFormat format = PictureFormat.of(file);
        Set<PictureTrait> traits = EnumSet.noneOf(PictureTrait.class);
        switch (format) {
            case JPEG -> jpeg(Jpeg.of(file), traits);
            case PNG -> png(file, traits);
            case GIF -> gif(file, traits);
            case WEBP -> webp(file, traits);
            case BMP -> add(traits, PALETTE, file.length > 29 && u16(file, 28) <= 8);
            default -> throw new IllegalStateException(format.name());
        }
        String ending = name.substring(name.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
        add(traits, MISNAMED, !(ending.equals("JPG") ? "JPEG" : ending).equals(format.name()));
        return traits;
    }

    private static void jpeg(Jpeg header, Set<PictureTrait> traits) {
        add(traits, GREY, header.components() == 1);
        add(traits, CMYK, header.components() == 4);
        add(traits, ROTATED, header.orientation() != 1);
    }

    /** Bit depth and colour type stand in the first chunk (PNG, third edition, 11.2.1). */
    private static void png(byte[] file, Set<PictureTrait> traits) {
        if (file.length < 26) {
            return;
        }
        int type = file[25];
        add(traits, SIXTEEN_BITS, file[24] == 16);
        add(traits, GREY, type == 0 || type == 4);
        add(traits, PALETTE, type == 3);
        add(traits, ALPHA, type >= 4 || Chunks.png(file, "tRNS") != null);
        add(traits, ANIMATED, Chunks.png(file, "acTL") != null);
        rotated(file, Chunks.png(file, "eXIf"), traits);
    }

    /** Every GIF has a palette. Pictures are counted by walking from block to block (GIF89a, 18 to 26). */
    private static void gif(byte[] file, Set<PictureTrait> traits) {
        int pictures = 0;
        int at = 13 + (file.length > 10 ? palette(file[10]) : 0);
        while (at + 10 < file.length && (file[at] == 0x21 || file[at] == 0x2c) && pictures < 2) {
            if (file[at] == 0x2c) {
                pictures++;
                at += 11 + palette(file[at + 9]);
            } else {
                at += 2;
            }
            while (at < file.length && file[at] != 0) {
                at += 1 + (file[at] & 255);
            }
            at++;
        }
        add(traits, ANIMATED, pictures > 1);
    }

    /** The length of a GIF's palette, from the byte with its flags. */
    private static int palette(byte flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
    }

    /** The flags of the extended header (RFC 9649, 2.7), or the alpha bit of a lossless picture. */
    private static void webp(byte[] file, Set<PictureTrait> traits) {
        Chunks.Chunk extended = Chunks.riff(file, 12, file.length, "VP8X");
        Chunks.Chunk lossless = Chunks.riff(file, 12, file.length, "VP8L");
        int flags = extended == null || extended.length() == 0 ? 0 : file[extended.at()];
        add(traits, ALPHA, (flags & 0x10) != 0 || lossless != null && lossless.length() > 4 && (file[lossless.at() + 4] & 0x10) != 0);
        add(traits, ANIMATED, (flags & 0x02) != 0);
        rotated(file, Chunks.riff(file, 12, file.length, "EXIF"), traits);
    }

    private static void rotated(byte[] file, Chunks.Chunk exif, Set<PictureTrait> traits) {
        add(traits, ROTATED, exif != null && Orientation.of(file, exif.at(), exif.length()) != 1);
    }

    private static void add(Set<PictureTrait> traits, PictureTrait trait, boolean has) {
        if (has) {
            traits.add(trait);
        }
    }

    private static int u16(byte[] file, int at) {
        return file[at] & 255 | (file[at + 1] & 255) << 8;
    }
}
