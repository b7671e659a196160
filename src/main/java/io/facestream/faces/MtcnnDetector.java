package io.facestream.faces;

import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import ai.djl.inference.Predictor;
import io.facestream.faces.MtcnnNetworks.Answer;
import io.facestream.faces.NonMaximumSuppression.Overlap;
import io.facestream.frames.Picture;
import io.facestream.models.PixelBatch;
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
 *          --their squares, 48x48----> O-Net: really? edges and five landmarks          the faces
 * </pre>
 *
 * <p>After each network, windows that overlap a more probable one are dropped. One instance serves one thread at a time; the
 * networks are shared. The same picture always gives the same result.
 */
public final class MtcnnDetector implements FaceDetector {
    /** Pixels between two windows of P-Net. */
    private static final int STRIDE = 2;

    /** Overlaps above which the less probable window goes: those of the authors' program. */
    private static final float LIMIT_WITHIN_SCALE = 0.5f;

    private static final float LIMIT = 0.7f;

    /** How many windows go on at most, the most probable ones: a bound on what any picture can cost. */
    private static final int MAX_PER_SCALE = 2_000;

    private static final int MAX_REFINED = 1_000;
    private static final int MAX_OUTPUT = 500;

    /** Windows run at once through R-Net or O-Net. */
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

    /**
     * @param window that a network judged
     * @param face where it says that the face's edges are
     * @param landmarks of O-Net only, else null
     */
    private record Candidate(Box window, Box face, float probability, Landmarks landmarks) {}

    /** @param networks to be closed after this detector, by the caller */
    public MtcnnDetector(MtcnnNetworks networks, MtcnnSettings settings) {
        this.settings = settings;
        this.proposal = networks.newProposalPredictor();
        this.refinement = networks.newRefinementPredictor();
        this.output = networks.newOutputPredictor();
    }

    @Override
    public List<DetectedFace> detect(Picture picture) {
        List<Candidate> proposed = propose(picture);
        List<Candidate> refined =
                best(judge(refinement, 24, settings.refinementThreshold(), picture, proposed), MAX_OUTPUT, LIMIT);
        List<Candidate> found = new ArrayList<>(judge(output, 48, settings.outputThreshold(), picture, refined));
        found.sort(MOST_PROBABLE_FIRST);
        return NonMaximumSuppression.suppress(found, Candidate::face, Overlap.OF_SMALLER, LIMIT).stream()
                .map(face -> new DetectedFace(
                        face.face().clippedTo(picture.width(), picture.height()),
                        face.landmarks(),
                        Math.min(1, face.probability())))
                .toList();
    }

    /** P-Net, over the picture in all sizes. */
    private List<Candidate> propose(Picture picture) {
        List<Candidate> proposed = new ArrayList<>();
        float scale = (float) MtcnnSettings.WINDOW / settings.smallestFace();
        int shorterSide = Math.min(picture.width(), picture.height());
        while (shorterSide * scale >= MtcnnSettings.WINDOW) {
            int width = Math.round(picture.width() * scale);
            int height = Math.round(picture.height() * scale);
            input.begin(1, height, width);
            try (Mat shrunk = input.place(0)) {
                resize(picture.rgb(), shrunk, shrunk.size(), 0, 0, INTER_AREA);
            }
            Answer answer = input.run(proposal);
            proposed.addAll(best(windows(answer, picture, width, height), MAX_PER_SCALE, LIMIT_WITHIN_SCALE));
            scale *= settings.pyramidFactor();
        }
        return best(proposed, MAX_REFINED, LIMIT);
    }

    private List<Candidate> windows(Answer answer, Picture picture, int width, int height) {
        float scaleX = (float) picture.width() / width;
        float scaleY = (float) picture.height() / height;
        List<Candidate> windows = new ArrayList<>();
        for (int i = 0; i < answer.count(); i++) {
            if (answer.probability(i) >= settings.proposalThreshold()) {
                Box window = new Box(
                        i % answer.columns() * STRIDE * scaleX,
                        i / answer.columns() * STRIDE * scaleY,
                        MtcnnSettings.WINDOW * scaleX,
                        MtcnnSettings.WINDOW * scaleY);
                addIfFace(windows, answer, i, window, picture);
            }
        }
        return windows;
    }

    /** R-Net or O-Net, over the squares around what the network before it found. */
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

    /** Adds what the network says of a window, unless it puts the face's edges where no face can be. */
    private static void addIfFace(List<Candidate> candidates, Answer answer, int i, Box window, Picture picture) {
        float left = window.x() + answer.offset(i, 0) * window.width();
        float top = window.y() + answer.offset(i, 1) * window.height();
        float right = window.x() + window.width() + answer.offset(i, 2) * window.width();
        float bottom = window.y() + window.height() + answer.offset(i, 3) * window.height();
        int longestSide = 2 * Math.max(picture.width(), picture.height());
        boolean sized = right - left >= 1 && bottom - top >= 1 && Math.max(right - left, bottom - top) <= longestSide;
        boolean inPicture = right > 0 && bottom > 0 && left < picture.width() && top < picture.height();
        if (sized && inPicture) {
            Box face = new Box(left, top, right - left, bottom - top);
            candidates.add(new Candidate(window, face, answer.probability(i), answer.landmarks(i, window)));
        }
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
    }
}
