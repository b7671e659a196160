package io.facestream.faces.hog;

import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2GRAY;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.LandmarkFinder;
import io.facestream.faces.LandmarkNetwork;
import io.facestream.faces.Landmarks;
import io.facestream.faces.NonMaximumSuppression;
import io.facestream.faces.NonMaximumSuppression.Overlap;
import io.facestream.frames.Picture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Finds faces with linear classifiers of histograms of oriented gradients (Dalal and Triggs, "Histograms of Oriented
 * Gradients for Human Detection", CVPR 2005), and their landmarks with a small network.
 *
 * <pre>
 *  picture, grey --shrunk again and again--> cells of 8x8 pixels --windows of 10x10 cells--> five filters: a face?
 *          --the squares around the faces, 112x112-------> 68 points each, of which five are made
 * </pre>
 *
 * <p>An instance serves one thread at a time; filters and network are shared. The same picture always gives the same
 * result.
 */
public final class HogDetector implements FaceDetector {
    /** The ratio between successive pictures of the pyramid, as used in the training of the filters. */
    private static final float PYRAMID_FACTOR = 5 / 6f;

    /**
     * Pixels of the largest picture of the pyramid, which bounds memory. A frame of 3840x2160, enlarged, has 14.7
     * million.
     */
    private static final float MAX_PIXELS = 32e6f;

    /** Shorter side in pixels of the smallest picture of the pyramid, which finds faces that fill the frame. */
    private static final int SHORTEST = 48;

    /** Side in pixels of the face in a window, from the middle of its first cell to that of its last. */
    private static final float FACE = 72;

    /** Overlap above which the face with the lower score is dropped. */
    private static final float LIMIT = 0.5f;

    /**
     * The most boxes that are considered, those with the highest scores. Like the limit on faces, it bounds the cost of
     * any picture.
     */
    private static final int MAX_CANDIDATES = 2_000;

    private static final int MAX_FACES = 500;

    /**
     * Side of the square in which landmarks are searched, in sides of the face's box, and how much lower its centre
     * lies. Of 20 choices, this one brought the points of 277 of LFW's faces nearest to MTCNN's.
     */
    private static final float SQUARE = 1.15f;

    private static final float LOWER = 0.1f;

    private static final Comparator<Candidate> HIGHEST_SCORE_FIRST = Comparator.comparing(Candidate::score)
            .reversed()
            .thenComparing(candidate -> candidate.face().y())
            .thenComparing(candidate -> candidate.face().x())
            .thenComparing(candidate -> candidate.face().width());

    private final HogSettings settings;
    private final HogFeatures features = new HogFeatures();
    private final HogScores scores;
    private final LandmarkFinder landmarks;

    private record Candidate(Box face, float score) {}

    /** @param filters to be closed after this detector, by the caller, as is the network */
    public HogDetector(HogFilters filters, LandmarkNetwork network, HogSettings settings) {
        this.settings = settings;
        this.scores = new HogScores(filters);
        this.landmarks = new LandmarkFinder(network);
    }

    @Override
    public List<DetectedFace> detect(Picture picture) {
        List<Candidate> candidates = candidates(picture);
        candidates.sort(HIGHEST_SCORE_FIRST);
        List<Candidate> bounded = candidates.subList(0, Math.min(MAX_CANDIDATES, candidates.size()));
        List<Candidate> faces = NonMaximumSuppression.suppress(bounded, Candidate::face, Overlap.OF_SMALLER, LIMIT);
        return withLandmarks(picture, faces.subList(0, Math.min(MAX_FACES, faces.size())));
    }

    private List<Candidate> candidates(Picture picture) {
        List<Candidate> candidates = new ArrayList<>();
        float pixels = (float) picture.width() * picture.height();
        float scale = Math.min(settings.enlargement(), (float) Math.sqrt(MAX_PIXELS / pixels));
        try (Mat level = new Mat();
                Mat next = new Mat()) {
            cvtColor(picture.rgb(), next, COLOR_RGB2GRAY);
            while (Math.min(picture.width(), picture.height()) * scale >= SHORTEST) {
                next.copyTo(level);
                try (Size size = new Size(Math.round(picture.width() * scale), Math.round(picture.height() * scale))) {
                    resize(level, next, size, 0, 0, INTER_LINEAR);
                }
                search(next, picture, candidates);
                scale *= PYRAMID_FACTOR;
            }
        }
        return candidates;
    }

    private void search(Mat level, Picture picture, List<Candidate> candidates) {
        features.compute(level);
        float scaleX = (float) picture.width() / level.cols();
        float scaleY = (float) picture.height() / level.rows();
        scores.search(features, settings.threshold(), (x, y, score) -> {
            Box window = new Box((x - FACE / 2) * scaleX, (y - FACE / 2) * scaleY, FACE * scaleX, FACE * scaleY);
            candidates.add(new Candidate(window, score));
        });
    }

    private List<DetectedFace> withLandmarks(Picture picture, List<Candidate> faces) {
        List<Box> squares =
                faces.stream().map(face -> landmarkSquare(face.face())).toList();
        List<Landmarks> found = landmarks.find(picture, squares);
        return IntStream.range(0, faces.size())
                .mapToObj(i -> new DetectedFace(
                        faces.get(i).face().clippedTo(picture.width(), picture.height()),
                        found.get(i),
                        confidence(faces.get(i).score())))
                .toList();
    }

    private static Box landmarkSquare(Box face) {
        float side = SQUARE * face.width();
        float aside = (side - face.width()) / 2;
        return new Box(face.x() - aside, face.y() - aside + LOWER * face.height(), side, side).squareAround();
    }

    /** Maps an unbounded score to a confidence, which is 0.5 at the threshold that the filters were trained with. */
    private static float confidence(float score) {
        return 1 / (1 + (float) Math.exp(-score));
    }

    @Override
    public void close() {
        scores.close();
        landmarks.close();
    }
}
