package io.facestream.frames;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.flip;
import static org.bytedeco.opencv.global.opencv_core.transpose;

import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.metadata.MetadataException;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes a damaged JPEG with the JDK's decoder. It is slower than OpenCV's, which would write a line per frame to
 * standard error, without camera or level.
 */
final class SilentJpegDecoder {
    private static final int VERTICALLY = 0;
    private static final int HORIZONTALLY = 1;
    private static final int BOTH = -1;

    private SilentJpegDecoder() {}

    /**
     * Returns the picture, upright, as RGB; missing parts are grey.
     *
     * @param components of the file: 1 or 3
     * @throws IOException if it cannot be decoded
     */
    static Mat decode(byte[] jpeg, int components) throws IOException {
        if (components != 1 && components != 3) {
            throw new IOException("it has " + components + " colour components");
        }
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))) {
            reader.setInput(input, true, true);
            Raster pixels = components == 1
                    ? reader.readRaster(0, null)
                    : reader.read(0).getRaster();
            return upright(rgb(pixels), orientation(jpeg));
        } finally {
            reader.dispose();
        }
    }

    /** Takes the file's values as they are and ignores its colour space, as OpenCV does. */
    private static Mat rgb(Raster raster) {
        int bands = raster.getNumBands();
        Mat rgb = new Mat(raster.getHeight(), raster.getWidth(), CV_8UC3);
        ByteBuffer pixels = rgb.createBuffer();
        int[] row = new int[bands * raster.getWidth()];
        byte[] out = new byte[3 * raster.getWidth()];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            for (int i = 0; i < out.length; i++) {
                out[i] = (byte) row[bands == 3 ? i : i / 3];
            }
            pixels.put(out);
        }
        return rgb;
    }

    /** The EXIF orientation, 1 to 8 (JEITA CP-3451, 4.6.4); 1 if absent. */
    private static int orientation(byte[] jpeg) throws IOException {
        try {
            ExifIFD0Directory exif = JpegMetadataReader.readMetadata(
                            new ByteArrayInputStream(jpeg), List.of(new ExifReader()))
                    .getFirstDirectoryOfType(ExifIFD0Directory.class);
            return exif == null || !exif.containsTag(ExifIFD0Directory.TAG_ORIENTATION)
                    ? 1
                    : exif.getInt(ExifIFD0Directory.TAG_ORIENTATION);
        } catch (JpegProcessingException | MetadataException e) {
            return 1;
        }
    }

    private static Mat upright(Mat stored, int orientation) {
        switch (orientation) {
            case 2 -> flip(stored, stored, HORIZONTALLY);
            case 3 -> flip(stored, stored, BOTH);
            case 4 -> flip(stored, stored, VERTICALLY);
            default -> {
                if (orientation < 5 || orientation > 8) {
                    return stored;
                }
                Mat turned = new Mat();
                transpose(stored, turned);
                stored.close();
                switch (orientation) {
                    case 6 -> flip(turned, turned, HORIZONTALLY);
                    case 7 -> flip(turned, turned, BOTH);
                    case 8 -> flip(turned, turned, VERTICALLY);
                    default -> {}
                }
                return turned;
            }
        }
        return stored;
    }
}
