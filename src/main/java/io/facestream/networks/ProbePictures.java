package io.facestream.networks;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Test pictures for recognition networks: black, white, and faces of photos that ship with FaceStream, one of them as a
 * far camera shows it.
 *
 * @param names of the pictures, for messages
 * @param pixels {@code uint8 [count, side, side, 3]}, RGB
 */
record ProbePictures(List<String> names, ByteBuffer pixels) {
    /** A photo of the demo and the square of its face: x, y and side, in pixels. */
    private record Photo(String name, int x, int y, int side) {}

    private static final List<Photo> PHOTOS = List.of(
            new Photo("people/Eileen_Collins/nasa.jpg", 172, 80, 108),
            new Photo("people/Grace_Hopper/us-navy.jpg", 160, 130, 208),
            new Photo("strangers/Aksel_Andersson/print.jpg", 180, 95, 180));

    /** A face that is enlarged fourfold for the usual input. */
    private static final int FAR_SIDE = 28;

    int count() {
        return names.size();
    }

    static ProbePictures of(int side) {
        List<String> names = new ArrayList<>();
        ByteBuffer pixels = ByteBuffer.allocateDirect((2 + PHOTOS.size() + 1) * 3 * side * side);
        for (int shade : new int[] {0, 255}) {
            byte[] plain = new byte[3 * side * side];
            Arrays.fill(plain, (byte) shade);
            pixels.put(plain);
            names.add(shade == 0 ? "black" : "white");
        }
        for (Photo photo : PHOTOS) {
            pixels.put(bytes(face(photo, side)));
            names.add("a face");
        }
        pixels.put(bytes(scaled(face(PHOTOS.get(0), FAR_SIDE), side)));
        names.add("a far face");
        return new ProbePictures(List.copyOf(names), pixels.flip());
    }

    private static BufferedImage face(Photo photo, int side) {
        try (InputStream jpeg = ProbePictures.class.getResourceAsStream("/demo/" + photo.name)) {
            return scaled(ImageIO.read(jpeg).getSubimage(photo.x, photo.y, photo.side, photo.side), side);
        } catch (IOException e) {
            throw new UncheckedIOException("the photo " + photo.name + " that ships with FaceStream", e);
        }
    }

    private static BufferedImage scaled(BufferedImage square, int side) {
        BufferedImage scaled = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(square, 0, 0, side, side, null);
        graphics.dispose();
        return scaled;
    }

    private static byte[] bytes(BufferedImage face) {
        int side = face.getWidth();
        byte[] pixels = new byte[3 * side * side];
        for (int i = 0; i < pixels.length; i++) {
            int rgb = face.getRGB(i / 3 % side, i / 3 / side);
            pixels[i] = (byte) (rgb >> 16 - 8 * (i % 3));
        }
        return pixels;
    }
}
