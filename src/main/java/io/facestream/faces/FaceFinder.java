package io.facestream.faces;

import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2GRAY;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import io.facestream.frames.Picture;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * Detects, aligns and measures the faces of a picture. Streams, enrolment, checks and evaluation all get their chips
 * here. An instance serves one thread at a time.
 */
public final class FaceFinder implements AutoCloseable {
    private final FaceDetector detector;

    public FaceFinder(FaceDetector detector) {
        this.detector = detector;
    }

    /** Every face, most confident first; close them. */
    public List<FaceView> find(Picture picture) {
        List<DetectedFace> detected = detector.detect(picture);
        List<FaceView> views = new ArrayList<>(detected.size());
        try {
            for (DetectedFace face : detected) {
                views.add(view(picture, face));
            }
            return views;
        } catch (RuntimeException | Error e) {
            views.forEach(FaceView::close);
            throw e;
        }
    }

    /** The detector's confidence in the clearest face, 0 to 1; 0 if there is none. */
    public float greatestConfidence(Picture picture) {
        return (float) detector.detect(picture).stream()
                .mapToDouble(DetectedFace::confidence)
                .max()
                .orElse(0);
    }

    private static FaceView view(Picture picture, DetectedFace face) {
        Picture chip = FaceAligner.align(picture, face.landmarks());
        try {
            return new FaceView(face, chip, measure(face, chip));
        } catch (RuntimeException | Error e) {
            chip.close();
            throw e;
        }
    }

    private static Quality measure(DetectedFace face, Picture chip) {
        int side = FaceAligner.TEMPLATE_SIZE;
        int margin = (FaceAligner.CHIP_SIZE - side) / 2;
        try (Rect middle = new Rect(margin, margin, side, side);
                Mat view = new Mat(chip.rgb(), middle);
                Mat luma = new Mat();
                Mat laplacian = new Mat();
                Mat mean = new Mat();
                Mat deviation = new Mat()) {
            cvtColor(view, luma, COLOR_RGB2GRAY);
            opencv_imgproc.Laplacian(luma, laplacian, opencv_core.CV_32F);
            opencv_core.meanStdDev(laplacian, mean, deviation);
            double standardDeviation = new DoublePointer(deviation.data()).get(0);
            try (Scalar brightness = opencv_core.mean(luma)) {
                Box box = face.box();
                return new Quality(
                        Math.min(box.width(), box.height()),
                        (float) (standardDeviation * standardDeviation),
                        (float) brightness.get(0),
                        Pose.of(face.landmarks()),
                        null);
            }
        }
    }

    @Override
    public void close() {
        detector.close();
    }
}
