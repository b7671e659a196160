package io.facestream.frames;

import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.MetadataException;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.io.IOException;

/**
 * Decodes JPEG, PNG and WebP with OpenCV, turned upright by the EXIF orientation. Converts CMYK to RGB and 16 bits to
 * 8, drops transparency, and takes the first picture of an animation. The announced size is checked before decoding.
 *
 * <p>A JPEG with losses is decoded and marked ({@link Picture#damage}). A PNG with losses is refused: its checksums
 * leave no doubt, and each row depends on the previous ones. A WebP is refused if its data ends too early; other losses
 * in it are not detected. Nothing is written to standard error.
 */
public final class PictureDecoder {
    private final PictureBounds bounds;

    public PictureDecoder(PictureBounds bounds) {
        this.bounds = bounds;
    }

    /** @throws RejectedException if it is not a JPEG, PNG or WebP picture, is broken, or exceeds the bounds */
    public Picture decode(byte[] image) throws RejectedException {
        return decode(image, 1);
    }

    /**
     * Like {@link #decode(byte[])}, at a reduced scale. A JPEG is never computed at full scale.
     *
     * @param reduction 1, 2, 4 or 8: the factor by which width and height shrink
     */
    Picture decode(byte[] image, int reduction) throws RejectedException {
        if (image.length == 0) {
            throw new RejectedException(RejectReason.EMPTY, "0 bytes");
        }
        if (image.length > bounds.maxBytes()) {
            throw new RejectedException(
                    RejectReason.TOO_LARGE, image.length + " bytes, more than the " + bounds.maxBytes() + " allowed");
        }
        PictureFormat format = PictureFormat.of(image);
        if (!format.complete(image)) {
            throw new RejectedException(
                    RejectReason.TRUNCATED, "a " + format + " that breaks off after " + image.length + " bytes");
        }
        checkPixels(format, image);
        return decode(format, image, reduction);
    }

    private static Picture decode(PictureFormat format, byte[] image, int reduction) throws RejectedException {
        try {
            return format.decode(image, reduction);
        } catch (RuntimeException e) {
            // OpenCV's own checks, such as its limits on width and height, arrive as RuntimeException.
            throw new RejectedException(
                    RejectReason.UNDECODABLE, "a " + format + " that cannot be decoded: " + e.getMessage(), e);
        }
    }

    /**
     * Checks whether the bytes begin like a picture, without decoding.
     *
     * @throws RejectedException if they do not
     */
    public static void requirePicture(byte[] image) throws RejectedException {
        if (image.length == 0) {
            throw new RejectedException(RejectReason.EMPTY, "it is empty");
        }
        PictureFormat.of(image);
    }

    /** Width times height from the header, to weigh a picture before decoding; 0 if the header cannot be read. */
    public static long announcedPixels(byte[] image) {
        try {
            int[] size = PictureFormat.of(image).size(image);
            return size[0] <= 0 || size[1] <= 0 ? 0 : (long) size[0] * size[1];
        } catch (RejectedException | ImageProcessingException | MetadataException | IOException | RuntimeException e) {
            return 0;
        }
    }

    private void checkPixels(PictureFormat format, byte[] image) throws RejectedException {
        long width;
        long height;
        try {
            int[] size = format.size(image);
            width = size[0];
            height = size[1];
        } catch (ImageProcessingException | MetadataException | IOException | RuntimeException e) {
            throw new RejectedException(
                    RejectReason.UNDECODABLE, "a " + format + " whose header cannot be read: " + e.getMessage(), e);
        }
        if (width <= 0 || height <= 0) {
            throw new RejectedException(
                    RejectReason.UNDECODABLE, "a " + format + " of " + width + "x" + height + " pixels");
        }
        if (width * height > bounds.maxPixels()) {
            throw new RejectedException(
                    RejectReason.TOO_MANY_PIXELS,
                    width + "x" + height + " pixels, more than the " + bounds.maxPixels() + " allowed");
        }
    }
}
