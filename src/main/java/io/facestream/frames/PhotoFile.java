package io.facestream.frames;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A photo from a file, in a form that fits a record. A photo that fits stays byte for byte. Larger photos, HEIC and
 * AVIF are decoded, turned upright, shrunk if necessary, and encoded as JPEG without metadata. The same file always
 * yields the same bytes.
 *
 * @param image JPEG, PNG or WebP
 * @param change a description of the conversion for people; null if there was none
 */
public record PhotoFile(byte[] image, String change) {
    /** Larger files are refused. The largest phone photos, of 200 megapixels, have about 60 MB as JPEG. */
    public static final long LARGEST_FILE = 128L << 20;

    /** The largest photo that is converted: the largest phone sensors have 200 megapixels. */
    private static final long MOST_PIXELS = 200_000_000;

    /** libjpeg decodes at up to this reduction without computing the whole picture. */
    private static final int GREATEST_REDUCTION = 8;

    /** Tried in this order before the picture is shrunk further. */
    private static final int[] QUALITIES = {95, 90, 85};

    private static final double SMALLER = 0.75;

    /**
     * Reads a photo.
     *
     * @param bounds the limits of the stages' decoder
     * @param maxBytes the largest value of a record
     * @throws RejectedException if it is not a photo, has an unsupported format, or is broken; the message says what to
     *     do
     * @throws IOException if the file cannot be read
     */
    public static PhotoFile read(Path file, PictureBounds bounds, int maxBytes) throws RejectedException, IOException {
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw new RejectedException(
                    RejectReason.TOO_LARGE,
                    megabytes(size) + ", more than the " + megabytes(LARGEST_FILE) + " of a photo");
        }
        byte[] image;
        try (InputStream in = Files.newInputStream(file)) {
            image = in.readNBytes((int) LARGEST_FILE);
        }
        if (image.length == 0) {
            throw new RejectedException(RejectReason.EMPTY, "0 bytes");
        }
        PhotoKind kind = PhotoKind.of(image);
        if (kind == PhotoKind.NO_PICTURE) {
            throw new RejectedException(RejectReason.NOT_AN_IMAGE, "neither JPEG, PNG nor WebP");
        }
        int largest = Math.min(maxBytes, bounds.maxBytes());
        if (kind == PhotoKind.HEIC || kind == PhotoKind.AVIF) {
            try (Picture picture = new HeifPhoto(kind, MOST_PIXELS).decode(image)) {
                return encode(picture, kind + " of " + megabytes(image.length), bounds.maxPixels(), largest);
            }
        }
        if (!kind.published()) {
            throw new RejectedException(
                    RejectReason.NOT_AN_IMAGE, "this is " + kind + ", which is not read: convert it to JPEG");
        }
        long pixels = PictureDecoder.announcedPixels(image);
        if (image.length <= largest && pixels <= bounds.maxPixels()) {
            return new PhotoFile(image, null);
        }
        return reduce(image, pixels, bounds.maxPixels(), largest);
    }

    private static PhotoFile reduce(byte[] image, long pixels, long maxPixels, int maxBytes) throws RejectedException {
        if (pixels > MOST_PIXELS) {
            throw new RejectedException(
                    RejectReason.TOO_MANY_PIXELS,
                    pixels / 1_000_000 + " megapixels, more than the " + MOST_PIXELS / 1_000_000 + " of a photo");
        }
        int reduction = 1;
        while (reduction < GREATEST_REDUCTION && pixels / reduction / reduction > maxPixels) {
            reduction *= 2;
        }
        PictureDecoder decoder = new PictureDecoder(new Lifted(image.length, MOST_PIXELS));
        try (Picture picture = decoder.decode(image, reduction)) {
            return encode(picture, megabytes(image.length), maxPixels, maxBytes);
        }
    }

    /**
     * Encodes a picture as a JPEG that fits a record.
     *
     * @param was its original size, for people
     * @throws RejectedException if no such JPEG exists
     */
    static PhotoFile encode(Picture picture, String was, long maxPixels, int maxBytes) throws RejectedException {
        if (picture.damaged()) {
            // After encoding, filled-in parts could not be told from real ones.
            throw new RejectedException(
                    RejectReason.UNDECODABLE,
                    picture.damage().orElseThrow() + ": it is too large as it is, and damaged");
        }
        double scale = Math.min(1, Math.sqrt((double) maxPixels / picture.width() / picture.height()));
        while (true) {
            int width = (int) (picture.width() * scale);
            int height = (int) (picture.height() * scale);
            if (width < 1 || height < 1) {
                throw new RejectedException(RejectReason.TOO_LARGE, "it fits no record of " + maxBytes + " bytes");
            }
            try (Mat bgr = new Mat();
                    Mat sized = new Mat();
                    Size size = new Size(width, height)) {
                if (scale < 1) {
                    resize(picture.rgb(), sized, size, 0, 0, INTER_AREA);
                }
                cvtColor(scale < 1 ? sized : picture.rgb(), bgr, COLOR_RGB2BGR);
                for (int quality : QUALITIES) {
                    byte[] jpeg = jpeg(bgr, quality);
                    if (jpeg.length <= maxBytes) {
                        return new PhotoFile(
                                jpeg,
                                "converted from " + was + " to a JPEG of " + width + "x" + height + " pixels, "
                                        + megabytes(jpeg.length));
                    }
                }
            }
            scale *= SMALLER;
        }
    }

    private static byte[] jpeg(Mat bgr, int quality) {
        try (BytePointer encoded = new BytePointer();
                IntPointer settings = new IntPointer(IMWRITE_JPEG_QUALITY, quality)) {
            imencode(".jpg", bgr, encoded, settings);
            byte[] bytes = new byte[(int) encoded.limit()];
            encoded.get(bytes);
            return bytes;
        }
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    /** Wider bounds, for a picture that will be shrunk. */
    private record Lifted(int maxBytes, long maxPixels) implements PictureBounds {}
}
