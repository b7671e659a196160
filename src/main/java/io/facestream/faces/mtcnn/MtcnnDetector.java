package io.facestream.faces.mtcnn;

import static org.bytedeco.opencv.global.opencv_core.flip;

import ai.djl.inference.Predictor;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.Landmarks;
import io.facestream.faces.NetworkInput;
import io.facestream.faces.NonMaximumSuppression;
import io.facestream.faces.NonMaximumSuppression.Overlap;
import io.facestream.frames.Picture;
import io.facestream.networks.PixelBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Finds faces with three networks in a row (Zhang et al., "Joint Face Detection and Alignment using Multi-task Cascaded
 * Convolutional Networks", IEEE Signal Processing Letters 2016).
 *
 * <pre>
 *  picture --shrunk again and again--> P-Net: is there a face in this window of 12x12?   many windows
 *          --their squares, 24x24----> R-Net: really? where are its edges?              few
 *          --their squares, 48x48----> O-Net: really? edges and five landmarks          what may be faces
 *          --squares around those,
 *            and mirrored, 48x48-----> O-Net: the same, from straight on                the faces
 * </pre>
 *
 * <p>After each network, windows that overlap a more probable one are dropped. An instance serves one thread at a time;
 * the networks are shared. The same picture always gives the same result.
 */
public final class MtcnnDetector implements FaceDetector {
    /** Pixels between two windows of P-Net. */
    private static final int STRIDE = 2;

    /** Overlaps above which the less probable window is dropped, as in the authors' program. */
    private static final float LIMIT_WITHIN_SCALE = 0.5f;

    private static final float LIMIT = 0.7f;

    /** The most windows passed on, the most probable ones. This bounds the cost of any picture. */
    private static final int MAX_PER_SCALE = 2_000;

    private static final int MAX_REFINED = 1_000;
    private static final int MAX_OUTPUT = 500;

    /** Windows per run of R-Net or O-Net. */
    private static final int BATCH = 32;

    private static final Comparator<Candidate> MOST_PROBABLE_FIRST = Comparator.comparing(Candidate::probability)
            .reversed()
            .thenComparing(candidate -> candidate.window().y())
            .thenComparing(candidate -> candidate.window().x())
            .thenComparing(candidate -> candidate.window().width());

    private final MtcnnSettings settings;
    private final Predictor<PixelBatch, Answer> proposal;
    private final Predictor<PixelBatch, Answer> refinement;
    private final Predictor<PixelBatch, Answer> output;

    /** Input of the network that is about to run. */
    private final NetworkInput input = new NetworkInput();

    /** The smallest picture of the pyramid drawn so far. */
    private final Mat shrunk = new Mat();

    /**
     * @param window the window that a network judged
     * @param face the network's estimate of the face's edges
     * @param landmarks from O-Net only, else null
     */
    private record Candidate(Box window, Box face, float probability, Landmarks landmarks) {}

    /** @param networks to be closed after this detector, by the caller */
    public MtcnnDetector(MtcnnNetworks networks, MtcnnSettings settings) {
        this.settings = settings;
        this.proposal = networks.newProposalPredictor();
        this.refinement = networks.judges().newRefinementPredictor();
        this.output = networks.judges().newOutputPredictor();
    }

    @Override
    public List<DetectedFace> detect(Picture picture) {
        List<Candidate> proposed = propose(picture);
        List<Candidate> refined =
                best(judge(refinement, 24, settings.refinementThreshold(), picture, proposed), MAX_OUTPUT, LIMIT);
        List<Candidate> seen = distinct(judge(output, 48, settings.glanceThreshold(), picture, refined));
        return distinct(lookAgain(picture, seen)).stream()
                .map(face -> new DetectedFace(
                        face.face().clippedTo(picture.width(), picture.height()),
                        face.landmarks(),
                        Math.min(1, face.probability())))
                .toList();
    }

    /** Most probable first, each face once. */
    private static List<Candidate> distinct(List<Candidate> faces) {
        List<Candidate> sorted = new ArrayList<>(faces);
        sorted.sort(MOST_PROBABLE_FIRST);
        return NonMaximumSuppression.suppress(sorted, Candidate::face, Overlap.OF_SMALLER, LIMIT);
    }

    /**
     * Runs O-Net again, on squares around the faces that it found and on their mirror images. Its three looks decide
     * together. Edges and landmarks are the means of the last two looks, which are more accurate than a single
     * off-centre look: on LFW, missed people fell by a tenth.
     */
    private List<Candidate> lookAgain(Picture picture, List<Candidate> seen) {
        List<Candidate> sure = new ArrayList<>();
        for (int start = 0; start < seen.size(); start += BATCH / 2) {
            List<Candidate> batch = seen.subList(start, Math.min(start + BATCH / 2, seen.size()));
            input.begin(2 * batch.size(), 48, 48);
            for (int i = 0; i < batch.size(); i++) {
                input.crop(2 * i, picture, batch.get(i).face().squareAround());
                try (Mat plain = input.place(2 * i);
                        Mat mirrored = input.place(2 * i + 1)) {
                    flip(plain, mirrored, 1);
                }
            }
            Answer answer = input.run(output);
            for (int i = 0; i < batch.size(); i++) {
                Box square = batch.get(i).face().squareAround();
                float together = Answer.together(
                        batch.get(i).probability(), answer.probability(2 * i), answer.probability(2 * i + 1));
                if (together >= settings.outputThreshold()) {
                    addIfFace(sure, answer.withMirrorImage(2 * i, 2 * i + 1, together), 0, square, picture);
                }
            }
        }
        return sure;
    }

    /** Runs P-Net on the picture in all sizes. */
    private List<Candidate> propose(Picture picture) {
        PicturePyramid pyramid = new PicturePyramid(
                picture.width(),
                picture.height(),
                (double) MtcnnSettings.WINDOW / settings.smallestFace(),
                settings.pyramidFactor(),
                MtcnnSettings.WINDOW);
        List<Candidate> proposed = new ArrayList<>();
        for (int canvas = 0; canvas < pyramid.canvases(); canvas++) {
            input.begin(1, pyramid.height(canvas), pyramid.width(canvas));
            try (Mat target = input.place(0);
                    Mat smallest = pyramid.draw(canvas, canvas == 0 ? picture.rgb() : shrunk, target)) {
                smallest.copyTo(shrunk);
            }
            Answer answer = input.run(proposal);
            for (PicturePyramid.Level level : pyramid.levels(canvas)) {
                proposed.addAll(best(windows(answer, picture, level), MAX_PER_SCALE, LIMIT_WITHIN_SCALE));
            }
        }
        return best(proposed, MAX_REFINED, LIMIT);
    }

    private List<Candidate> windows(Answer answer, Picture picture, PicturePyramid.Level level) {
        float scaleX = (float) picture.width() / level.width();
        float scaleY = (float) picture.height() / level.height();
        List<Candidate> windows = new ArrayList<>();
        for (int y = 0; y + MtcnnSettings.WINDOW <= level.height(); y += STRIDE) {
            for (int x = 0; x + MtcnnSettings.WINDOW <= level.width(); x += STRIDE) {
                int i = (level.y() + y) / STRIDE * answer.columns() + (level.x() + x) / STRIDE;
                if (answer.probability(i) >= settings.proposalThreshold()) {
                    Box window = new Box(
                            x * scaleX, y * scaleY, MtcnnSettings.WINDOW * scaleX, MtcnnSettings.WINDOW * scaleY);
                    addIfFace(windows, answer, i, window, picture);
                }
            }
        }
        return windows;
    }

    /** Runs R-Net or O-Net on the squares around the previous network's faces. */
    private List<Candidate> judge(
            Predictor<PixelBatch, Answer> network,
            int size,
            float threshold,
            Picture picture,
            List<Candidate> candidates) {
        List<Candidate> confirmed = new ArrayList<>();
        for (int start = 0; start < candidates.size(); start += BATCH) {
            List<Box> squares = candidates.subList(start, Math.min(start + BATCH, candidates.size())).stream()
                    .map(candidate -> candidate.face().squareAround())
                    .toList();
            input.begin(squares.size(), size, size);
            for (int i = 0; i < squares.size(); i++) {
                input.crop(i, picture, squares.get(i));
            }
            Answer answer = input.run(network);
            for (int i = 0; i < squares.size(); i++) {
                if (answer.probability(i) >= threshold) {
                    addIfFace(confirmed, answer, i, squares.get(i), picture);
                }
            }
        }
        return confirmed;
    }

    /** Adds the network's answer for a window, unless the face's edges are impossible. */
    private static void addIfFace(List<Candidate> candidates, Answer answer, int i, Box window, Picture picture) {
        answer.face(i, window, picture.width(), picture.height())
                .ifPresent(face -> candidates.add(
                        new Candidate(window, face, answer.probability(i), answer.landmarks(i, window))));
    }

    private static List<Candidate> best(List<Candidate> candidates, int atMost, float limit) {
        List<Candidate> sorted = new ArrayList<>(candidates);
        sorted.sort(MOST_PROBABLE_FIRST);
        List<Candidate> bounded = sorted.subList(0, Math.min(atMost, sorted.size()));
        return NonMaximumSuppression.suppress(bounded, Candidate::window, Overlap.OF_UNION, limit);
    }

    @Override
    public void close() {
        proposal.close();
        refinement.close();
        output.close();
        input.close();
        shrunk.close();
    }
}
