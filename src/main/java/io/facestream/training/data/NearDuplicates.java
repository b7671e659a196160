package io.facestream.training.data;

import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2GRAY;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.facestream.frames.Picture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Recognises photos that are nearly equal to another one of the same person: recompressed, resized, or the next frame
 * of a film. Training learns nothing from such a pair. Two chips are near duplicates if their luma at
 * {@value #SIDE}x{@value #SIDE} px differs by less than {@value #LEAST_DIFFERENCE} of 255 on average.
 */
final class NearDuplicates {
    private static final int SIDE = 16;
    private static final double LEAST_DIFFERENCE = 4;

    /** Bounds the comparisons that one person can cost. A film has changed after that many frames. */
    private static final int MOST_COMPARED = 2_000;

    private final Map<String, List<byte[]>> seen = new HashMap<>();

    /** Whether a chip nearly equals an earlier one of the person. If not, it is remembered. */
    boolean hasSeen(String person, Picture chip) {
        byte[] small = small(chip);
        List<byte[]> before = seen.computeIfAbsent(person, first -> new ArrayList<>());
        for (byte[] other : before.subList(Math.max(0, before.size() - MOST_COMPARED), before.size())) {
            if (difference(small, other) < LEAST_DIFFERENCE) {
                return true;
            }
        }
        before.add(small);
        return false;
    }

    private static byte[] small(Picture chip) {
        try (Mat luma = new Mat();
                Mat small = new Mat();
                Size size = new Size(SIDE, SIDE)) {
            cvtColor(chip.rgb(), luma, COLOR_RGB2GRAY);
            resize(luma, small, size, 0, 0, INTER_AREA);
            byte[] pixels = new byte[SIDE * SIDE];
            small.<ByteBuffer>createBuffer().get(pixels);
            return pixels;
        }
    }

    private static double difference(byte[] a, byte[] b) {
        int sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs((a[i] & 0xFF) - (b[i] & 0xFF));
        }
        return sum / (double) a.length;
    }
}
