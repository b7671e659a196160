package io.facestream.frames;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.bytedeco.opencv.global.opencv_core.CV_16UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;

/** Pictures of every kind that producers send, made in code from the sample photos. */
public final class TestPictures {
    /** Whoever wrote the JPEG wrote CMYK as Adobe does: inverted (Adobe Technical Note 5116, transform 0). */
    private static final byte[] ADOBE = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};

    private TestPictures() {}

    /** A photo that ships with the demo, such as {@code people/Grace_Hopper/us-navy.jpg}. */
    public static byte[] sample(String name) {
        try (InputStream resource = TestPictures.class.getResourceAsStream("/demo/" + name)) {
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static BufferedImage image(byte[] encoded) {
        try {
            return ImageIO.read(new ByteArrayInputStream(encoded));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A plain picture: two halves, so that top and bottom can be told apart. */
    public static BufferedImage halves(int width, int height, Color top, Color bottom) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(top);
        graphics.fillRect(0, 0, width, height / 2);
        graphics.setColor(bottom);
        graphics.fillRect(0, height / 2, width, height - height / 2);
        graphics.dispose();
        return image;
    }

    /** With what the JDK writes: jpg, png, gif. */
    /** Made smaller by a factor below 1. */
    public static BufferedImage scaled(BufferedImage image, double factor) {
        int width = (int) (image.getWidth() * factor);
        int height = (int) (image.getHeight() * factor);
        BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.drawImage(image.getScaledInstance(width, height, java.awt.Image.SCALE_AREA_AVERAGING), 0, 0, null);
        graphics.dispose();
        return scaled;
    }

    /** In the middle of a grey picture, with a margin of so many pixels on each side. */
    public static BufferedImage framed(BufferedImage image, int margin) {
        int width = image.getWidth() + 2 * margin;
        int height = image.getHeight() + 2 * margin;
        BufferedImage framed = halves(width, height, Color.GRAY, Color.GRAY);
        Graphics2D graphics = framed.createGraphics();
        graphics.drawImage(image, margin, margin, null);
        graphics.dispose();
        return framed;
    }

    public static byte[] encode(BufferedImage image, String format) {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            if (!ImageIO.write(image, format, bytes)) {
                throw new IllegalArgumentException("no writer for " + format);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With what OpenCV writes: .webp, .png, .jpg. */
    public static byte[] encodeWithOpenCv(BufferedImage image, String extension) {
        try (Mat bgr = bgr(image)) {
            return encode(bgr, extension);
        }
    }

    /** With OpenCV's settings, such as {@code IMWRITE_JPEG_PROGRESSIVE, 1}. */
    public static byte[] jpeg(BufferedImage image, int... settings) {
        try (Mat bgr = bgr(image)) {
            return encode(bgr, ".jpg", settings);
        }
    }

    private static byte[] encode(Mat image, String extension, int... settings) {
        try (BytePointer bytes = new BytePointer();
                IntPointer parameters = new IntPointer(settings)) {
            if (!imencode(extension, image, bytes, parameters)) {
                throw new IllegalStateException("OpenCV wrote no " + extension);
            }
            byte[] encoded = new byte[(int) bytes.limit()];
            bytes.get(encoded);
            return encoded;
        }
    }

    private static Mat bgr(BufferedImage image) {
        BufferedImage copy = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = copy.createGraphics();
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        byte[] pixels = ((java.awt.image.DataBufferByte) copy.getRaster().getDataBuffer()).getData();
        Mat bgr = new Mat(copy.getHeight(), copy.getWidth(), org.bytedeco.opencv.global.opencv_core.CV_8UC3);
        bgr.data().put(pixels);
        return bgr;
    }

    public static byte[] png16(BufferedImage image) {
        try (Mat bgr = bgr(image);
                Mat wide = new Mat()) {
            bgr.convertTo(wide, CV_16UC3, 257, 0);
            return encode(wide, ".png");
        }
    }

    public static byte[] pngWithTransparency(BufferedImage image) {
        BufferedImage copy = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = copy.createGraphics();
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        for (int x = 0; x < copy.getWidth(); x++) {
            copy.setRGB(x, 0, copy.getRGB(x, 0) & 0x00ffffff);
        }
        return encode(copy, "png");
    }

    /** As image editors save for print: four inverted inks and Adobe's marker. */
    public static byte[] cmykJpeg(BufferedImage image) {
        WritableRaster inks =
                Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, image.getWidth(), image.getHeight(), 4, null);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                inks.setPixel(x, y, new int[] {rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff, 0xff});
            }
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                ImageOutputStream output = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(output);
            writer.write(new IIOImage(inks, null, null));
            output.flush();
            return withSegment(bytes.toByteArray(), 0xee, ADOBE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
    }

    /**
     * As a camera held sideways saves it: turned a quarter to the left, and orientation 6 ("turn right to see
     * upright").
     */
    public static byte[] jpegOfOrientation6(BufferedImage upright) {
        BufferedImage turned = new BufferedImage(upright.getHeight(), upright.getWidth(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = turned.createGraphics();
        AffineTransform left = AffineTransform.getQuadrantRotateInstance(-1);
        left.preConcatenate(AffineTransform.getTranslateInstance(0, upright.getWidth()));
        graphics.drawImage(upright, left, null);
        graphics.dispose();
        return withSegment(encode(turned, "jpg"), 0xe1, exif(6, new byte[0]));
    }

    /** A JPEG that holds a small one, which ends with an end-of-image marker of its own. */
    public static byte[] jpegWithThumbnail(BufferedImage image, byte[] thumbnail) {
        return withSegment(encode(image, "jpg"), 0xe1, exif(1, thumbnail));
    }

    /**
     * EXIF with an orientation (tag 0x112), and a thumbnail (tags 0x201, 0x202) if there is one (JEITA CP-3451, 4.5).
     */
    private static byte[] exif(int orientation, byte[] thumbnail) {
        ByteBuffer exif = ByteBuffer.allocate(256 + thumbnail.length).order(ByteOrder.BIG_ENDIAN);
        exif.put("Exif\0\0".getBytes(US_ASCII)).put("MM\0*".getBytes(US_ASCII)).putInt(8);
        exif.putShort((short) 1).putShort((short) 0x112).putShort((short) 3).putInt(1);
        exif.putShort((short) orientation).putShort((short) 0);
        if (thumbnail.length == 0) {
            exif.putInt(0);
        } else {
            int second = 8 + 2 + 12 + 4;
            exif.putInt(second);
            exif.putShort((short) 2);
            exif.putShort((short) 0x201).putShort((short) 4).putInt(1).putInt(second + 2 + 24 + 4);
            exif.putShort((short) 0x202).putShort((short) 4).putInt(1).putInt(thumbnail.length);
            exif.putInt(0).put(thumbnail);
        }
        return Arrays.copyOf(exif.array(), exif.position());
    }

    /** Puts a segment right after the start of a JPEG. */
    private static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
        ByteBuffer result = ByteBuffer.allocate(jpeg.length + content.length + 4);
        result.put(jpeg, 0, 2);
        result.put((byte) 0xff)
                .put((byte) marker)
                .putShort((short) (content.length + 2))
                .put(content);
        result.put(jpeg, 2, jpeg.length - 2);
        return result.array();
    }

    /** A PNG that announces a size and holds a few bytes. */
    public static byte[] pngThatAnnounces(int width, int height) {
        ByteBuffer png = ByteBuffer.allocate(1_000);
        png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(
                png,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put(new byte[] {8, 2, 0, 0, 0})
                        .array());
        chunk(png, "IDAT", new byte[] {0x78, (byte) 0x9c, 3, 0, 0, 0, 0, 1});
        chunk(png, "IEND", new byte[0]);
        return Arrays.copyOf(png.array(), png.position());
    }

    private static void chunk(ByteBuffer png, String type, byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(type.getBytes(US_ASCII));
        crc.update(content);
        png.putInt(content.length).put(type.getBytes(US_ASCII)).put(content).putInt((int) crc.getValue());
    }

    /** A JPEG that announces a size in its frame header (ITU-T T.81 B.2.2) and has no pixels. */
    public static byte[] jpegThatAnnounces(int width, int height) {
        byte[] jpeg = encode(halves(16, 16, Color.WHITE, Color.BLACK), "jpg");
        for (int i = 0; i < jpeg.length - 8; i++) {
            if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xc0) {
                ByteBuffer.wrap(jpeg).putShort(i + 5, (short) height).putShort(i + 7, (short) width);
                return jpeg;
            }
        }
        throw new IllegalStateException("no frame header");
    }

    /** Both pictures as an animation (RFC 9649, 2.7): of one size, half a second each. */
    public static byte[] animatedWebp(BufferedImage first, BufferedImage second) {
        ByteBuffer body = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        body.put("WEBP".getBytes(US_ASCII));
        body.put("VP8X".getBytes(US_ASCII)).putInt(10).putInt(2); // animation flag
        put24(body, first.getWidth() - 1);
        put24(body, first.getHeight() - 1);
        body.put("ANIM".getBytes(US_ASCII)).putInt(6).putInt(0).putShort((short) 0);
        for (BufferedImage image : new BufferedImage[] {first, second}) {
            byte[] still = encodeWithOpenCv(image, ".webp");
            body.put("ANMF".getBytes(US_ASCII)).putInt(16 + still.length - 12);
            put24(body, 0);
            put24(body, 0);
            put24(body, image.getWidth() - 1);
            put24(body, image.getHeight() - 1);
            put24(body, 500);
            body.put((byte) 0).put(still, 12, still.length - 12);
        }
        ByteBuffer webp = ByteBuffer.allocate(8 + body.position()).order(ByteOrder.LITTLE_ENDIAN);
        webp.put("RIFF".getBytes(US_ASCII)).putInt(body.position()).put(body.flip());
        return webp.array();
    }

    private static void put24(ByteBuffer to, int value) {
        to.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
    }

    /** Both pictures as an animation. */
    public static byte[] animatedGif(BufferedImage first, BufferedImage second) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                ImageOutputStream output = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(output);
            writer.prepareWriteSequence(null);
            for (BufferedImage image : new BufferedImage[] {first, second}) {
                writer.writeToSequence(
                        new IIOImage(
                                image,
                                null,
                                writer.getDefaultImageMetadata(
                                        ImageTypeSpecifier.createFromRenderedImage(image), null)),
                        null);
            }
            writer.endWriteSequence();
            output.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
    }

    public static byte[] half(byte[] encoded) {
        return Arrays.copyOf(encoded, encoded.length / 2);
    }
}
