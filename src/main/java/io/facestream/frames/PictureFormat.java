package io.facestream.frames;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.imaging.riff.RiffReader;
import com.drew.lang.StreamReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.MetadataException;
import com.drew.metadata.jpeg.JpegDirectory;
import com.drew.metadata.webp.WebpDirectory;
import com.drew.metadata.webp.WebpRiffHandler;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;

/** The supported formats, detected by their first bytes. */
enum PictureFormat {
    JPEG {
        @Override
        int[] size(byte[] image) throws JpegProcessingException, MetadataException, IOException {
            Metadata metadata = JpegMetadataReader.readMetadata(
                    new ByteArrayInputStream(image), List.of(new com.drew.metadata.jpeg.JpegReader()));
            JpegDirectory header = metadata.getFirstDirectoryOfType(JpegDirectory.class);
            if (header == null) {
                throw new MetadataException("no frame header");
            }
            return new int[] {header.getImageWidth(), header.getImageHeight()};
        }

        /**
         * Looks for an end-of-image marker after the start of the first scan (ITU-T T.81 B.2.1). A thumbnail's marker
         * is in an earlier segment.
         */
        @Override
        boolean complete(byte[] image) {
            int scan = firstScan(image);
            for (int i = image.length - 2; i > scan; i--) {
                if (image[i] == (byte) 0xff && image[i + 1] == (byte) 0xd9) {
                    return true;
                }
            }
            return false;
        }

        /** The index of the first start-of-scan marker, or the place where the chain of segments breaks. */
        private static int firstScan(byte[] image) {
            int at = 2;
            while (at + 4 <= image.length && image[at] == (byte) 0xff) {
                if (image[at + 1] == (byte) 0xda) {
                    return at;
                }
                boolean fill = image[at + 1] == (byte) 0xff;
                at += fill ? 1 : 2 + ((image[at + 2] & 0xff) << 8 | (image[at + 3] & 0xff));
            }
            return at;
        }

        @Override
        Picture decode(byte[] image, int reduction) {
            if (JpegFile.scans(image, MOST_SCANS + 1) > MOST_SCANS) {
                throw new IllegalArgumentException("has more than " + MOST_SCANS + " scans");
            }
            JpegFile.Verdict verdict = JpegFile.read(image);
            if (verdict.plain()) {
                return openCv(image, reduction);
            }
            try {
                return new Picture(
                        SilentJpegDecoder.decode(image, verdict.components()),
                        verdict.damage().orElse(null));
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        verdict.damage().map(damage -> damage + "; ").orElse("") + e.getMessage(), e);
            }
        }
    },
    PNG {
        @Override
        int[] size(byte[] image) {
            PngFile header = PngFile.header(image);
            return new int[] {header.width(), header.height()};
        }

        /** Always true, because {@link PngFile} checks it. */
        @Override
        boolean complete(byte[] image) {
            return true;
        }

        @Override
        Picture decode(byte[] image, int reduction) {
            return openCv(PngFile.checked(image), reduction);
        }
    },
    WEBP {
        @Override
        int[] size(byte[] image) throws ImageProcessingException, MetadataException, IOException {
            Metadata metadata = new Metadata();
            // Header only: parsing an XMP packet may cost any amount of time and stack.
            new RiffReader()
                    .processRiff(new StreamReader(new ByteArrayInputStream(image)), new WebpRiffHandler(metadata) {
                        @Override
                        public boolean shouldAcceptChunk(String type) {
                            return type.startsWith("VP8");
                        }
                    });
            WebpDirectory header = metadata.getFirstDirectoryOfType(WebpDirectory.class);
            if (header == null) {
                throw new MetadataException("no VP8 chunk");
            }
            return new int[] {
                header.getInt(WebpDirectory.TAG_IMAGE_WIDTH), header.getInt(WebpDirectory.TAG_IMAGE_HEIGHT)
            };
        }

        /** Compares the size with the RIFF header. */
        @Override
        boolean complete(byte[] image) {
            long announced =
                    (image[4] & 0xffL) | (image[5] & 0xffL) << 8 | (image[6] & 0xffL) << 16 | (image[7] & 0xffL) << 24;
            return image.length >= announced + 8;
        }

        @Override
        Picture decode(byte[] image, int reduction) {
            return openCv(image, reduction);
        }
    };

    private static final int FIRST_BYTES_SHOWN = 8;

    /**
     * Each scan of a progressive JPEG is a pass over the whole picture, even if it has only a few bytes. Encoders write
     * about 10, and would need about 60 to send every coefficient alone.
     */
    private static final int MOST_SCANS = 100;

    private static final byte[] JPEG_START = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
    private static final byte[] RIFF_START = {'R', 'I', 'F', 'F'};
    private static final byte[] WEBP_NAME = {'W', 'E', 'B', 'P'};

    /** Width and height that the header announces, in pixels. */
    abstract int[] size(byte[] image) throws ImageProcessingException, MetadataException, IOException;

    /** Whether the container is complete. OpenCV would fill missing parts with grey. */
    abstract boolean complete(byte[] image);

    /**
     * Decodes a picture of any size. A picture with losses is decoded at full scale.
     *
     * @param reduction 1, 2, 4 or 8: the factor by which width and height shrink
     * @throws IllegalArgumentException with the reason
     */
    abstract Picture decode(byte[] image, int reduction);

    private static Picture openCv(byte[] image, int reduction) {
        try (BytePointer bytes = new BytePointer(image);
                Mat encoded = new Mat(1, image.length, CV_8UC1, bytes)) {
            Mat rgb = imdecode(encoded, reduction == 1 ? IMREAD_COLOR_RGB : reduced(reduction));
            if (rgb.empty()) {
                rgb.close();
                throw new IllegalArgumentException("is refused by the decoder");
            }
            return new Picture(rgb);
        }
    }

    /** OpenCV's flags for a reduction: 16, 32 and 64 for 1/2, 1/4 and 1/8. */
    private static int reduced(int reduction) {
        return IMREAD_REDUCED_GRAYSCALE_2 * (reduction / 2) | IMREAD_COLOR_RGB;
    }

    static PictureFormat of(byte[] image) throws RejectedException {
        if (has(image, 0, JPEG_START)) {
            return JPEG;
        }
        if (PngFile.startsLikeOne(image)) {
            return PNG;
        }
        if (has(image, 0, RIFF_START) && has(image, 8, WEBP_NAME)) {
            return WEBP;
        }
        String start = HexFormat.ofDelimiter(" ").formatHex(image, 0, Math.min(FIRST_BYTES_SHOWN, image.length));
        throw new RejectedException(
                RejectReason.NOT_AN_IMAGE, "neither JPEG, PNG nor WebP (first bytes " + start + ")");
    }

    private static boolean has(byte[] image, int at, byte[] expected) {
        return image.length >= at + expected.length
                && Arrays.equals(image, at, at + expected.length, expected, 0, expected.length);
    }
}
