package io.facestream.frames;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Set;

/** The kind of a photo file, detected by its first bytes. File names and extensions are ignored. */
public enum PhotoKind {
    JPEG("JPEG", true),
    PNG("PNG", true),
    WEBP("WebP", true),
    HEIC("HEIC", false),
    AVIF("AVIF", false),
    GIF("GIF", false),
    BMP("BMP", false),
    /** Raw photos too: DNG, CR2, NEF and ARW are TIFF files. */
    TIFF("TIFF or a raw photo", false),
    CR3("a raw photo", false),
    JPEG_XL("JPEG XL", false),
    JPEG_2000("JPEG 2000", false),
    /** A video, a document, anything else. */
    NO_PICTURE("no picture", false);

    /** The number of bytes that identify a kind. */
    public static final int START = 16;

    /** Brands of ISO/IEC 23008-12, annex B, for HEVC-coded pictures or for any codec. */
    private static final Set<String> HEIC_BRANDS =
            Set.of("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "mif2");

    private static final Set<String> AVIF_BRANDS = Set.of("avif", "avis");

    private final String title;
    private final boolean published;

    PhotoKind(String title, boolean published) {
        this.title = title;
        this.published = published;
    }

    /** Whether it can be published unchanged on a topic of pictures. */
    public boolean published() {
        return published;
    }

    @Override
    public String toString() {
        return title;
    }

    /** @param start the first {@value #START} bytes, or fewer if the file is shorter */
    public static PhotoKind of(byte[] start) {
        String text = new String(start, 0, Math.min(START, start.length), ISO_8859_1);
        if (text.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (text.startsWith("\u0089PNG\r\n\u001a\n")) {
            return PNG;
        }
        if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) {
            return WEBP;
        }
        if (text.startsWith("ftyp", 4) && text.length() >= 12) {
            return ofBrand(text.substring(8, 12));
        }
        if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) {
            return GIF;
        }
        if (text.startsWith("II*\0") || text.startsWith("MM\0*")) {
            return TIFF;
        }
        // Two reserved words of zero follow the size.
        if (text.startsWith("BM") && text.startsWith("\0\0\0\0", 6)) {
            return BMP;
        }
        if (text.startsWith("\u00ff\n") || text.startsWith("\0\0\0\fJXL ")) {
            return JPEG_XL;
        }
        return text.startsWith("\0\0\0\fjP  ") ? JPEG_2000 : NO_PICTURE;
    }

    private static PhotoKind ofBrand(String brand) {
        if (AVIF_BRANDS.contains(brand)) {
            return AVIF;
        }
        if (HEIC_BRANDS.contains(brand)) {
            return HEIC;
        }
        return brand.equals("crx ") ? CR3 : NO_PICTURE;
    }
}
