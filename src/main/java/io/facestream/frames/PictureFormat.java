package io.facestream.frames;

import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.imaging.webp.WebpMetadataReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.MetadataException;
import com.drew.metadata.jpeg.JpegDirectory;
import com.drew.metadata.webp.WebpDirectory;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/** The formats that are decoded, told apart by their first bytes. */
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

        /** Has an end-of-image marker after its first scan began (ITU-T T.81 B.2.1); a thumbnail's is in a segment before. */
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

        /** Where the first start-of-scan marker is, or as far as the segments' lengths lead. */
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
    },
    PNG {
        /** The IHDR chunk comes first (ISO/IEC 15948, 5.6): two 32-bit integers at byte 16. */
        @Override
        int[] size(byte[] image) throws MetadataException {
            if (!has(image, 12, IHDR) || image.length < 24) {
                throw new MetadataException("no IHDR chunk");
            }
            ByteBuffer header = ByteBuffer.wrap(image);
            return new int[] {header.getInt(16), header.getInt(20)};
        }

        /** The decoder itself notices. */
        @Override
        boolean complete(byte[] image) {
            return true;
        }
    },
    WEBP {
        @Override
        int[] size(byte[] image) throws ImageProcessingException, MetadataException, IOException {
            Metadata metadata = WebpMetadataReader.readMetadata(new ByteArrayInputStream(image));
            WebpDirectory header = metadata.getFirstDirectoryOfType(WebpDirectory.class);
            if (header == null) {
                throw new MetadataException("no VP8 chunk");
            }
            return new int[] {
                header.getInt(WebpDirectory.TAG_IMAGE_WIDTH), header.getInt(WebpDirectory.TAG_IMAGE_HEIGHT)
            };
        }

        /** Has the bytes that the RIFF header announces. */
        @Override
        boolean complete(byte[] image) {
            long announced =
                    (image[4] & 0xffL) | (image[5] & 0xffL) << 8 | (image[6] & 0xffL) << 16 | (image[7] & 0xffL) << 24;
            return image.length >= announced + 8;
        }
    };

    private static final int FIRST_BYTES_SHOWN = 8;

    private static final byte[] JPEG_START = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
    private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] IHDR = {'I', 'H', 'D', 'R'};
    private static final byte[] RIFF_START = {'R', 'I', 'F', 'F'};
    private static final byte[] WEBP_NAME = {'W', 'E', 'B', 'P'};

    /** Width and height that the header announces, in pixels. */
    abstract int[] size(byte[] image) throws ImageProcessingException, MetadataException, IOException;

    /** Whether the picture reaches its end, as far as the container tells; OpenCV fills what is missing with grey. */
    abstract boolean complete(byte[] image);

    static PictureFormat of(byte[] image) throws RejectedException {
        if (has(image, 0, JPEG_START)) {
            return JPEG;
        }
        if (has(image, 0, PNG_START)) {
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
                && java.util.Arrays.equals(image, at, at + expected.length, expected, 0, expected.length);
    }
}
