package io.facestream.frames;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The container of a PNG (ISO/IEC 15948), read without a decoder: its header, and a check of its chunks. Nothing broken
 * reaches libpng, which would report it on standard error.
 *
 * @param width in pixels, as announced
 * @param height in pixels, as announced
 * @param bitDepth bits of a sample: 1 to 16
 * @param colourType 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
 * @param interlaced whether it uses Adam7's seven passes
 */
public record PngFile(int width, int height, int bitDepth, int colourType, boolean interlaced) {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /** Signature, then length, type, 13 bytes and checksum of the first chunk. */
    private static final int HEADER_END = 8 + 8 + 13 + 4;

    /** Samples per pixel by colour type; 0 for undefined types. */
    private static final int[] SAMPLES = {1, 0, 3, 1, 2, 0, 4};

    /** Adam7: x and y of the first pixel, and steps, of each pass (ISO/IEC 15948, 8.2). */
    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    /**
     * Reads the header, which determines the size of the decoded picture.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static PngFile header(byte[] png) {
        if (!startsLikeOne(png)) {
            throw new IllegalArgumentException("no PNG signature");
        }
        if (png.length < HEADER_END || !type(png, 8).equals("IHDR") || length(png, 8) != 13) {
            throw new IllegalArgumentException("no IHDR chunk");
        }
        ByteBuffer bytes = ByteBuffer.wrap(png);
        PngFile file = new PngFile(bytes.getInt(16), bytes.getInt(20), png[24] & 0xff, png[25] & 0xff, png[28] == 1);
        if (file.colourType >= SAMPLES.length || SAMPLES[file.colourType] == 0) {
            throw new IllegalArgumentException("no colour type " + file.colourType);
        }
        return file;
    }

    static boolean startsLikeOne(byte[] image) {
        return image.length >= SIGNATURE.length
                && Arrays.equals(image, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    /**
     * Returns the file reduced to the picture's own chunks, transparency and EXIF, after checking that they are
     * complete. Other chunks change no pixel, but libpng complains about some of them. Costs about as much as decoding.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static byte[] checked(byte[] png) {
        long announced = header(png).pixelBytes();
        ByteBuffer plain = ByteBuffer.allocate(png.length).put(SIGNATURE);
        Inflater inflater = new Inflater();
        try {
            long pixels = 0;
            long left = 0;
            byte[] scrap = new byte[1 << 16];
            String type = "";
            for (int at = SIGNATURE.length; !type.equals("IEND"); at += 12 + (int) length(png, at)) {
                if (at + 12 > png.length || length(png, at) > png.length - at - 12) {
                    throw new IllegalArgumentException("breaks off before its end");
                }
                type = type(png, at);
                if (isLeftOut(type)) {
                    continue;
                }
                checkSum(png, at, type);
                plain.put(png, at, 12 + (int) length(png, at));
                if (type.equals("IDAT")) {
                    inflater.setInput(png, at + 8, (int) length(png, at));
                    for (int read = 1; read > 0 && pixels <= announced; pixels += read) {
                        read = inflater.inflate(scrap);
                    }
                    left += inflater.finished() ? inflater.getRemaining() : 0;
                }
            }
            if (pixels > announced || left > 0) {
                throw new IllegalArgumentException(
                        "holds more than the " + announced + " bytes of pixels that its header announces");
            }
            if (pixels < announced) {
                throw new IllegalArgumentException(
                        "holds " + pixels + " bytes of pixels where its header announces " + announced);
            }
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("has compressed pixels that cannot be read: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
        return Arrays.copyOf(plain.array(), plain.position());
    }

    /** Ancillary chunks begin with a small letter (ISO/IEC 15948, 5.4). */
    private static boolean isLeftOut(String type) {
        return (type.charAt(0) & 0x20) != 0 && !type.equals("tRNS") && !type.equals("eXIf");
    }

    private static void checkSum(byte[] png, int at, String type) {
        int length = (int) length(png, at);
        CRC32 crc = new CRC32();
        crc.update(png, at + 4, 4 + length);
        if ((int) crc.getValue() != ByteBuffer.wrap(png).getInt(at + 8 + length)) {
            throw new IllegalArgumentException("has a chunk " + type + " at byte " + at + " with a wrong checksum");
        }
    }

    /** The size of all rows, each with a byte for its filter. */
    private long pixelBytes() {
        if (!interlaced) {
            return rows(width, height);
        }
        long bytes = 0;
        for (int[] pass : PASSES) {
            long columns = (width - pass[0] + pass[2] - 1L) / pass[2];
            long rows = (height - pass[1] + pass[3] - 1L) / pass[3];
            bytes += columns <= 0 || rows <= 0 ? 0 : rows(columns, rows);
        }
        return bytes;
    }

    private long rows(long columns, long rows) {
        return rows * (1 + (columns * SAMPLES[colourType] * bitDepth + 7) / 8);
    }

    /** The length of the content of the chunk at that index, as an unsigned number. */
    private static long length(byte[] png, int at) {
        return ByteBuffer.wrap(png).getInt(at) & 0xffffffffL;
    }

    private static String type(byte[] png, int at) {
        return new String(png, at + 4, 4, ISO_8859_1);
    }
}
