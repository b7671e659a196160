package io.facestream.enrolment;

import static org.bytedeco.opencv.global.opencv_core.ROTATE_180;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_CLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_COUNTERCLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.rotate;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.frames.Picture;
import java.util.List;
import java.util.Optional;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Detects photos that lie on their side or are upside down. Detectors find about a third of such faces and place
 * landmarks as if they were upright, and the embeddings of such faces are alike for all people.
 */
enum TurnedPhoto {
    UPSIDE_DOWN(ROTATE_180, "turned by 180 degrees"),
    TO_BE_TURNED_RIGHT(ROTATE_90_CLOCKWISE, "turned by 90 degrees: turn it clockwise"),
    TO_BE_TURNED_LEFT(ROTATE_90_COUNTERCLOCKWISE, "turned by 90 degrees: turn it anticlockwise");

    /**
     * Faces with less confidence are doubtful. {@code rfb} gives less to 1 % of 302 upright photos of LFW. With 0.995,
     * one of 120 turned ones was taken for upright.
     */
    private static final float DOUBTFUL = 0.9985f;

    /** Least confidence of a face that shows how a photo must be turned. */
    private static final float CLEAR = 0.995f;

    /** The factor by which turning must reduce the probability of a false detection. */
    private static final float CLEARLY = 4;

    /** Photos are searched at this size, because the person is large in them. */
    private static final double PIXELS = 2e6;

    private final int rotation;
    private final String words;

    TurnedPhoto(int rotation, String words) {
        this.rotation = rotation;
        this.words = words;
    }

    /** A description for the publisher. */
    String words() {
        return words;
    }

    /**
     * How the photo is turned; empty if it seems upright. Costs nothing if a face was found clearly.
     *
     * @param upright the faces found without turning it
     */
    static Optional<TurnedPhoto> of(Picture photo, List<FaceView> upright, FaceFinder finder) {
        float found = largestConfidence(upright);
        if (found >= DOUBTFUL) {
            return Optional.empty();
        }
        TurnedPhoto clearest = null;
        float confidence = 0;
        try (Picture small = reduced(photo)) {
            for (TurnedPhoto candidate : values()) {
                float turned = candidate.confidence(small, finder);
                if (turned > confidence) {
                    clearest = candidate;
                    confidence = turned;
                }
            }
        }
        boolean clearly = confidence >= CLEAR && (1 - confidence) * CLEARLY <= 1 - found;
        return clearly ? Optional.of(clearest) : Optional.empty();
    }

    private float confidence(Picture photo, FaceFinder finder) {
        Mat turned = new Mat();
        rotate(photo.rgb(), turned, rotation);
        try (Picture picture = new Picture(turned)) {
            List<FaceView> views = finder.find(picture);
            try {
                return largestConfidence(views);
            } finally {
                views.forEach(FaceView::close);
            }
        }
    }

    /** The confidence of the largest face; 0 if there is none. */
    private static float largestConfidence(List<FaceView> views) {
        float area = 0;
        float confidence = 0;
        for (FaceView view : views) {
            if (view.face().box().area() > area) {
                area = view.face().box().area();
                confidence = view.face().confidence();
            }
        }
        return confidence;
    }

    private static Picture reduced(Picture photo) {
        double scale = Math.min(1, Math.sqrt(PIXELS / photo.width() / photo.height()));
        if (scale == 1) {
            return new Picture(photo.rgb().clone());
        }
        Mat small = new Mat();
        try (Size size =
                new Size(Math.max(1, (int) (photo.width() * scale)), Math.max(1, (int) (photo.height() * scale)))) {
            resize(photo.rgb(), small, size, 0, 0, INTER_AREA);
        }
        return new Picture(small);
    }
}
