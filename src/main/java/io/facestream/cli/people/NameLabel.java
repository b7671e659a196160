package io.facestream.cli.people;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.text.Normalizer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * A name as a small picture: black text on a colour. Java draws it with the machine's fonts, so it can show any letter
 * that one of them has; other letters become a box. OpenCV's own fonts have ASCII only.
 *
 * <p>Java has no font if neither fontconfig nor a font is installed (Debian's and Ubuntu's Java bring both). OpenCV
 * then draws the name without its accents.
 */
final class NameLabel {
    private static final int PADDING = 2;

    private NameLabel() {}

    /**
     * Draws a label, BGR, 8 bits.
     *
     * @param background blue, green, red
     * @param height height of the text, in pixels
     * @param mostWidth greatest width of the label; a longer text is cut
     */
    static Mat draw(String text, Scalar background, int height, int mostWidth) {
        try {
            return withTheMachinesFonts(text, background, height, mostWidth);
        } catch (RuntimeException | LinkageError | InternalError e) {
            // without fonts, Java throws different things by version: RuntimeException, NullPointerException,
            // UnsatisfiedLinkError
            return inAscii(text, background, height, mostWidth);
        }
    }

    private static Mat withTheMachinesFonts(String text, Scalar background, int height, int mostWidth) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, height);
        FontMetrics metrics = measure(font);
        int width = Math.max(1, Math.min(mostWidth, metrics.stringWidth(text) + 2 * PADDING));
        BufferedImage label = new BufferedImage(width, metrics.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = label.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setFont(font);
            graphics.setColor(new Color((int) background.get(2), (int) background.get(1), (int) background.get(0)));
            graphics.fillRect(0, 0, label.getWidth(), label.getHeight());
            graphics.setColor(Color.BLACK);
            graphics.drawString(text, PADDING, metrics.getAscent());
        } finally {
            graphics.dispose();
        }
        byte[] pixels = ((DataBufferByte) label.getRaster().getDataBuffer()).getData();
        Mat drawn = new Mat(label.getHeight(), label.getWidth(), opencv_core.CV_8UC3);
        drawn.data().put(pixels);
        return drawn;
    }

    private static FontMetrics measure(Font font) {
        Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR).createGraphics();
        try {
            return graphics.getFontMetrics(font);
        } finally {
            graphics.dispose();
        }
    }

    static Mat inAscii(String text, Scalar background, int height, int mostWidth) {
        String ascii = Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^ -~]", "?");
        double scale = height / 24.0; // 24 pixels at scale 1
        int[] below = new int[1];
        try (var size = opencv_imgproc.getTextSize(ascii, opencv_imgproc.FONT_HERSHEY_SIMPLEX, scale, 1, below)) {
            int width = Math.max(1, Math.min(mostWidth, size.width() + 2 * PADDING));
            Mat label = new Mat(size.height() + below[0] + 2 * PADDING, width, opencv_core.CV_8UC3, background);
            opencv_imgproc.putText(
                    label,
                    new BytePointer(ascii),
                    new Point(PADDING, size.height() + PADDING),
                    opencv_imgproc.FONT_HERSHEY_SIMPLEX,
                    scale,
                    new Scalar(0, 0, 0, 0),
                    1,
                    opencv_imgproc.LINE_AA,
                    false);
            return label;
        }
    }
}
